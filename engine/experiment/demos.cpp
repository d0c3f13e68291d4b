#include "engine/experiment/demos.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "engine/base/strict_json.h"
#include "engine/base/text_file.h"
#include "engine/experiment/json.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestDemo = std::size_t{1} << 20;

Result<Json> read_json_file(const std::string& path) {
  const auto text = read_text_file(path, kLargestDemo);
  if (!text) return tl::unexpected(text.error());
  auto json = parse_json(*text);
  if (!json) return input_error(path, json.error().what);
  return json;
}

Result<std::string> text_member(const std::string& path, const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string())
    return input_error(path, "the key \"{}\" has to be there and be a text.", name);
  return found->get<std::string>();
}

Result<Demo> read_demo(const std::string& folder, const std::string& name) {
  const std::string path = fmt::format("{}/{}.json", folder, name);
  const auto object = read_json_file(path);
  if (!object) return tl::unexpected(object.error());
  const auto schema = text_member(path, *object, "schema");
  if (!schema) return tl::unexpected(schema.error());
  if (*schema != kDemoSchema)
    return input_error(path, "the schema is \"{}\"; it has to be \"{}\".", *schema, kDemoSchema);
  const auto title = text_member(path, *object, "title");
  if (!title) return tl::unexpected(title.error());
  const auto summary = text_member(path, *object, "summary");
  if (!summary) return tl::unexpected(summary.error());
  if (!object->contains("experiment"))
    return input_error(path, "the key \"experiment\" is missing.");
  const auto experiment = from_json(object->at("experiment").dump());
  if (!experiment) return input_error(path, whole_message(experiment.error()));
  return Demo{name, *title, *summary, *experiment};
}

}  // namespace

Result<std::vector<Demo>> load_demos() { return load_demos(assets_folder() + "/demos"); }

Result<std::vector<Demo>> load_demos(const std::string& folder) {
  const std::string path = folder + "/order.json";
  const auto order = read_json_file(path);
  if (!order) return tl::unexpected(order.error());
  if (!order->is_array() || order->empty())
    return input_error(path, "this has to be a list of the demos' names.");
  std::vector<Demo> demos;
  for (const Json& name : *order) {
    if (!name.is_string()) return input_error(path, "{} is not a demo's name.", shown_json(name));
    auto demo = read_demo(folder, name.get<std::string>());
    if (!demo) return tl::unexpected(demo.error());
    demos.push_back(*std::move(demo));
  }
  return demos;
}

std::string assets_folder() {
  namespace fs = std::filesystem;
  if (const char* chosen = std::getenv("NANSCOPE_ASSETS"); chosen && *chosen) return chosen;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path beside = program.parent_path() / "assets";
  if (!program.empty() && fs::is_directory(beside / "demos", ignored)) return beside.string();
  return NANSCOPE_SOURCE_DIR "/assets";
}

}  // namespace nanscope
