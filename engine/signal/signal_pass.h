#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/table.h"
#include "engine/engine.h"
#include "engine/machine/device.h"
#include "engine/machine/watch.h"
#include "engine/network/plan.h"
#include "engine/precision/precision.h"
#include "engine/signal/captured_pass.h"
#include "engine/signal/draws.h"
#include "engine/signal/recorder.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {

/// Runs signal experiments one after another, and keeps between them what the next one can use
/// again: table, draws, plan, scaled weights and their statistics.
class SignalPass {
 public:
  Result<SignalSnapshot> run(const SignalRequest& request, const Devices& devices, Watch& watch);
  /// Frees every tensor.
  void clear();

 private:
  /// What the table depends on: a file that was written again is read again.
  struct TableKey {
    DataKind kind = DataKind::normal;
    std::string path;
    std::filesystem::file_time_type written;
    bool operator==(const TableKey&) const = default;
  };
  /// What the buffers of a plan depend on.
  struct PlanKey {
    Model model;
    Precision precision = Precision::fp32;
    bool emulated = false;
    int batch = 0;
    int networks = 0;
    int features = 0;
    bool on_device = false;
    bool operator==(const PlanKey&) const = default;
  };
  /// What the scaled parameters depend on, besides draws and plan.
  struct Scale {
    double gain = 0;
    double bias_std = 0;
    bool operator==(const Scale&) const = default;
  };

  /// What was decided before a pass.
  struct Setting {
    c10::Device device;
    PrecisionRow row;
  };

  /// Makes everything that a pass needs.
  Result<Setting> prepare(const Experiment& experiment, const Devices& devices, Watch& watch);
  /// Features of the data: the table's columns, or the width. Reads the table if it is not kept.
  Result<int> prepare_data(const Experiment& experiment);
  Result<void> prepare_plan(const Experiment& experiment, const PrecisionRow& row, int features,
                            c10::Device device, const Devices& devices);
  void write_input();
  /// Tells the recorder, if there is one, the statistics of weights that it measures on the way.
  void write_parameters(int layer, const Init& init, Recorder* recorder);
  /// Layer by layer, measuring on the way.
  Result<void> run_layers(const Experiment& experiment, Recorder& recorder, Watch& watch);
  /// As one captured graph.
  Result<void> run_captured(const SignalRequest& request, const PrecisionRow& row,
                            const CudaUnit& cuda, Watch& watch);
  SignalSnapshot snapshot_of(const Experiment& experiment, const Recorder& recorder) const;

  ThreadChoice threads_;
  std::optional<TableKey> table_key_;
  Table table_;
  Draws draws_;
  std::optional<PlanKey> plan_key_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<CapturedPass> captured_;  ///< of plan_, on CUDA
  at::Tensor scaled_;                       ///< a layer's weights in float, before they are cast
  std::optional<Scale> scale_;  ///< of the parameters that the plan holds; none: not written yet
  std::vector<LayerSignal> weights_known_;  ///< layers whose weight statistics are of scale_
};

}  // namespace nanscope
