#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

// The experiment inside a PNG: a tEXt chunk with this keyword.
namespace nanscope {

inline constexpr std::string_view kPngExperimentKeyword = "nanscope.experiment";

/// The text under the keyword in PNG bytes. Checks signature, lengths and CRCs; errors say what is
/// broken or that the picture carries no experiment.
Result<std::string> read_png_text(std::string_view png, std::string_view keyword);

}  // namespace nanscope
