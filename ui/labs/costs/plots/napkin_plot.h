#pragma once

#include "ui/charts/plot.h"
#include "ui/labs/costs/picture.h"

namespace nanscope {

/// Each line of a napkin: what it is, its value, its formula and the same with the numbers put in.
Plot napkin_plot(std::shared_ptr<const CostsPicture> picture);

/// What is asked for: of a product that was measured its share of the peak.
const FormulaLine& napkin_answer(const NapkinCosts& costs);
/// "143.9 days", "31.4 GB".
std::string napkin_value(const FormulaLine& line);
/// What a line says in words: "days of training".
std::string napkin_words(const FormulaLine& line);
/// All of it as plain text.
std::string napkin_text(const NapkinCosts& costs);

}  // namespace nanscope
