#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

// The experiment inside an SVG picture: the text of its <metadata> element with this id.
namespace nanscope {

inline constexpr std::string_view kSvgExperimentId = "nanscope.experiment";

/// Whether these bytes begin as an SVG or other XML document does.
bool looks_like_svg(std::string_view bytes);

/// The text of the <metadata> element with this id. Errors say what is broken or that the picture
/// carries no experiment.
Result<std::string> read_svg_text(std::string_view svg, std::string_view id);

}  // namespace nanscope
