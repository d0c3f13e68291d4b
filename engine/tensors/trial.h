#pragma once

#include <optional>
#include <string>

#include "engine/tensor_language/chain.h"
#include "engine/tensor_language/syntax.h"
#include "engine/tensors/overloads.h"

// Expressions that are tried rather than shown: would LibTorch take them?
namespace nanscope {

/// The chain before its first step, and its program; without one the chain holds the reason.
std::optional<Program> read_chain(const std::string& expression, const TensorRequest& request,
                                  TensorChain& chain);

/// Tries expressions that are like one that was carried out. They run on the meta device, where
/// nothing is computed and no memory is needed, or, if that chain's shapes depend on values (a
/// mask) and its tensors are small, for real.
class Trial {
 public:
  /// `largest_bytes`: as for Executor.
  Trial(Overloads& overloads, const TensorRequest& request, std::int64_t largest_bytes,
        const TensorChain& carried_out);

  /// Whether trials tell anything: they get as far as the chain that was carried out.
  bool possible() const { return possible_; }
  /// Which steps LibTorch takes, and what it says to the first that it does not take. No cells.
  TensorChain run(const std::string& expression) const;

 private:
  Overloads& overloads_;
  const TensorRequest& request_;
  std::int64_t largest_bytes_;
  bool for_real_ = false;
  bool possible_ = true;
};

/// torch.manual_seed, for the CPU.
void seed_generator(std::uint64_t seed);

/// `text` with begin..end replaced.
std::string replaced(const std::string& text, int begin, int end, const std::string& by);

}  // namespace nanscope
