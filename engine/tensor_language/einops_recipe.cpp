#include "engine/tensor_language/einops_recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

// Follows einops.py of einops 0.8 (TransformRecipe, _prepare_transformation_recipe,
// _reconstruct_from_shape), so that strides and shared storage come out the same.
namespace nanscope {
namespace {

constexpr auto kReductions =
    std::to_array<std::string_view>({"min", "max", "sum", "mean", "prod", "any", "all"});

using Group = std::vector<EinopsAxis>;

struct Pattern {
  EinopsSide left, right;
};

EinopsResult<Pattern> parse(std::string_view pattern) {
  const auto arrow = pattern.find("->");
  if (arrow == std::string_view::npos)
    return tl::unexpected(std::string("The pattern needs one -> between its two sides"));
  if (pattern.find("->", arrow + 2) != std::string_view::npos)
    return tl::unexpected(std::string("The pattern has more than one ->"));
  EinopsResult<EinopsSide> left = parse_einops_side(pattern.substr(0, arrow), 'l');
  if (!left) return tl::unexpected(left.error());
  EinopsResult<EinopsSide> right = parse_einops_side(pattern.substr(arrow + 2), 'r');
  if (!right) return tl::unexpected(right.error());
  return Pattern{*std::move(left), *std::move(right)};
}

/// Python's print of a set; in alphabetical order, where Python has none.
std::string set_words(std::vector<std::string> shown) {
  std::ranges::sort(shown);
  shown.erase(std::ranges::unique(shown).begin(), shown.end());
  return fmt::format("{{{}}}", fmt::join(shown, ", "));
}

/// The axes of one side that the other does not have.
std::vector<std::string> only_in(const EinopsSide& side, const EinopsSide& other) {
  std::vector<std::string> shown;
  for (const EinopsAxis& axis : side.axes())
    if (!other.has(axis)) shown.push_back(axis.shown());
  return shown;
}

bool has_length(const AxisLengths& lengths, const EinopsAxis& axis) {
  return std::ranges::any_of(lengths, [&](const auto& given) { return given.first == axis.key; });
}

/// Which axes the operation may add or take away.
std::string check_sides(const Pattern& pattern, std::string_view text, std::string_view operation,
                        const AxisLengths& lengths) {
  const auto& [left, right] = pattern;
  if (!left.has_ellipsis && right.has_ellipsis)
    return fmt::format("Ellipsis found in right side, but not left side of a pattern {}", text);
  if (left.has_ellipsis && left.ellipsis_in_brackets)
    return fmt::format("Ellipsis inside parenthesis in the left side is not allowed: {}", text);
  std::vector<std::string> lost = only_in(left, right);
  const std::vector<std::string> added = only_in(right, left);
  if (operation == "rearrange") {
    if (left.has_anonymous || right.has_anonymous)
      return "Non-unitary anonymous axes are not supported in rearrange (exception is length 1)";
    lost.insert(lost.end(), added.begin(), added.end());
    if (!lost.empty())
      return fmt::format("Identifiers only on one side of expression (should be on both): {}",
                         set_words(lost));
    return "";
  }
  if (operation == "repeat") {
    if (!lost.empty())
      return fmt::format("Unexpected identifiers on the left side of repeat: {}", set_words(lost));
    std::vector<std::string> unsized;
    for (const EinopsAxis& axis : right.axes())
      if (!axis.anonymous() && !left.has(axis) && !has_length(lengths, axis))
        unsized.push_back(axis.shown());
    return unsized.empty()
               ? ""
               : fmt::format("Specify sizes for new axes in repeat: {}", set_words(unsized));
  }
  if (std::ranges::find(kReductions, operation) == kReductions.end())
    return fmt::format(
        "Unknown reduction {}. Expect one of ('min', 'max', 'sum', 'mean', 'prod', "
        "'any', 'all').",
        operation);
  return added.empty() ? ""
                       : fmt::format("Unexpected identifiers on the right side of reduce {}: {}",
                                     operation, set_words(added));
}

/// "..." as the axes that it stands for.
std::vector<Group> expanded(const EinopsSide& side, std::size_t ellipsis_axes) {
  std::vector<Group> groups;
  for (const Group& group : side.composition) {
    const bool alone = group.size() == 1 && group.front().key == kEllipsisKey;
    Group filled;
    for (const EinopsAxis& axis : group) {
      if (axis.key != kEllipsisKey) {
        filled.push_back(axis);
        continue;
      }
      for (std::size_t i = 0; i < ellipsis_axes; ++i) {
        const EinopsAxis one{fmt::format("{}{}", kEllipsisKey, i), 0};
        if (alone && !side.ellipsis_in_brackets)
          groups.push_back({one});
        else
          filled.push_back(one);
      }
    }
    if (!alone || side.ellipsis_in_brackets) groups.push_back(std::move(filled));
  }
  return groups;
}

std::string group_name(const Group& group) {
  const auto is_named = [](const EinopsAxis& axis) { return !axis.key.starts_with(kEllipsisKey); };
  if (group.empty() || !std::ranges::all_of(group, is_named)) return "";
  std::vector<std::string> names;
  for (const EinopsAxis& axis : group)
    names.push_back(axis.anonymous() ? fmt::format("{}", axis.length) : axis.key);
  if (names.size() == 1) return group.front().anonymous() ? "" : names.front();
  return fmt::format("({})", fmt::join(names, " "));
}

AxisGroups keys(const std::vector<Group>& groups) {
  AxisGroups all;
  for (const Group& group : groups) {
    all.emplace_back();
    for (const EinopsAxis& axis : group) all.back().push_back(axis.key);
  }
  return all;
}

std::vector<EinopsAxis> flat(const std::vector<Group>& groups) {
  std::vector<EinopsAxis> all;
  for (const Group& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

bool contains(const std::vector<EinopsAxis>& axes, const EinopsAxis& axis) {
  return std::ranges::find(axes, axis) != axes.end();
}

/// The length of every axis, from the shape and what was given.
class Lengths {
 public:
  /// "" or what is wrong with the given ones.
  std::string set_given(const std::vector<EinopsAxis>& all, const AxisLengths& given) {
    for (const EinopsAxis& axis : all)
      if (axis.anonymous()) lengths_[axis.key] = axis.length;
    for (const auto& [name, length] : given) {
      if (const std::string problem = axis_name_problem(name); !problem.empty())
        return fmt::format("('Invalid name for an axis', '{}')", name);
      if (!contains(all, EinopsAxis{name, 0}))
        return fmt::format("Axis {} is not used in transform", name);
      lengths_[name] = length;
    }
    return "";
  }

  /// "" or the axes of which there is more than one to be found from one size.
  std::string check_inferable(const std::vector<Group>& left) const {
    for (const Group& group : left) {
      std::vector<std::string> unknown;
      for (const EinopsAxis& axis : group)
        if (!lengths_.contains(axis.key)) unknown.push_back(axis.shown());
      if (unknown.size() > 1)
        return fmt::format("Could not infer sizes for {}", set_words(unknown));
    }
    return "";
  }

  std::string infer(const std::vector<Group>& left, const std::vector<std::int64_t>& shape) {
    const std::map<std::string, std::int64_t> given = lengths_;
    for (std::size_t i = 0; i < left.size(); ++i) {
      std::int64_t known = 1;
      const EinopsAxis* unknown = nullptr;
      for (const EinopsAxis& axis : left[i]) {
        const auto length = given.find(axis.key);
        if (length == given.end())
          unknown = &axis;
        else if (__builtin_mul_overflow(known, length->second, &known))
          return "The product of the axes' lengths has more than 64 bits";
      }
      if (!unknown && shape[i] != known)
        return fmt::format("Shape mismatch, {} != {}", shape[i], known);
      if (!unknown) continue;
      if (known == 0) return "integer modulo by zero";
      if (shape[i] % known != 0)
        return fmt::format("Shape mismatch, can't divide axis of length {} in chunks of {}",
                           shape[i], known);
      lengths_[unknown->key] = shape[i] / known;
    }
    return "";
  }

  std::int64_t of(const EinopsAxis& axis) const { return lengths_.at(axis.key); }

 private:
  std::map<std::string, std::int64_t> lengths_;
};

bool is_identity(const std::vector<std::int64_t>& permutation) {
  for (std::size_t i = 0; i < permutation.size(); ++i)
    if (permutation[i] != static_cast<std::int64_t>(i)) return false;
  return true;
}

/// Dimensions of one axis each need no reshape.
bool needs_reshape(const std::vector<Group>& groups) {
  return std::ranges::any_of(groups, [](const Group& group) { return group.size() != 1; });
}

void set_order(EinopsRecipe& recipe, const std::vector<EinopsAxis>& left,
               const std::vector<EinopsAxis>& right, const Lengths& lengths) {
  std::vector<EinopsAxis> order;
  for (const EinopsAxis& axis : right)
    if (contains(left, axis)) order.push_back(axis);
  const std::size_t first_reduced = order.size();
  for (const EinopsAxis& axis : left)
    if (!contains(right, axis)) order.push_back(axis);
  std::vector<std::int64_t> permutation;
  for (const EinopsAxis& axis : order)
    permutation.push_back(std::ranges::find(left, axis) - left.begin());
  if (!is_identity(permutation)) recipe.permutation = permutation;
  for (std::size_t i = first_reduced; i < order.size(); ++i)
    recipe.reduced.push_back(static_cast<std::int64_t>(i));
  for (std::size_t i = 0; i < right.size(); ++i)
    if (!contains(left, right[i]))
      recipe.added.emplace_back(static_cast<std::int64_t>(i), lengths.of(right[i]));
  recipe.dimensions_with_added = static_cast<std::int64_t>(recipe.added.size() + order.size());
}

std::string set_merged(EinopsRecipe& recipe, const std::vector<Group>& right,
                       const Lengths& lengths) {
  std::vector<std::int64_t> sizes;
  for (const Group& group : right) {
    std::int64_t size = 1;
    for (const EinopsAxis& axis : group)
      if (__builtin_mul_overflow(size, lengths.of(axis), &size))
        return "The product of the axes' lengths has more than 64 bits";
    sizes.push_back(size);
    recipe.dimension_names.push_back(group_name(group));
  }
  if (needs_reshape(right)) recipe.merged = std::move(sizes);
  return "";
}

}  // namespace

EinopsResult<EinopsRecipe> make_einops_recipe(std::string_view text, std::string_view operation,
                                              const std::vector<std::int64_t>& shape,
                                              const AxisLengths& given) {
  EinopsResult<Pattern> pattern = parse(text);
  if (!pattern) return tl::unexpected(pattern.error());
  if (std::string problem = check_sides(*pattern, text, operation, given); !problem.empty())
    return tl::unexpected(problem);

  const std::size_t dims = pattern->left.composition.size();
  if (pattern->left.has_ellipsis && shape.size() + 1 < dims)
    return tl::unexpected(fmt::format("Wrong shape: expected >={} dims. Received {}-dim tensor.",
                                      dims - 1, shape.size()));
  if (!pattern->left.has_ellipsis && shape.size() != dims)
    return tl::unexpected(
        fmt::format("Wrong shape: expected {} dims. Received {}-dim tensor.", dims, shape.size()));
  const std::size_t ellipsis_axes = pattern->left.has_ellipsis ? shape.size() + 1 - dims : 0;
  const std::vector<Group> left = expanded(pattern->left, ellipsis_axes);
  const std::vector<Group> right = expanded(pattern->right, ellipsis_axes);
  const std::vector<EinopsAxis> left_axes = flat(left), right_axes = flat(right);

  std::vector<EinopsAxis> all = left_axes;
  all.insert(all.end(), right_axes.begin(), right_axes.end());
  Lengths lengths;
  if (std::string problem = lengths.set_given(all, given); !problem.empty())
    return tl::unexpected(problem);
  if (std::string problem = lengths.check_inferable(left); !problem.empty())
    return tl::unexpected(problem);
  if (std::string problem = lengths.infer(left, shape); !problem.empty())
    return tl::unexpected(problem);

  EinopsRecipe recipe;
  if (needs_reshape(left)) {
    recipe.split.emplace();
    for (const EinopsAxis& axis : left_axes) recipe.split->push_back(lengths.of(axis));
  }
  set_order(recipe, left_axes, right_axes, lengths);
  if (std::string problem = set_merged(recipe, right, lengths); !problem.empty())
    return tl::unexpected(problem);
  recipe.left = keys(left);
  recipe.right = keys(right);
  for (const EinopsAxis& axis : all) recipe.lengths.emplace_back(axis.key, lengths.of(axis));
  return recipe;
}

namespace {

/// Gives each name a letter, from a to Z.
class Letters {
 public:
  /// The letters of one operand; `add`: names that are new get one.
  EinopsResult<std::string> of(const EinopsSide& side, bool add, std::string_view pattern) {
    std::string text;
    for (const Group& group : side.composition) {
      if (group.empty())
        return tl::unexpected(std::string("Singleton () axes are not yet supported in einsum."));
      if (group.size() > 1)
        return tl::unexpected(std::string("Shape rearrangement is not yet supported in einsum."));
      const EinopsAxis& axis = group.front();
      if (axis.key == kEllipsisKey) {
        text += "...";
        continue;
      }
      if (axis.anonymous())
        return tl::unexpected(std::string("Anonymous axes are not yet supported in einsum."));
      if (!letters_.contains(axis.key)) {
        if (!add)
          return tl::unexpected(
              fmt::format("Unknown axis {} on right side of einsum {}.", axis.key, pattern));
        constexpr std::string_view kLetters =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        if (letters_.size() >= kLetters.size())
          return tl::unexpected(std::string("Too many axes in einsum."));
        letters_.emplace(axis.key, kLetters[letters_.size()]);
      }
      text += letters_.at(axis.key);
    }
    return text;
  }

 private:
  std::map<std::string, char> letters_;
};

}  // namespace

EinopsResult<EinsumPattern> make_einsum_pattern(std::string_view pattern) {
  const auto arrow = pattern.find("->");
  if (arrow == std::string_view::npos || pattern.find("->", arrow + 2) != std::string_view::npos)
    return tl::unexpected(std::string("Einsum pattern must contain '->'."));
  EinsumPattern result;
  Letters letters;
  std::string_view operands = pattern.substr(0, arrow);
  while (true) {
    const auto comma = operands.find(',');
    const EinopsResult<EinopsSide> side =
        parse_einops_side(operands.substr(0, comma), 'l', {.underscore = true, .duplicates = true});
    if (!side) return tl::unexpected(side.error());
    const EinopsResult<std::string> text = letters.of(*side, true, pattern);
    if (!text) return tl::unexpected(text.error());
    result.equation += *text;
    if (comma == std::string_view::npos) break;
    result.equation += ',';
    operands.remove_prefix(comma + 1);
  }
  const EinopsResult<EinopsSide> right =
      parse_einops_side(pattern.substr(arrow + 2), 'r', {.underscore = true});
  if (!right) return tl::unexpected(right.error());
  const EinopsResult<std::string> text = letters.of(*right, false, pattern);
  if (!text) return tl::unexpected(text.error());
  result.equation += "->" + *text;
  if (!right->has_ellipsis)
    for (const EinopsAxis& axis : right->axes()) result.dimension_names.push_back(axis.key);
  return result;
}

}  // namespace nanscope
