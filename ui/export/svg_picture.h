#pragma once

#include <string>

#include "engine/base/result.h"
#include "ui/export/figure.h"
#include "ui/export/picture.h"

namespace nanscope {

/// The picture as an SVG document with its words as text: the sentence, the settings, the plots
/// under one another, the foot. Needs a current OpenGL context, as render_picture() does, for the
/// fonts' measures. Errors: those of render_picture(), a plot that is not drawn as SVG.
Result<std::string> render_svg(const Figure& figure, const PictureRequest& request);

}  // namespace nanscope
