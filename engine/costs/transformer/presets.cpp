#include <filesystem>

#include "engine/base/nearest_name.h"
#include "engine/base/strict_json.h"
#include "engine/base/text_file.h"
#include "engine/costs/transformer/config.h"
#include "engine/experiment/demos.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestPresets = std::size_t{4} << 20;

/// A text of a preset.
Result<std::string> preset_text(const Json& preset, const char* name) {
  const auto found = preset.find(name);
  if (found == preset.end() || !found->is_string())
    return input_error(name, "has to be there and be a text.");
  return found->get<std::string>();
}

Result<NamedTransformer> read_preset(const Json& preset) {
  if (!preset.is_object()) return input_error("", "{} is no model.", shown_json(preset));
  const auto name = preset_text(preset, "name"), title = preset_text(preset, "title"),
             source = preset_text(preset, "source");
  for (const auto* one : {&name, &title, &source})
    if (!*one) return tl::unexpected(one->error());
  const auto config = preset.find("config");
  if (config == preset.end()) return input_error(*name, "has no config.");
  auto model = read_config(config->dump());
  if (!model) return input_error(*name, whole_message(model.error()));
  model->name = *name;
  model->title = *title;
  model->source = *source;
  return model;
}

}  // namespace

Result<std::vector<NamedTransformer>> load_presets() {
  const std::string path = assets_folder() + "/models.json";
  const auto text = read_text_file(path, kLargestPresets);
  if (!text) return tl::unexpected(text.error());
  const auto json = parse_json(*text);
  if (!json) return input_error(path, json.error().what);
  if (!json->is_array()) return input_error(path, "this has to be a list of models.");
  std::vector<NamedTransformer> models;
  for (const Json& preset : *json) {
    auto model = read_preset(preset);
    if (!model) return input_error(path, whole_message(model.error()));
    models.push_back(*std::move(model));
  }
  return models;
}

Result<NamedTransformer> find_transformer(const std::string& name) {
  if (name.ends_with(".json")) return read_config_file(name);
  std::error_code unreadable;
  const bool file =
      std::filesystem::exists(name, unreadable) && !std::filesystem::is_directory(name, unreadable);
  if (name.find('/') != name.npos) return read_config_file(file ? name : name + "/config.json");
  const auto models = load_presets();
  if (!models) return tl::unexpected(models.error());
  std::vector<std::string> names;
  for (const NamedTransformer& model : *models) {
    if (model.name == name) return model;
    names.push_back(model.name);
  }
  const std::string nearest = nearest_name(name, names);
  return input_error(
      "--model", "{} is no model here{}; known are {}, or the path of a config.json.",
      name.empty() ? "\"\"" : name,
      nearest.empty() ? Message() : message("; did you mean {}?", nearest), name_list(names));
}

}  // namespace nanscope
