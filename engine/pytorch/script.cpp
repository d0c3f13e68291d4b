#include "engine/pytorch/script.h"

#include <fmt/format.h>

#include "engine/plan/plan.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// The experiment's JSON inside a raw Python string, which it must not end.
std::string experiment_text(std::string json) {
  for (std::size_t at = 0; (at = json.find('\'', at)) != std::string::npos;)
    json.replace(at, 1, "\\u0027");
  return fmt::format("\nexperiment = json.loads(r'''\n{}\n''')\n", json);
}

}  // namespace

std::string head_text(std::string_view what, std::string_view command, const DataSpec& data) {
  return fmt::format(
      R"(#!/usr/bin/env python3
"""{}

Written by NaNscope. Under PyTorch 2.15 on the CPU it prints the numbers of
`nanscope {} EXPERIMENT --json`, as JSON.
"""

{}import json
import math
{}{}
{}import torch
import torch.nn.functional as F
)",
      what, command, data.kind == DataKind::digits ? "import gzip\n" : "",
      reads_csv(data) ? "import re\n" : "", data.kind == DataKind::digits ? "import sys\n" : "",
      is_npy(data) ? "import numpy\n" : "");
}

std::string part(const std::string& text) {
  const std::size_t begin = text.find_first_not_of('\n');
  return begin == std::string::npos ? "" : "\n\n" + text.substr(begin);
}

PlanDescription one_layer(NetworkSpec network, const PrecisionRow& row, double dropout,
                          bool running) {
  network.model.depth = 1;
  return describe_plan(network, row,
                       {.features = network.model.width, .dropout = dropout, .running = running});
}

Result<std::string> pytorch_signal_script(const NetworkSpec& network, const DataSpec& data,
                                          const std::string& experiment_json) {
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  if (!row) return tl::unexpected(row.error());
  const PrecisionText precision = precision_text(*row);
  const double clips = row->elementwise->has_infinity ? 0 : row->elementwise->largest;
  return head_text(
             "One forward and one backward pass of a network at initialization, layer by layer.",
             "signal", data) +
         experiment_text(experiment_json) + "\n" + precision.explanation + precision.definitions +
         part(draw_weight_text(network.init)) + part(read_table_text(data, network.precision)) +
         part(activation_class_text(network.model, precision)) +
         part(layer_text(one_layer(network, *row), 0, precision, reads_table(data.kind))) +
         part(statistics_text(clips)) + part(first_nonfinite_text()) +
         part(main_text(network, data, precision));
}

}  // namespace nanscope
