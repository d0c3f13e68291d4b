#include "engine/tensors/tensor_lab.h"

#include <ATen/Context.h>
#include <ATen/core/Generator.h>

#include <algorithm>
#include <limits>
#include <mutex>

#include "engine/signal/memory.h"
#include "engine/tensor_language/syntax.h"
#include "engine/tensors/evaluator.h"
#include "engine/tensors/parameters.h"
#include "engine/tensors/repairs.h"
#include "engine/tensors/trial.h"

namespace nanscope {
namespace {

/// Left to the window and the rest of the machine.
constexpr std::int64_t kRoom = std::int64_t{512} << 20;

std::int64_t allowed_bytes(const TensorRequest& request) {
  if (request.largest_bytes > 0) return request.largest_bytes;
  const std::int64_t available = available_memory();
  return available == 0 ? std::numeric_limits<std::int64_t>::max()
                        : std::max<std::int64_t>(available - kRoom, 0);
}

/// torch.manual_seed, for the CPU.
void seed_generator(std::uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
  const std::scoped_lock lock(generator.mutex());
  generator.set_current_seed(seed);
}

TensorError syntax_error(const SyntaxError& error, const std::string& expression) {
  TensorError result{.kind = TensorErrorKind::syntax,
                     .expr = {},
                     .message = error.message,
                     .begin = error.begin,
                     .end = error.end,
                     .repairs = {}};
  if (!error.suggestion.empty())
    result.repairs.push_back({RepairKind::spelling, error.suggestion,
                              replaced(expression, error.begin, error.end, error.suggestion)});
  return result;
}

TensorChain begun(const std::string& expression, const TensorRequest& request) {
  TensorChain chain;
  chain.expression = expression;
  chain.seed = request.seed;
  return chain;
}

}  // namespace

std::string replaced(const std::string& text, int begin, int end, const std::string& by) {
  std::string result = text;
  return result.replace(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin), by);
}

TensorChain try_expression(Overloads& overloads, const std::string& expression,
                           const TensorRequest& request) {
  TensorChain chain = begun(expression, request);
  const Parsed<Program> program = parse_program(expression);
  if (!program) {
    chain.error = syntax_error(program.error(), expression);
    return chain;
  }
  Executor executor(overloads, c10::kMeta, allowed_bytes(request));
  Evaluator(executor, chain, request, {}).run(*program);
  return chain;
}

Result<TensorChain> TensorLab::run(const TensorRequest& request, std::stop_token stop) {
  TensorChain chain = begun(request.expression, request);
  const Parsed<Program> program = parse_program(request.expression);
  if (!program) {
    chain.error = syntax_error(program.error(), request.expression);
    return chain;
  }
  if (!overloads_) overloads_ = std::make_unique<Overloads>();
  seed_generator(request.seed);
  Executor executor(*overloads_, c10::kCPU, allowed_bytes(request));
  if (!Evaluator(executor, chain, request, stop).run(*program)) return work_error("", kCancelled);
  if (chain.error)
    chain.error->repairs = find_repairs(*overloads_, *program, chain, request);
  else if (request.parameters)
    chain.parameters = find_parameters(*overloads_, *program, request, stop);
  return chain;
}

}  // namespace nanscope
