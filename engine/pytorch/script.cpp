#include "engine/pytorch/script.h"

#include <fmt/format.h>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/plan/plan.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

std::string head_text(const Experiment& experiment) {
  return fmt::format(R"(#!/usr/bin/env python3
"""One forward and one backward pass of a network at initialization, layer by layer.

Written by NaNscope. Under PyTorch 2.15 on the CPU it prints the numbers of
`nanscope signal EXPERIMENT --json`, as JSON.
"""

{}{}import json
import math
{}
{}import torch
import torch.nn.functional as F
)",
                     reads_csv(experiment.data) ? "import csv\n" : "",
                     experiment.data.kind == DataKind::digits ? "import gzip\n" : "",
                     experiment.data.kind == DataKind::digits ? "import sys\n" : "",
                     is_npy(experiment.data) ? "import numpy\n" : "");
}

/// The experiment's JSON inside a raw Python string, which it must not end.
std::string experiment_text(const Experiment& experiment) {
  std::string json = to_json(experiment, 2);
  for (std::size_t at = 0; (at = json.find('\'', at)) != std::string::npos;)
    json.replace(at, 1, "\\u0027");
  return fmt::format("\nexperiment = json.loads(r'''\n{}\n''')\n", json);
}

/// Two empty lines between the parts, as Python's style guide asks around functions.
std::string part(const std::string& text) {
  const std::size_t begin = text.find_first_not_of('\n');
  return begin == std::string::npos ? "" : "\n\n" + text.substr(begin);
}

/// A plan of one layer of width x width, which stands for all of them.
PlanDescription one_layer(NetworkSpec network, const PrecisionRow& row) {
  network.model.depth = 1;
  return describe_plan(network, row, {.features = network.model.width});
}

}  // namespace

Result<std::string> pytorch_signal_script(const Experiment& experiment) {
  if (const auto errors = validate(experiment); !errors.empty())
    return tl::unexpected(errors.front());
  const auto row =
      precision_row(experiment.network.precision, experiment.network.execution, /*cuda=*/false);
  if (!row) return tl::unexpected(row.error());
  const PrecisionText precision = precision_text(*row);
  const double clips = row->elementwise->has_infinity ? 0 : row->elementwise->largest;
  return head_text(experiment) + experiment_text(experiment) + "\n" + precision.explanation +
         precision.definitions + part(draw_weight_text(experiment.network.init)) +
         part(read_table_text(experiment.data, experiment.network.precision)) +
         part(activation_class_text(experiment.network.model, precision)) +
         part(layer_text(one_layer(experiment.network, *row), 0, precision,
                         reads_table(experiment.data))) +
         part(statistics_text(clips)) + part(first_nonfinite_text()) +
         part(main_text(experiment, precision));
}

}  // namespace nanscope
