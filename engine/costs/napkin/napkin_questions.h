#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/costs/napkin/formula.h"

// What the figures on a napkin are for: so that none is left unused without a word.
namespace nanscope {

/// Whether a number is in one of the formulas.
bool enters(std::string_view name, const std::vector<FormulaLine>& lines);

/// Of the questions that need the number, what the one that lacks least lacks, by its options:
/// "for days, --mfu is missing". Empty where one of them lacks nothing.
std::string missing_for(std::string_view name, const NamedNumbers& given,
                        const std::vector<FormulaLine>& lines);

}  // namespace nanscope
