#include "engine/tensor_language/einops_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/tensor_language/lexer.h"

namespace nanscope {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

class SideParser {
 public:
  SideParser(char side, EinopsSideOptions options) : side_name_(side), options_(options) {}

  EinopsResult<EinopsSide> run(std::string_view text) {
    if (text.find('.') != std::string_view::npos) {
      if (count_of(text, "...") == 0)
        return tl::unexpected(
            std::string("Expression may contain dots only inside ellipsis (...)"));
      if (count_of(text, "...") != 1 || std::ranges::count(text, '.') != 3)
        return tl::unexpected(
            std::string("Expression may contain dots only inside ellipsis (...); only one ellipsis "
                        "for tensor "));
      result_.has_ellipsis = true;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string problem;
      if (text.substr(i).starts_with("...")) {
        name_ += kEllipsisKey;
        i += 2;
      } else {
        problem = character(text[i], text);
      }
      if (!problem.empty()) return tl::unexpected(problem);
    }
    if (bracket_)
      return tl::unexpected(
          fmt::format("Imbalanced parentheses in expression: \"{}\"", shown(text)));
    if (std::string problem = end_name(); !problem.empty()) return tl::unexpected(problem);
    return std::move(result_);
  }

 private:
  static std::string shown(std::string_view text) {
    std::string result(text);
    if (const auto dots = result.find("..."); dots != std::string::npos)
      result.replace(dots, 3, kEllipsisKey);
    return result;
  }

  std::string character(char c, std::string_view) {
    if (c == '(' || c == ')' || c == ' ') {
      if (std::string problem = end_name(); !problem.empty()) return problem;
      if (c == '(') {
        if (bracket_) return "Axis composition is one-level (brackets inside brackets not allowed)";
        bracket_.emplace();
      } else if (c == ')') {
        if (!bracket_) return "Brackets are not balanced";
        result_.composition.push_back(*std::move(bracket_));
        bracket_.reset();
      }
      return "";
    }
    // Letters beyond ASCII are letters to Python too.
    if (!is_letter(c) && !is_digit(c) && c != '_' && (c & 0x80) == 0)
      return fmt::format("Unknown character '{}'", c);
    name_ += c;
    return "";
  }

  std::string end_name() {
    const std::string name = std::exchange(name_, "");
    if (name.empty()) return "";
    const bool number = std::ranges::all_of(name, is_digit);
    std::int64_t length = 0;
    if (number) {
      const auto [stop, problem] = std::from_chars(name.data(), name.data() + name.size(), length);
      if (problem != std::errc()) return fmt::format("Axis of length {} is too long", name);
      if (length == 1) {
        if (!bracket_) result_.composition.emplace_back();
        return "";
      }
      if (length < 1)
        return fmt::format("Anonymous axis should have positive length, not {}", length);
      result_.has_anonymous = true;
      return add({fmt::format("{}-axis {}{}", length, side_name_, anonymous_++), length});
    }
    const EinopsAxis axis{name, 0};
    if (result_.has(axis) && !options_.duplicates && !(options_.underscore && name == "_"))
      return fmt::format("Indexing expression contains duplicate dimension \"{}\"", name);
    if (name != kEllipsisKey)
      if (const std::string reason = axis_name_problem(name, options_.underscore); !reason.empty())
        return fmt::format("Invalid axis identifier: {}\n{}", name, reason);
    return add(axis);
  }

  std::string add(EinopsAxis axis) {
    if (axis.key == kEllipsisKey) result_.ellipsis_in_brackets = bracket_.has_value();
    if (bracket_)
      bracket_->push_back(std::move(axis));
    else
      result_.composition.push_back({std::move(axis)});
    return "";
  }

  char side_name_;
  EinopsSideOptions options_;
  EinopsSide result_;
  std::optional<std::vector<EinopsAxis>> bracket_;
  std::string name_;
  int anonymous_ = 0;
};

}  // namespace

std::string EinopsAxis::shown() const {
  return anonymous() ? fmt::format("{}-axis", length) : fmt::format("'{}'", key);
}

std::vector<EinopsAxis> EinopsSide::axes() const {
  std::vector<EinopsAxis> all;
  for (const auto& group : composition) all.insert(all.end(), group.begin(), group.end());
  return all;
}

bool EinopsSide::has(const EinopsAxis& axis) const {
  return std::ranges::any_of(composition, [&](const auto& group) {
    return std::ranges::find(group, axis) != group.end();
  });
}

EinopsResult<EinopsSide> parse_einops_side(std::string_view text, char side,
                                           EinopsSideOptions options) {
  return SideParser(side, options).run(text);
}

std::string axis_name_problem(std::string_view name, bool underscore) {
  if (name.empty() || is_digit(name.front()) || name.find(kEllipsisKey) != std::string_view::npos)
    return "not a valid python identifier";
  if (name.front() != '_' && name.back() != '_') return "";
  return name == "_" && underscore ? ""
                                   : "axis name should should not start or end with underscore";
}

}  // namespace nanscope
