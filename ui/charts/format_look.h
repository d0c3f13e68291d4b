#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/charts/stroke.h"

namespace nanscope {

/// How number formats are told apart wherever they are drawn: each has one colour and one mark in
/// all charts of all labs, and no two known ones have a colour in common. A format of one's own has
/// a mark that no known one has in its colour, as its name gives; of several in one list no two
/// have the same.
std::vector<Stroke> format_strokes(const Style& style, std::span<const std::string> names);

}  // namespace nanscope
