#pragma once

#include <memory>
#include <optional>

#include "engine/recipe/run_history.h"
#include "ui/export/figure.h"

namespace nanscope {

/// A run's plots. `guide`: a step that is marked in all of them.
Figure training_figure(std::shared_ptr<const RunSummary> run, std::optional<int> guide = {});

}  // namespace nanscope
