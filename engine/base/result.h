#pragma once

#include <string>
#include <tl/expected.hpp>

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
  std::string message;
};

/// A value or the reason why there is none. Errors cross borders as values, never as exceptions.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> input_error(std::string where, std::string message) {
  return tl::unexpected<Error>(Error{Error::Kind::input, std::move(where), std::move(message)});
}
inline tl::unexpected<Error> work_error(std::string where, std::string message) {
  return tl::unexpected<Error>(Error{Error::Kind::work, std::move(where), std::move(message)});
}

inline tl::unexpected<Error> cancelled_error() {
  return tl::unexpected<Error>(Error{Error::Kind::cancelled, "", "cancelled"});
}

/// "where: message", the form in which the command line and the window show an error.
inline std::string to_string(const Error& error) {
  return error.where.empty() ? error.message : error.where + ": " + error.message;
}

}  // namespace nanscope
