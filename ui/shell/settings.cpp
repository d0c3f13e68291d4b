#include "ui/shell/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/experiment/json.h"
#include "engine/experiment/resolve.h"

namespace nanscope {
namespace {

using Json = nlohmann::json;

WindowPlacement placement_from(const Json& json) {
  WindowPlacement placement;
  placement.x = json.value("x", 0);
  placement.y = json.value("y", 0);
  placement.width = std::clamp(json.value("width", 0), 0, 32768);
  placement.height = std::clamp(json.value("height", 0), 0, 32768);
  placement.maximized = json.value("maximized", false);
  return placement;
}

/// Throws nlohmann's exceptions for wrong types. An experiment from a newer version is left alone
/// rather than called broken.
std::vector<KeptExperiment> kept_from(const Json& list) {
  std::vector<KeptExperiment> kept;
  for (const Json& one : list)
    if (auto experiment = from_json(one.at("experiment").dump()))
      kept.push_back({one.value("labs", std::vector<std::string>()), *std::move(experiment),
                      one.value("document_path", ""), one.value("demo", "")});
  return kept;
}

Json json_of(const std::vector<KeptExperiment>& kept) {
  Json list = Json::array();
  for (const KeptExperiment& one : kept)
    list.push_back({{"labs", one.labs},
                    {"experiment", Json::parse(to_json(one.experiment, -1))},
                    {"document_path", one.document_path},
                    {"demo", one.demo}});
  return list;
}

/// Throws nlohmann's exceptions for text that is not JSON and for wrong types.
Settings settings_from(const std::string& text) {
  const Json json = Json::parse(text);
  Settings settings;
  settings.theme = value_of<ThemeId>(json.value("theme", "")).value_or(settings.theme);
  settings.zoom = std::clamp(json.value("zoom", 1.0f), kMinZoom, kMaxZoom);
  if (json.contains("window")) settings.window = placement_from(json.at("window"));
  settings.last_folder = json.value("last_folder", "");
  settings.last_work.end = value_of<WorkEnd>(json.value("last_work", "")).value_or(WorkEnd::light);
  settings.last_work.seconds = json.value("last_work_seconds", 0.0);
  settings.last_work.slot = json.value("last_work_slot", "");
  settings.document_path = json.value("document_path", "");
  settings.demo = json.value("demo", "");
  settings.layout = json.value("layout", "");
  settings.layout_type = json.value("layout_type", 0.0f);
  settings.controls_visible = json.value("controls_visible", true);
  settings.inspector_visible = json.value("inspector_visible", true);
  settings.animated = json.value("animated", true);
  if (json.contains("experiment")) {
    if (auto experiment = from_json(json.at("experiment").dump()))
      settings.experiment = *experiment;
  }
  settings.kept = kept_from(json.value("kept", Json::array()));
  return settings;
}

}  // namespace

std::string default_settings_path() {
  if (const char* folder = std::getenv("XDG_CONFIG_HOME"); folder && *folder)
    return std::string(folder) + "/nanscope/settings.json";
  if (const char* home = std::getenv("HOME"); home && *home)
    return std::string(home) + "/.config/nanscope/settings.json";
  return "";
}

Result<Settings> load_settings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (path.empty() || !file) return Settings{};
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  try {
    return settings_from(bytes);
  } catch (const Json::exception& problem) {
    const std::string aside = path + ".broken";
    std::error_code failed;
    std::filesystem::rename(path, aside, failed);
    return work_error(path,
                      "The settings cannot be understood ({}). {} NaNscope starts "
                      "with its defaults.",
                      problem.what(),
                      failed ? std::string("The file was left where it is.")
                             : fmt::format("The file is now {}.", aside));
  }
}

Result<void> save_settings(const std::string& path, const Settings& settings) {
  Json json{{"theme", name_of(settings.theme)},
            {"zoom", settings.zoom},
            {"window",
             {{"x", settings.window.x},
              {"y", settings.window.y},
              {"width", settings.window.width},
              {"height", settings.window.height},
              {"maximized", settings.window.maximized}}},
            {"last_folder", settings.last_folder},
            {"last_work", name_of(settings.last_work.end)},
            {"last_work_seconds", settings.last_work.seconds},
            {"last_work_slot", settings.last_work.slot},
            {"document_path", settings.document_path},
            {"demo", settings.demo},
            {"layout", settings.layout},
            {"layout_type", settings.layout_type},
            {"controls_visible", settings.controls_visible},
            {"inspector_visible", settings.inspector_visible},
            {"animated", settings.animated}};
  json["kept"] = json_of(settings.kept);
  if (settings.experiment) json["experiment"] = Json::parse(to_json(*settings.experiment, -1));
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  // A path that is not UTF-8 must not lose the rest.
  const Result<void> written =
      failed
          ? work_error(path, "cannot be written: {}.", failed.message())
          : write_file_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace));
  if (written) return written;
  return work_error(kSettingsPlace,
                    "{} Theme, layout and the last experiment are lost when the window closes. To "
                    "keep them, start with XDG_CONFIG_HOME set to a folder that can be written; "
                    "an experiment is kept by Save as.",
                    whole_message(written.error()));
}

}  // namespace nanscope
