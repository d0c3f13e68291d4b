#include "engine/tensors/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nanscope {
namespace {

/// Gives axes their numbers, in the order in which they are met.
class AxisNumbers {
 public:
  explicit AxisNumbers(const AxisLengths& lengths) : lengths_(lengths.begin(), lengths.end()) {}

  std::vector<int> of(const std::vector<std::string>& axes) {
    std::vector<int> numbers;
    for (const std::string& axis : axes) {
      const auto [place, added] = numbers_.emplace(axis, static_cast<int>(numbers_.size()));
      if (added) in_order_.push_back(lengths_.at(axis));
      numbers.push_back(place->second);
    }
    return numbers;
  }
  std::int64_t length(const std::string& axis) const { return lengths_.at(axis); }
  std::vector<std::int64_t> lengths() const { return in_order_; }

 private:
  std::map<std::string, std::int64_t> lengths_;
  std::map<std::string, int> numbers_;
  std::vector<std::int64_t> in_order_;
};

/// The letters of one operand; "..." stands for the dimensions that are left.
AxisGroups axes_of_letters(std::string_view letters, std::size_t dims) {
  AxisGroups axes;
  const std::size_t dots = letters.find("...");
  const std::size_t named = letters.size() - (dots == std::string_view::npos ? 0 : 3);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (i != dots) {
      axes.push_back({std::string(1, letters[i])});
      continue;
    }
    for (const auto& group : axes_from_last(dims > named ? dims - named : 0)) axes.push_back(group);
    i += 2;
  }
  return axes;
}

/// What an equation without "->" means: the letters that occur once, in alphabetical order.
std::string implied_result(std::string_view operands) {
  std::string result = operands.find("...") == std::string_view::npos ? "" : "...";
  const std::set<char> letters(operands.begin(), operands.end());
  for (const char letter : letters)
    if (letter != ',' && letter != '.' && std::ranges::count(operands, letter) == 1)
      result += letter;
  return result;
}

}  // namespace

AxisGroups axes_from_last(std::size_t dims) {
  AxisGroups axes;
  for (std::size_t i = dims; i-- > 0;) axes.push_back({fmt::format("{}", i)});
  return axes;
}

ElementSources make_sources(const std::vector<NamedOperand>& operands, const AxisGroups& result,
                            const AxisLengths& lengths) {
  ElementSources sources;
  AxisNumbers numbers(lengths);
  for (const auto& group : result) sources.result.push_back(numbers.of(group));
  for (const NamedOperand& operand : operands) {
    if (operand.tensor->step < 0) continue;
    ElementSources::Operand one{operand.tensor->step, {}};
    for (std::size_t d = 0; d < operand.axes.size(); ++d) {
      const auto& group = operand.axes[d];
      const bool broadcast = group.size() == 1 && numbers.length(group.front()) != 1 &&
                             operand.tensor->tensor.size(static_cast<std::int64_t>(d)) == 1;
      one.axes.push_back(broadcast ? std::vector<int>() : numbers.of(group));
    }
    sources.operands.push_back(std::move(one));
  }
  sources.lengths = numbers.lengths();
  return sources;
}

ElementSources sources_of_equation(std::string_view equation,
                                   const std::vector<const TensorValue*>& tensors) {
  std::string text;
  for (const char c : equation)
    if (c != ' ') text += c;
  const std::size_t arrow = text.find("->");
  const std::string inputs = text.substr(0, arrow);
  const std::string output =
      arrow == std::string::npos ? implied_result(inputs) : text.substr(arrow + 2);
  std::vector<NamedOperand> operands;
  AxisLengths lengths;
  std::size_t begin = 0, widest = 0;
  for (const TensorValue* tensor : tensors) {
    const std::size_t end = std::min(inputs.find(',', begin), inputs.size());
    const std::string letters = inputs.substr(begin, end - begin);
    begin = end + 1;
    operands.push_back({tensor, axes_of_letters(letters, dims_of(tensor->tensor))});
    if (operands.back().axes.size() != dims_of(tensor->tensor)) return {};
    if (letters.find("...") != std::string::npos)
      widest = std::max(widest, dims_of(tensor->tensor) + 3 - letters.size());
  }
  std::map<std::string, std::int64_t> longest;
  for (const NamedOperand& operand : operands)
    for (std::size_t d = 0; d < operand.axes.size(); ++d) {
      std::int64_t& length = longest.emplace(operand.axes[d].front(), 1).first->second;
      length = std::max(length, operand.tensor->tensor.size(static_cast<std::int64_t>(d)));
    }
  lengths.assign(longest.begin(), longest.end());
  const std::size_t dots = output.find("...") == std::string::npos ? 0 : 3;
  ElementSources sources = make_sources(
      operands, axes_of_letters(output, output.size() - dots + (dots ? widest : 0)), lengths);
  sources.products = tensors.size() > 1 && sources.operands.size() == tensors.size();
  return sources;
}

}  // namespace nanscope
