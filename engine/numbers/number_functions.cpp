#include "engine/numbers/number_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace nanscope {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 2> kConstants{
    {{"pi", std::numbers::pi}, {"e", std::numbers::e}}};
constexpr std::array<std::string_view, 6> kFunctions{"sqrt", "exp", "log", "log2", "log10", "abs"};

/// Roots of fractions of squares are exact; others have 256 bits before they are rounded once.
ExactNumber root(const ExactNumber& argument) {
  const mpz_class numerator = argument.magnitude.get_num(),
                  denominator = argument.magnitude.get_den();
  ExactNumber result;
  if (mpz_perfect_square_p(numerator.get_mpz_t()) != 0 &&
      mpz_perfect_square_p(denominator.get_mpz_t()) != 0) {
    result.magnitude = mpq_class(sqrt(numerator), sqrt(denominator));
    return result;
  }
  constexpr mp_bitcnt_t kBits = 256;
  result.magnitude = mpq_class(sqrt(mpf_class(argument.magnitude, kBits)));
  return exact(nearest_double(result));
}

FunctionResult finite_value(double value) {
  if (!std::isfinite(value))
    return tl::unexpected(message("this is too large for a double; infinity is written as inf"));
  return exact(value);
}

FunctionResult logarithm(std::string_view name, const ExactNumber& argument) {
  if (argument.negative || argument.magnitude == 0)
    return tl::unexpected(message("{} takes a number above 0", std::string(name)));
  const double value = nearest_double(argument);
  return finite_value(name == "log2"    ? std::log2(value)
                      : name == "log10" ? std::log10(value)
                                        : std::log(value));
}

}  // namespace

std::optional<ExactNumber> named_constant(std::string_view name) {
  const auto* const found =
      std::ranges::find(kConstants, name, &decltype(kConstants)::value_type::first);
  if (found == kConstants.end()) return std::nullopt;
  return exact(found->second);
}

bool is_number_function(std::string_view name) {
  return std::ranges::find(kFunctions, name) != kFunctions.end();
}

FunctionResult call_function(std::string_view name, const ExactNumber& argument) {
  if (name == "abs") {
    ExactNumber result = argument;
    result.negative = false;
    return result;
  }
  if (name == "sqrt") {
    if (argument.negative && argument.magnitude != 0)
      return tl::unexpected(message("sqrt takes a number from 0 on"));
    return root(argument);
  }
  if (name == "exp") return finite_value(std::exp(nearest_double(argument)));
  return logarithm(name, argument);
}

std::vector<std::string> number_words() {
  std::vector<std::string> words{"inf", "nan", "infinity"};
  for (const auto& [name, value] : kConstants)
    if (name.size() > 1) words.emplace_back(name);  // any letter is near to one letter
  words.insert(words.end(), kFunctions.begin(), kFunctions.end());
  return words;
}

}  // namespace nanscope
