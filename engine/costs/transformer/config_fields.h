#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strict_json.h"

namespace nanscope {

/// The fields of a config.json as they are asked for; the first that is wrong is kept.
class ConfigFields {
 public:
  explicit ConfigFields(const Json& object) : object_(object) {}

  bool has(std::string_view name) const;
  bool is_null(std::string_view name) const;  ///< there, and null
  /// A field that has to be there.
  std::int64_t whole(std::string_view name);
  /// One that may be missing or null, where transformers' class has a default.
  std::int64_t whole_or(std::string_view name, std::int64_t by_default);
  bool flag_or(std::string_view name, bool by_default);
  /// The same with a line among the notes where the file leaves it out.
  std::int64_t whole_or_noted(std::string_view name, std::int64_t by_default);
  /// The same with another meaning of null.
  std::int64_t whole_or_noted(std::string_view name, std::int64_t by_default, std::int64_t of_null);
  std::string text_or(std::string_view name, const std::string& by_default);
  /// Asks that a field is missing, null, false, or an empty list.
  void refuse(std::string_view name, std::string_view reason);
  void fail(std::string_view name, Message what);
  /// Null where it is missing.
  const Json* find(std::string_view name) const;

  const std::optional<Error>& error() const { return error_; }
  std::vector<std::string> notes;
  /// Heads of keys and values where the file has no such field; 0: as many as heads.
  std::int64_t kv_heads_by_default = 0;

 private:
  const Json& object_;
  std::optional<Error> error_;
};

}  // namespace nanscope
