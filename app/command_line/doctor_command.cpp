#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/doctor.h"

namespace nanscope {
namespace {

bool works(const std::vector<Check>& checks) {
  return std::ranges::none_of(
      checks, [](const Check& check) { return check.state == CheckState::missing; });
}

std::string to_text(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    text += fmt::format("{:<8}  {:<9}  {}\n", name_of(check.state), check.name, check.finding);
    if (!check.advice.empty()) text += fmt::format("{:<8}  {:<9}  -> {}\n", "", "", check.advice);
  }
  return text + (works(checks) ? "\nEverything that NaNscope needs is here.\n"
                               : "\nNaNscope needs what is marked as missing.\n");
}

std::string to_json(const std::vector<Check>& checks) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Check& check : checks)
    list.push_back({{"name", check.name},
                    {"state", name_of(check.state)},
                    {"finding", check.finding},
                    {"advice", check.advice}});
  const nlohmann::ordered_json object{
      {"schema", "nanscope.doctor/1"}, {"works", works(checks)}, {"checks", list}};
  // A path may hold bytes that are no UTF-8; they must not stop a diagnosis.
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

int run_doctor_command(const Words& words) {
  bool json = false;
  Parser parser("doctor", "Checks this machine; says what is missing and what installs it.");
  parser.add_flag("--json", json, "one JSON object");
  if (const auto status = parser.parse_words(words)) return *status;

  const std::vector<Check> checks = check_machine();
  const int printed = print(json ? to_json(checks) : to_text(checks));
  return printed != kDone || works(checks) ? printed : kFailed;
}

}  // namespace nanscope
