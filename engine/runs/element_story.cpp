#include "engine/runs/element_story.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/numbers/conversion.h"
#include "engine/numbers/format.h"
#include "engine/recipe/equation.h"

namespace nanscope {
namespace {

/// Of longer sums the largest products are kept.
constexpr std::size_t kKeptTerms = 4096;
constexpr std::size_t kShownTerms = 3;

std::string number_words(double value) {
  return std::signbit(value) ? fmt::format("({:.6g})", value) : fmt::format("{:.6g}", value);
}

/// What a format makes of a number without rounding.
double in_format(const std::string& format, long double value) {
  const auto nearest = static_cast<double>(value);
  const NumberFormat* known = find_format(format);
  return known ? round_to(*known, nearest) : nearest;
}

bool is_wide(const std::string& format) { return format == "fp64"; }

AutopsyCause cause_of(long double exact, const std::string& format) {
  if (std::isnan(exact)) return AutopsyCause::invalid;
  return std::isfinite(in_format(format, exact)) ? AutopsyCause::on_the_way
                                                 : AutopsyCause::overflow;
}

/// Both no number, or the same one.
bool are_alike(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// A sum on its way, as kernels accumulate: in fp32, or in fp64 for that.
struct SumOnItsWay {
  const SummedElement& sum;
  bool wide;

  long double term(std::size_t i) const {
    const auto left = static_cast<long double>(sum.left.values[i]);
    return sum.right.values.empty() ? left : left * static_cast<long double>(sum.right.values[i]);
  }
  long double rounded(long double value) const {
    return wide ? static_cast<double>(value) : static_cast<float>(value);
  }
  double largest() const {
    return wide ? std::numeric_limits<double>::max() : std::numeric_limits<float>::max();
  }
  /// The element that a sum gives.
  long double finished(long double total) const {
    const long double value = total / static_cast<long double>(sum.divisor);
    return sum.is_root ? std::sqrt(value) : value;
  }
  long double added() const { return sum.added ? sum.added->value : 0; }
};

/// Where a sum in its own order leaves the numbers that its result can be. Returns what it ends as.
long double follow(const SumOnItsWay& way, const std::string& format, AutopsySum& told) {
  long double total = 0;
  const auto stays = [&](long double value) {
    return std::isfinite(value) && std::isfinite(in_format(format, way.finished(value)));
  };
  bool inside = true, finite = true;
  for (std::size_t i = 0; i < way.sum.left.values.size(); ++i) {
    const long double next = way.rounded(total + way.term(i));
    if (finite && inside && !stays(next)) {
      told.leaves_after = static_cast<std::int64_t>(i) + 1;
      told.before_leaving = static_cast<double>(total);
      told.after_leaving = static_cast<double>(next);
    }
    inside = stays(next);
    finite = finite && std::isfinite(next);
    total = next;
  }
  if (inside) told.leaves_after = 0;
  return way.rounded(total + way.added());
}

/// Whether some order of the terms gives this value.
bool some_order_gives(double value, const SumOnItsWay& way, const AutopsySum& told) {
  const bool up = told.positive > way.largest(), down = told.negative < -way.largest();
  if (std::isnan(value)) return up && down;
  return std::signbit(value) != std::signbit(way.sum.divisor) ? down : up;
}

/// Places of the terms, those of the largest products first.
std::vector<std::size_t> by_size(const SumOnItsWay& way) {
  std::vector<std::size_t> places(way.sum.left.values.size());
  std::iota(places.begin(), places.end(), 0U);
  std::ranges::stable_sort(places, std::ranges::greater(),
                           [&](std::size_t i) { return std::abs(way.term(i)); });
  return places;
}

void say_terms(const SummedElement& sum, std::vector<std::size_t> places, Autopsy& autopsy) {
  const bool more = places.size() > kShownTerms;
  places.resize(std::min(places.size(), kShownTerms));
  std::ranges::sort(places);
  std::vector<std::string> terms;
  const bool squares = sum.left.before == sum.right.before && sum.left.behind == sum.right.behind;
  for (const std::size_t i : places) {
    std::string term = number_words(sum.left.values[i]);
    autopsy.operands.push_back({sum.left.name(i), sum.left.values[i], sum.left.format});
    if (squares) {
      term = std::signbit(sum.left.values[i]) ? term + "^2" : "(" + term + ")^2";
    } else if (!sum.right.values.empty()) {
      term += " * " + number_words(sum.right.values[i]);
      autopsy.operands.push_back({sum.right.name(i), sum.right.values[i], sum.right.format});
    }
    terms.push_back(term);
  }
  if (more) terms.emplace_back("...");
  const auto whole = [&](std::string inside, const std::string& added) {
    if (sum.divisor != 1) inside = fmt::format("({}) / {}", inside, sum.divisor);
    if (sum.is_root) inside = fmt::format("sqrt({})", inside);
    return added.empty() ? inside : inside + " + " + added;
  };
  const auto name_at_i = [](const SummedElement::Factor& factor) {
    return factor.before + "i" + factor.behind;
  };
  std::string factors = name_at_i(sum.left);
  if (squares)
    factors += "^2";
  else if (!sum.right.values.empty())
    factors += " " + name_at_i(sum.right);
  autopsy.equation = autopsy.result.name + " = " +
                     whole("sum over i of " + factors, sum.added ? sum.added->name : std::string());
  autopsy.numbers = whole(fmt::format("{}", fmt::join(terms, " + ")),
                          sum.added ? number_words(sum.added->value) : std::string());
  if (sum.added) autopsy.operands.push_back(*sum.added);
}

/// What stands for an equation's names.
struct ToldNames {
  EquationValues values;
  EquationWords names, numbers;
};

/// The assignments up to the last one of `symbol`, in names and in numbers.
void say_equation(const EquationTree& equation, std::string_view symbol, ToldNames told,
                  Autopsy& autopsy) {
  std::vector<std::string> in_names, in_numbers;
  for (const EquationTree::Assignment& one : equation.up_to(symbol)) {
    const std::string& of = equation.name(one.place);
    const auto named = told.names.find(of);
    const std::string& name = of == symbol                ? autopsy.result.name
                              : named == told.names.end() ? of
                                                          : named->second;
    in_names.push_back(name + " = " + with_words(equation, one, told.names));
    in_numbers.push_back(of + " = " + with_words(equation, one, told.numbers));
    // What follows reads what it has become.
    const auto became = evaluate(equation, one, told.values, !is_wide(autopsy.result.format));
    if (!became) continue;
    told.values[of] = became->value;
    told.numbers[of] = number_words(static_cast<double>(became->value));
  }
  // The last one's left side is the result.
  if (!in_numbers.empty()) in_numbers.back().erase(0, symbol.size() + 3);
  autopsy.equation = fmt::format("{}", fmt::join(in_names, "; "));
  autopsy.numbers = fmt::format("{}", fmt::join(in_numbers, "; "));
}

/// The terms that are kept, in their order.
std::vector<double> kept(const std::vector<double>& all, const std::vector<std::size_t>& places) {
  std::vector<double> some;
  if (all.empty()) return some;
  for (const std::size_t place : places) some.push_back(all[place]);
  return some;
}

}  // namespace

double element_of(const at::Tensor& tensor, std::int64_t index) {
  return tensor.flatten().select(0, index).item<double>();
}

std::vector<std::int64_t> coordinates_of(std::int64_t index, at::IntArrayRef shape) {
  std::vector<std::int64_t> coordinates(shape.size());
  for (std::size_t i = shape.size(); i-- > 0; index /= shape[i]) coordinates[i] = index % shape[i];
  return coordinates;
}

std::string element_name(const std::string& tensor, const std::vector<std::int64_t>& coordinates) {
  return coordinates.empty() ? tensor : fmt::format("{}[{}]", tensor, fmt::join(coordinates, ","));
}

std::string SummedElement::Factor::name(std::size_t place) const {
  if (columns == 0) return fmt::format("{}{}{}", before, place, behind);
  const auto at = static_cast<std::int64_t>(place);
  return fmt::format("{}{},{}{}", before, at / columns, at % columns, behind);
}

void tell_sum(SummedElement sum, Autopsy& autopsy) {
  const std::string& format = autopsy.result.format;
  const SumOnItsWay way{sum, is_wide(format)};
  AutopsySum told{.terms = static_cast<std::int64_t>(sum.left.values.size())};
  long double positive = 0, negative = 0;
  for (std::size_t i = 0; i < sum.left.values.size(); ++i)
    (way.term(i) > 0 ? positive : negative) += way.term(i);
  told.positive = static_cast<double>(positive);
  told.negative = static_cast<double>(negative);
  const long double exact = way.finished(positive + negative) + way.added();
  autopsy.exact = exact;
  autopsy.cause = cause_of(exact, format);
  const double in_order = in_format(format, way.finished(follow(way, format, told)));
  const double value = autopsy.result.value;
  autopsy.reproduced = are_alike(in_order, value) || are_alike(in_format(format, exact), value) ||
                       some_order_gives(value, way, told);
  std::vector<std::size_t> places = by_size(way);
  say_terms(sum, places, autopsy);
  places.resize(std::min(places.size(), kKeptTerms));
  std::ranges::sort(places);
  told.left = kept(sum.left.values, places);
  told.right = kept(sum.right.values, places);
  autopsy.sum = std::move(told);
}

void tell_equation(std::string_view text, std::string_view symbol,
                   const std::vector<EquationOperand>& operands, Autopsy& autopsy) {
  const EquationTree equation = read_equation(text);
  EquationValues values, exact_values;
  EquationWords names, numbers;
  for (const auto& [of, number, exact, words] : operands) {
    values[of] = number.value;
    exact_values[of] = exact.value_or(number.value);
    names[of] = number.name;
    numbers[of] = words.empty() ? number_words(number.value) : words;
    autopsy.operands.push_back(number);
  }
  const std::string& format = autopsy.result.format;
  const auto exact = evaluate(equation, std::move(exact_values), symbol, false);
  const auto calculated = evaluate(equation, values, symbol, !is_wide(format));
  autopsy.exact = exact ? exact->value : std::numeric_limits<double>::quiet_NaN();
  if (exact)
    autopsy.cause =
        exact->divides_by_zero ? AutopsyCause::divides_by_zero : cause_of(exact->value, format);
  autopsy.reproduced =
      calculated && are_alike(in_format(format, calculated->value), autopsy.result.value);
  say_equation(equation, symbol, {std::move(values), std::move(names), std::move(numbers)},
               autopsy);
}

}  // namespace nanscope
