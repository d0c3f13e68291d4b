#pragma once

#include <string>
#include <vector>

#include "engine/tensors/executor.h"

namespace nanscope {

/// A call that was carried out.
struct CarriedOut {
  std::string name;
  Arguments arguments;
  bool method = false;
  std::vector<ChainValue> results = {};  ///< sort() has two
};

/// Of one result of a call that made new elements; `window` is what of it is shown. None where
/// elements are made from nothing.
ElementSources sources_of_call(Executor& executor, const CarriedOut& call, std::size_t result,
                               const CellWindow& window);

}  // namespace nanscope
