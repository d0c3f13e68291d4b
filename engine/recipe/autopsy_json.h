#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/strict_json.h"
#include "engine/recipe/autopsy.h"

// For engine/*.cpp only, as strict_json.h.
namespace nanscope {

/// [{"name":"linear 1","activation":{statistics},...,"update_ratio":0.01},...]
Json layers_json(const std::vector<LayerStatistics>& layers);
/// Appends what it dumps.
void append_json(std::string& text, const std::vector<LayerStatistics>& layers);

/// {"step":0,"phase":"forward","layer":"linear 17",...}; null of none.
Json autopsy_json(const std::shared_ptr<const Autopsy>& autopsy);
/// Throws Json::exception where a part is missing or of another type.
std::shared_ptr<const Autopsy> autopsy_in(const Json& autopsy);

}  // namespace nanscope
