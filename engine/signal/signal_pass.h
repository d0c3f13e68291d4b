#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/costs/pass_forecast.h"
#include "engine/data/table.h"
#include "engine/devices/device.h"
#include "engine/machine/watch.h"
#include "engine/network/plan.h"
#include "engine/precision/precision.h"
#include "engine/probes/signal_request.h"
#include "engine/signal/captured_pass.h"
#include "engine/signal/draws.h"
#include "engine/signal/recorder.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {

/// Runs signal experiments one after another, and keeps between them what the next one can use
/// again: table, draws, plan, scaled weights and their statistics.
class SignalPass {
 public:
  /// Begins a pass: decides where it runs and makes the buffers. `devices` has to outlive it.
  Result<void> begin(SignalRequest request, const Devices& devices);
  /// Goes on with it, part by part: a layer's drawing, its way there, its way back. Stops after the
  /// part at which `enough` says so, or after the last one, and returns whether that was it.
  Result<bool> advance(Watch& watch, const std::function<bool()>& enough);
  /// About how many seconds the pass under way takes from its beginning, predicted.
  double forecast_seconds() const;
  /// What it showed.
  SignalSnapshot finish();
  /// Gives up the pass under way, if there is one. The next one can use what it left.
  void abandon();
  /// All of it at once.
  Result<SignalSnapshot> run(const SignalRequest& request, const Devices& devices, Watch& watch);
  /// After a pass that was given up: frees every tensor, if they hold much more than those of the
  /// latest pass that ended.
  void forget_unfinished();
  /// Frees every tensor.
  void clear();

 private:
  /// What the table depends on: a file that was written again is read again.
  struct TableKey {
    DataKind kind = DataKind::normal;
    std::string path;
    TableOptions options;
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

  enum class Stage { drawing, input, forward, backward, captured };
  /// A pass under way.
  struct Course {
    SignalRequest request;
    const Devices* devices;
    c10::Device device;
    PrecisionRow row;
    bool redrawn = false;  ///< the parameters had to be drawn
    Stage stage = Stage::drawing;
    int layer = 0;                       ///< the next one of the stage
    std::unique_ptr<Recorder> recorder;  ///< of a pass layer by layer
    bool rewrite = false;                ///< the parameters are of another scale
    bool rewritten = false;              ///< those of the next layer no longer
    double drawing_seconds = 0;          ///< of the parameters
    double seconds = 0;                  ///< there and back
    int most_threads = 1;                ///< there and back
    int threads = 1;                     ///< whose bits the result has
  };

  /// Features of the data: the table's columns, or the width. Reads the table if it is not kept.
  Result<int> prepare_data(const Experiment& experiment);
  Result<void> prepare_plan(const Experiment& experiment, const PrecisionRow& row, int features,
                            c10::Device device, const Devices& devices);
  void write_input();
  /// Tells the recorder, if there is one, the statistics of weights that it measures on the way.
  void write_parameters(int layer, const Init& init, Recorder* recorder);
  Result<bool> step(Course& course, Watch& watch);
  Result<bool> draw(Course& course, Watch& watch);
  Result<bool> take_input(Course& course, Watch& watch);
  /// A layer's parameters, or its way there, measuring.
  Result<bool> forward(Course& course, Watch& watch);
  /// A layer back.
  Result<bool> backward(Course& course, Watch& watch);
  /// The whole pass as one captured graph.
  Result<bool> run_captured(Course& course, Watch& watch);
  /// Bytes of all tensors.
  PassMemory memory() const;
  /// Once the pass holds so much: what it held more before is given back.
  void holds(std::int64_t bytes);
  SignalSnapshot snapshot_of(const Experiment& experiment, const Recorder& recorder) const;

  ThreadChoice threads_;
  PassSpeed speed_;
  std::optional<TableKey> table_key_;
  Table table_;
  Draws draws_;
  std::optional<PlanKey> plan_key_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<CapturedPass> captured_;  ///< of plan_, on CUDA
  at::Tensor scaled_;                       ///< a layer's weights in float, before they are cast
  std::optional<Scale> scale_;  ///< of the parameters that the plan holds; none: not written yet
  std::vector<LayerSignal> weights_known_;  ///< layers whose weight statistics are of scale_
  std::optional<Course> course_;
  std::int64_t held_bytes_ = 0;  ///< by the latest pass
};

}  // namespace nanscope
