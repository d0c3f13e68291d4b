#include "engine/costs/napkin/formula.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace nanscope {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_in_name(char c) {
  return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

double number_named(std::string_view name, const NamedNumbers& numbers) {
  for (const auto& [known, value] : numbers)
    if (known == name) return value;
  return kNoNumber;
}

/// Python's precedence: sums of products of powers.
class Evaluator {
 public:
  Evaluator(std::string_view text, const NamedNumbers& numbers) : text_(text), numbers_(numbers) {}

  double whole() {
    const double value = sum();
    skip_blanks();
    return text_.empty() ? value : kNoNumber;
  }

 private:
  double sum() {
    double value = product();
    while (true) {
      if (takes("+"))
        value += product();
      else if (takes("-"))
        value -= product();
      else
        return value;
    }
  }

  double product() {
    double value = power();
    while (true) {
      skip_blanks();
      if (!text_.starts_with("**") && takes("*"))
        value *= power();
      else if (takes("/"))
        value /= power();
      else
        return value;
    }
  }

  double power() {
    const double base = atom();
    return takes("**") ? std::pow(base, power()) : base;
  }

  double atom() {
    if (takes("(")) {
      const double value = sum();
      return takes(")") ? value : kNoNumber;
    }
    skip_blanks();
    if (text_.empty()) return kNoNumber;
    if (starts_name(text_.front())) {
      std::size_t end = 0;
      while (end < text_.size() && is_in_name(text_[end])) ++end;
      const std::string_view name = text_.substr(0, end);
      text_.remove_prefix(end);
      return number_named(name, numbers_);
    }
    double value = kNoNumber;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc()) return kNoNumber;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }

  void skip_blanks() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
  }
  bool takes(std::string_view sign) {
    skip_blanks();
    if (!text_.starts_with(sign)) return false;
    text_.remove_prefix(sign.size());
    return true;
  }

  std::string_view text_;
  const NamedNumbers& numbers_;
};

}  // namespace

double evaluate(std::string_view formula, const NamedNumbers& numbers) {
  return Evaluator(formula, numbers).whole();
}

std::string with_numbers(std::string_view formula, const NamedNumbers& numbers) {
  std::string filled;
  for (std::size_t i = 0; i < formula.size();) {
    std::size_t end = i;
    if (starts_name(formula[i]) && (i == 0 || !is_in_name(formula[i - 1])))
      while (end < formula.size() && is_in_name(formula[end])) ++end;
    if (end == i) {
      filled += formula[i++];
      continue;
    }
    filled += exact_number(number_named(formula.substr(i, end - i), numbers));
    i = end;
  }
  return filled;
}

std::string exact_number(double value) {
  constexpr double kShort = 1e6;
  if (std::isfinite(value) && std::abs(value) >= kShort) {
    const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)))) / 3 * 3;
    for (int digits = 1; digits <= 17; ++digits) {
      const double mantissa = value / std::pow(10.0, exponent);
      const std::string text = fmt::format("{:.{}g}e{}", mantissa, digits, exponent);
      if (text.find("e+") == text.npos && std::strtod(text.c_str(), nullptr) == value)
        // Of what has as many digits as a whole number that one is read more easily.
        return value == std::floor(value) && text.size() >= fmt::format("{:.0f}", value).size()
                   ? fmt::format("{:.0f}", value)
                   : text;
    }
  }
  return value == std::floor(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value)
                                                              : fmt::format("{}", value);
}

}  // namespace nanscope
