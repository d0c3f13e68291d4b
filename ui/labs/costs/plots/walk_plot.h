#pragma once

#include "ui/charts/plot.h"
#include "ui/labs/costs/picture.h"

namespace nanscope {

/// One step of training, operation by operation: the one that is looked at as a product of
/// matrices, and those around it as a list. A reading's index is a step's.
Plot walk_plot(std::shared_ptr<const CostsPicture> picture);

/// "(64, 512)", or "number" of a tensor without dimensions.
std::string shape_words(const WalkTensor& tensor);
/// "2 x 64 x 512 x 512 = 33,554,432 FLOPs" of a product; "" of anything else.
std::string product_words(const WalkStep& step);
/// "forward", "back, by input": what a step is for.
std::string way_words(const WalkStep& step);

}  // namespace nanscope
