#pragma once

#include <random>
#include <vector>

namespace nanscope {

/// Draws from a normal distribution, the same ones each time.
template <class T>
std::vector<T> normal_values(std::size_t count, double mean = 0, double standard_deviation = 1) {
  std::mt19937_64 generator(7);
  std::normal_distribution<double> distribution(mean, standard_deviation);
  std::vector<T> values(count);
  for (T& value : values) value = static_cast<T>(distribution(generator));
  return values;
}

}  // namespace nanscope
