#include "engine/costs/transformer/config_fields.h"

#include <fmt/format.h>

namespace nanscope {

const Json* ConfigFields::find(std::string_view name) const {
  const auto found = object_.find(std::string(name));
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool ConfigFields::has(std::string_view name) const { return find(name) != nullptr; }

bool ConfigFields::is_null(std::string_view name) const {
  const auto found = object_.find(std::string(name));
  return found != object_.end() && found->is_null();
}

void ConfigFields::fail(std::string_view name, Message what) {
  if (!error_) error_ = Error{Error::Kind::input, std::string(name), std::move(what)};
}

std::int64_t ConfigFields::whole(std::string_view name) {
  const Json* field = find(name);
  if (!field) {
    fail(name, message("the field is missing, and without it nothing can be counted."));
    return 1;
  }
  if (!field->is_number_integer() || field->get<double>() < 0 || field->get<double>() > 1e15) {
    fail(name, message("{} is no whole number from 0 on.", shown_json(*field)));
    return 1;
  }
  return field->get<std::int64_t>();
}

std::int64_t ConfigFields::whole_or(std::string_view name, std::int64_t by_default) {
  return has(name) ? whole(name) : by_default;
}

std::int64_t ConfigFields::whole_or_noted(std::string_view name, std::int64_t by_default) {
  if (has(name)) return whole(name);
  notes.push_back(fmt::format(
      "{} is not in the file; {} is the default of its class in transformers", name, by_default));
  return by_default;
}

std::int64_t ConfigFields::whole_or_noted(std::string_view name, std::int64_t by_default,
                                          std::int64_t of_null) {
  return is_null(name) ? of_null : whole_or_noted(name, by_default);
}

bool ConfigFields::flag_or(std::string_view name, bool by_default) {
  const Json* field = find(name);
  if (!field) return by_default;
  if (!field->is_boolean()) {
    fail(name, message("{} is neither true nor false.", shown_json(*field)));
    return by_default;
  }
  return field->get<bool>();
}

std::string ConfigFields::text_or(std::string_view name, const std::string& by_default) {
  const Json* field = find(name);
  if (!field) return by_default;
  if (!field->is_string()) {
    fail(name, message("{} is no text.", shown_json(*field)));
    return by_default;
  }
  return field->get<std::string>();
}

void ConfigFields::refuse(std::string_view name, std::string_view reason) {
  const Json* field = find(name);
  if (!field || *field == false || field->empty()) return;
  fail(name, message("{} is not understood here: {}.", shown_json(*field), reason));
}

}  // namespace nanscope
