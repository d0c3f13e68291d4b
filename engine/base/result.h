#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "engine/base/message.h"

namespace nanscope {

/// Why something could not be done, in words that a person can act on.
struct Error {
  enum class Kind {
    input,      ///< what was asked for is wrong: command line status 2
    work,       ///< it was right, but could not be done here and now: status 1
    cancelled,  ///< somebody asked to stop, and nothing went wrong
  };
  Kind kind = Kind::input;
  /// The thing that is wrong: a key ("model.depth"), a file, a device. May be empty.
  std::string where;
  /// What is wrong, with the value, what is allowed and what to do next: whole sentences.
  Message what;

  /// What is wrong, in English.
  std::string message() const { return what.text(); }
};

/// A value or the reason why there is none. Errors cross borders as values, never as exceptions.
template <class T>
using Result = tl::expected<T, Error>;

/// input_error("batch", "{} is not allowed; it takes 1 to {}.", batch, most)
template <class... Arguments>
tl::unexpected<Error> input_error(std::string where, Template<sizeof...(Arguments)> words,
                                  Arguments&&... arguments) {
  return tl::unexpected<Error>(Error{Error::Kind::input, std::move(where),
                                     message(words, std::forward<Arguments>(arguments)...)});
}
template <class... Arguments>
tl::unexpected<Error> work_error(std::string where, Template<sizeof...(Arguments)> words,
                                 Arguments&&... arguments) {
  return tl::unexpected<Error>(Error{Error::Kind::work, std::move(where),
                                     message(words, std::forward<Arguments>(arguments)...)});
}
/// With a message that stands already: another error's, say.
inline tl::unexpected<Error> input_error(std::string where, Message what) {
  return tl::unexpected<Error>(Error{Error::Kind::input, std::move(where), std::move(what)});
}
inline tl::unexpected<Error> work_error(std::string where, Message what) {
  return tl::unexpected<Error>(Error{Error::Kind::work, std::move(where), std::move(what)});
}
inline tl::unexpected<Error> cancelled_error() {
  return tl::unexpected<Error>(Error{Error::Kind::cancelled, "", message("cancelled")});
}

/// "where: message", the form in which the command line and the window show an error.
inline Message whole_message(const Error& error) {
  return error.where.empty() ? error.what : message("{}: {}", error.where, error.what);
}
/// The same in English.
inline std::string to_string(const Error& error) { return whole_message(error).text(); }

}  // namespace nanscope
