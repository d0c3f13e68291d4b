#pragma once

#include <string>

#include "engine/base/strict_json.h"
#include "engine/probes/statistics.h"

// For engine/*.cpp only, as strict_json.h.
namespace nanscope {

/// {"mean":0,"var":1,"rms":1,"absmax":4.5,...}
Json statistics_json(const Statistics& statistics);
/// Appends what it dumps.
void append_json(std::string& text, const Statistics& statistics);

}  // namespace nanscope
