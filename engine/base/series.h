#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace nanscope {

/// What of 64 neighbours in a list of numbers stands out.
struct SeriesBlock {
  static constexpr std::size_t kSize = 64;

  /// Offsets of the smallest and the largest number, the first where several are.
  std::uint8_t lowest = 0, highest = 0;
  /// Whether all are finite, or all finite and above zero; otherwise one has to look at each.
  bool finite = true, positive = true;
};

/// A list of numbers that grows at its end, and what stands out of each whole block of them, so
/// that a picture of a million reads some thousands. Infinities and NaNs are numbers like others.
class Series {
 public:
  Series() = default;
  Series(std::initializer_list<double> values) {
    for (const double value : values) push_back(value);
  }

  void push_back(double value) {
    rises_ = rises_ && (values_.empty() || values_.back() <= value);
    values_.push_back(value);
    if (values_.size() % SeriesBlock::kSize == 0) close_block();
  }

  /// The block i holds the numbers from i kSize on; what lies behind the last one is in none.
  std::span<const SeriesBlock> blocks() const { return blocks_; }
  /// Whether no number is smaller than the one before it.
  bool rises() const { return rises_; }

  using value_type = double;
  using const_iterator = std::vector<double>::const_iterator;
  using iterator = const_iterator;
  std::size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  double operator[](std::size_t i) const { return values_[i]; }
  double front() const { return values_.front(); }
  double back() const { return values_.back(); }
  const_iterator begin() const { return values_.begin(); }
  const_iterator end() const { return values_.end(); }
  operator const std::vector<double>&() const { return values_; }
  bool operator==(const Series& other) const { return values_ == other.values_; }
  friend bool operator==(const std::vector<double>& values, const Series& series) {
    return values == series.values_;
  }

 private:
  void close_block() {
    const std::size_t begin = values_.size() - SeriesBlock::kSize;
    SeriesBlock block;
    for (std::size_t i = 0; i < SeriesBlock::kSize; ++i) {
      const double value = values_[begin + i];
      if (value < values_[begin + block.lowest]) block.lowest = static_cast<std::uint8_t>(i);
      if (value > values_[begin + block.highest]) block.highest = static_cast<std::uint8_t>(i);
      block.finite = block.finite && std::isfinite(value);
      block.positive = block.positive && value > 0;
    }
    block.positive = block.positive && block.finite;
    blocks_.push_back(block);
  }

  std::vector<double> values_;
  std::vector<SeriesBlock> blocks_;
  bool rises_ = true;
};

}  // namespace nanscope
