#include "engine/tensors/trial.h"

#include <ATen/Context.h>
#include <ATen/core/Generator.h>

#include <algorithm>
#include <mutex>

#include "engine/tensors/evaluator.h"

namespace nanscope {
namespace {

/// A chain within this may be carried out hundreds of times, and nobody notices.
constexpr std::int64_t kMostForReal = std::int64_t{1} << 20;

TensorError syntax_error(const SyntaxError& error, const std::string& expression) {
  TensorError result{.kind = TensorErrorKind::syntax,
                     .expr = {},
                     .what = error.what,
                     .begin = error.begin,
                     .end = error.end,
                     .repairs = {}};
  if (!error.suggestion.empty())
    result.repairs.push_back({RepairKind::spelling, error.suggestion,
                              replaced(expression, error.begin, error.end, error.suggestion)});
  return result;
}

}  // namespace

std::optional<Program> read_chain(const std::string& expression, const TensorRequest& request,
                                  TensorChain& chain) {
  chain.expression = expression;
  chain.seed = request.seed;
  Parsed<Program> program = parse_program(expression);
  if (program) return *std::move(program);
  chain.error = syntax_error(program.error(), expression);
  return std::nullopt;
}

Trial::Trial(Overloads& overloads, const TensorRequest& request, std::int64_t largest_bytes,
             const TensorChain& carried_out)
    : overloads_(overloads), request_(request), largest_bytes_(largest_bytes) {
  const auto as_far = [&] {
    return run(carried_out.expression).steps.size() == carried_out.steps.size();
  };
  if (as_far()) return;
  for_real_ = carried_out.memory.peak_bytes <= kMostForReal;
  possible_ = for_real_ && as_far();
}

TensorChain Trial::run(const std::string& expression) const {
  TensorChain chain;
  const std::optional<Program> program = read_chain(expression, request_, chain);
  if (!program) return chain;
  if (for_real_) seed_generator(request_.seed);
  // A tried number may make a tensor larger; what is much larger is not tried for real.
  Executor executor(overloads_, for_real_ ? c10::kCPU : c10::kMeta,
                    for_real_ ? std::min(16 * kMostForReal, largest_bytes_) : largest_bytes_);
  Evaluator(executor, chain, request_, {}, CellsWanted::no).run(*program);
  return chain;
}

void seed_generator(std::uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
  const std::scoped_lock lock(generator.mutex());
  generator.set_current_seed(seed);
}

std::string replaced(const std::string& text, int begin, int end, const std::string& by) {
  std::string result = text;
  return result.replace(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin), by);
}

}  // namespace nanscope
