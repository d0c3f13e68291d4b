#include "engine/roundoff/sums.h"

#include <limits>

namespace nanscope {

double sum_in_order(std::span<const double> terms, Rounder& round) {
  double sum = 0;
  for (const double term : terms) sum = round.add(sum, term);
  return sum;
}

double sum_pairwise(std::span<const double> terms, Rounder& round) {
  if (terms.empty()) return 0;
  if (terms.size() == 1) return terms.front();
  const std::size_t half = terms.size() / 2;
  return round.add(sum_pairwise(terms.first(half), round),
                   sum_pairwise(terms.subspan(half), round));
}

double sum_kahan(std::span<const double> terms, Rounder& round) {
  KahanSum sum(0);
  for (const double term : terms) sum.add(term, round);
  return sum.value();
}

double gamma_bound(double n, double unit_roundoff) {
  const double roundings = n * unit_roundoff;
  return roundings < 1 ? roundings / (1 - roundings) : std::numeric_limits<double>::infinity();
}

}  // namespace nanscope
