#include <fmt/format.h>

#include <array>
#include <cmath>

#include "ui/text/text.h"

namespace nanscope {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (value == 0) return "0";
  const double magnitude = std::abs(value);
  // The bounds are those at which three digits round up to the next power of ten.
  if (magnitude >= 99999.5 || magnitude < 9.995e-4) {
    const std::string scientific = fmt::format("{:.2e}", value);
    return scientific.size() <= 9 ? scientific : fmt::format("{:.1e}", value);
  }
  if (magnitude >= 999.5) return fmt::format("{:.0f}", value);
  return fmt::format("{:.3g}", value);
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  // 1023.95 would round to "1024.0": step up before it does.
  while (std::abs(bytes) >= 1023.95 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  const bool whole = unit == 0 || bytes >= 99.95 || std::abs(bytes - std::round(bytes)) < 0.05;
  return fmt::format("{:.{}f} {}", bytes, whole ? 0 : 1, units[unit]);
}

std::string grouped(double number) {
  if (number > 9e18) return number_text(number);  // as JSON has whole numbers up to there
  std::string digits = fmt::format("{:.0f}", number);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

std::string decimal_bytes(double bytes) {
  std::size_t unit = 0;
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  while (bytes >= 999.5 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.3g} {}", bytes, units[unit]);
}

std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return number_text(seconds) + " s";
  struct Unit {
    double size;
    const char* name;
  };
  // Each unit up to the value that three digits would round to its thousand.
  constexpr std::array<Unit, 3> units{{{1e-9, "ns"}, {1e-6, "us"}, {1e-3, "ms"}}};
  for (const Unit& unit : units)
    if (std::abs(seconds) < 999.5 * unit.size)
      return number_text(seconds / unit.size) + " " + unit.name;
  return number_text(seconds) + " s";
}

}  // namespace nanscope
