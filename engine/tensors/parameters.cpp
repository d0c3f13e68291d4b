#include "engine/tensors/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "engine/tensors/literals.h"

namespace nanscope {
namespace {

/// Up to here every value is tried, then more and more are left out.
constexpr std::int64_t kFine = 64;
/// Numbers beyond this have no slider: one step more might not be a number of 64 bits.
constexpr std::int64_t kFarthest = std::int64_t{1} << 62;
/// Divisors of larger products are not looked for.
constexpr std::int64_t kLargestProduct = std::int64_t{1} << 32;

/// Tries values of one literal.
class Choices {
 public:
  Choices(const Trial& trial, const std::string& expression, const std::vector<Literal>& literals,
          const Literal& literal, std::int64_t reach, Pause& pause)
      : trial_(trial),
        expression_(expression),
        literals_(literals),
        literal_(literal),
        reach_(reach),
        pause_(pause) {}

  Task<TensorParameter> run() {
    TensorParameter parameter{.begin = literal_.begin,
                              .end = literal_.end,
                              .operation = literal_.operation,
                              .name = literal_.name,
                              .value = literal_.value,
                              .choices = {},
                              .low_reason = {},
                              .high_reason = {}};
    taken_.emplace(literal_.value, expression_);
    if (literal_.is_size) {
      co_await try_sizes();
    } else {
      co_await walk(-1);
      co_await walk(1);
    }
    for (const auto& [value, expression] : taken_) parameter.choices.push_back({value, expression});
    parameter.low_reason = reason(taken_.begin()->first - 1);
    parameter.high_reason = reason(taken_.rbegin()->first + 1);
    co_return parameter;
  }

 private:
  /// Outward until the first value that is refused. Past kFine the strides double; then the edge is
  /// looked for between the last value that was taken and the first that was not.
  Task<std::int64_t> walk(std::int64_t direction) {
    std::int64_t last = literal_.value, stride = 1;
    while (std::abs(last - literal_.value) < reach_) {
      const std::int64_t next = last + direction * stride;
      const bool taken = co_await take(next);
      if (!taken) break;
      last = next;
      if (std::abs(last - literal_.value) >= kFine) stride *= 2;
    }
    for (stride /= 2; stride > 0; stride /= 2) {
      const bool taken = co_await take(last + direction * stride);
      if (taken) last += direction * stride;
    }
    co_return last;
  }

  /// Between two sizes that fit there are others that do not: all are tried, and every divisor of
  /// what has to stay the same.
  Task<std::size_t> try_sizes() {
    const std::int64_t reach = std::min(reach_, kFine);
    const std::int64_t low = std::max<std::int64_t>(-1, literal_.value - reach);
    for (std::int64_t value = low; value <= literal_.value + reach; ++value) co_await take(value);
    const std::int64_t product = product_with_neighbour();
    for (std::int64_t divisor = 1; divisor * divisor <= product; ++divisor) {
      if (product % divisor != 0) continue;
      co_await take(divisor);
      co_await take(product / divisor);
    }
    co_return taken_.size();
  }

  /// 0 where there is none to go through.
  std::int64_t product_with_neighbour() const {
    std::int64_t product = 0;
    if (literal_.neighbour < 0 || literal_.value <= 0 || neighbour().value <= 0 ||
        __builtin_mul_overflow(literal_.value, neighbour().value, &product))
      return 0;
    return product <= kLargestProduct ? product : 0;
  }

  const Literal& neighbour() const {
    return literals_[static_cast<std::size_t>(literal_.neighbour)];
  }

  /// Whether LibTorch takes the value, alone or with the neighbour's following.
  Task<bool> take(std::int64_t value) {
    if (taken_.contains(value)) co_return true;
    co_await pause_;
    std::string expression = with(value);
    if (trial_.run(expression).error) {
      expression = with_neighbour(value);
      if (expression.empty() || trial_.run(expression).error) co_return false;
    }
    taken_.emplace(value, std::move(expression));
    co_return true;
  }

  std::string with(std::int64_t value) const {
    return replaced(expression_, literal_.begin, literal_.end, fmt::format("{}", value));
  }

  /// The neighbour changed so that the product of the two stays; "" if it cannot.
  std::string with_neighbour(std::int64_t value) const {
    const std::int64_t product = product_with_neighbour();
    if (value <= 0 || product == 0 || product % value != 0) return "";
    const Literal& beside = neighbour();
    const std::string other = fmt::format("{}", product / value);
    // The later one first: its place does not move then.
    if (beside.begin < literal_.begin)
      return replaced(with(value), beside.begin, beside.end, other);
    return replaced(replaced(expression_, beside.begin, beside.end, other), literal_.begin,
                    literal_.end, fmt::format("{}", value));
  }

  /// What LibTorch says; "" where it would take the value, and only the reach ends.
  std::string reason(std::int64_t value) const {
    const TensorChain chain = trial_.run(with(value));
    return chain.error ? chain.error->message() : "";
  }

  const Trial& trial_;
  const std::string& expression_;
  const std::vector<Literal>& literals_;
  const Literal& literal_;
  std::int64_t reach_;
  Pause& pause_;
  std::map<std::int64_t, std::string> taken_;
};

std::int64_t largest_size(const TensorStep& step) {
  return step.shape.empty() ? 1 : std::ranges::max(step.shape);
}

/// The step that the number is an argument of: the shortest text around it.
const TensorStep* step_of(const TensorChain& chain, const Literal& literal) {
  const TensorStep* found = nullptr;
  const auto length = [](const TensorStep& step) {
    return step.operation_end - step.operation_begin;
  };
  for (const TensorStep& step : chain.steps)
    if (step.operation_begin <= literal.begin && literal.end <= step.operation_end &&
        (!found || length(step) < length(*found)))
      found = &step;
  return found;
}

/// How far from its present value a number is moved: twice the largest size that its operation
/// sees.
std::int64_t reach_of(const TensorChain& chain, const Literal& literal) {
  constexpr std::int64_t kShortest = 4, kLongest = std::int64_t{1} << 20;
  std::int64_t largest = std::abs(literal.value);
  if (const TensorStep* step = step_of(chain, literal)) {
    largest = std::max(largest, largest_size(*step));
    for (const int input : step->inputs)
      largest = std::max(largest, largest_size(chain.steps[static_cast<std::size_t>(input)]));
  }
  return std::clamp(2 * std::min(largest, kLongest), kShortest, kLongest);
}

Task<TensorParameter> find_choices(const Trial& trial, const TensorChain& chain,
                                   const std::vector<Literal>& literals, const Literal& literal,
                                   Pause& pause) {
  Choices choices(trial, chain.expression, literals, literal, reach_of(chain, literal), pause);
  co_return co_await choices.run();
}

}  // namespace

Task<std::vector<TensorParameter>> find_parameters(const Trial& trial, Overloads& overloads,
                                                   const Program& program, const TensorChain& chain,
                                                   Pause& pause) {
  std::vector<TensorParameter> parameters;
  if (!trial.possible()) co_return parameters;
  const std::vector<Literal> literals = find_literals(overloads, program);
  for (const Literal& literal : literals) {
    if (literal.value < -kFarthest || literal.value > kFarthest) continue;
    TensorParameter found = co_await find_choices(trial, chain, literals, literal, pause);
    parameters.push_back(std::move(found));
  }
  co_return parameters;
}

}  // namespace nanscope
