#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

// One side of an einops pattern, "b (h w) c", read as einops (github.com/arogozhnikov/einops) does,
// with its messages.
namespace nanscope {

template <class T>
using EinopsResult = tl::expected<T, std::string>;

/// An axis with a name, or one of a fixed length that has none: the 2 of "(h 2)".
struct EinopsAxis {
  std::string key;          ///< the same for the same axis, different for any two anonymous ones
  std::int64_t length = 0;  ///< of an anonymous axis, else 0

  bool anonymous() const { return length > 0; }
  /// As Python prints it in a set: 'h' or 2-axis.
  std::string shown() const;
  bool operator==(const EinopsAxis&) const = default;
};

/// What einops calls the axes that "..." stands for.
inline constexpr std::string_view kEllipsisKey = "…";

struct EinopsSide {
  /// One entry a dimension: its axes, none for 1 and (). "..." is an entry of its own.
  std::vector<std::vector<EinopsAxis>> composition;
  bool has_ellipsis = false;
  bool ellipsis_in_brackets = false;
  bool has_anonymous = false;

  /// All axes, in order.
  std::vector<EinopsAxis> axes() const;
  bool has(const EinopsAxis& axis) const;
};

struct EinopsSideOptions {
  bool underscore = false;  ///< "_" is an axis that is skipped
  bool duplicates = false;  ///< an axis may occur twice: einsum's diagonal
};

/// `side` keeps the anonymous axes of two sides apart: 'l' or 'r'.
EinopsResult<EinopsSide> parse_einops_side(std::string_view text, char side,
                                           EinopsSideOptions options = {});

/// The reason why this is no name for an axis, or "".
std::string axis_name_problem(std::string_view name, bool underscore = false);

}  // namespace nanscope
