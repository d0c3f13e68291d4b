#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/optimizers/plane.h"
#include "engine/optimizers/walk.h"
#include "engine/runs/plane_directions.h"
#include "engine/runs/run_way.h"
#include "engine/runs/sample_loss.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// A run's plane as it is measured: the run once more, for its parameters; the directions; the
/// losses of the run's places; those of a grid, from coarse to fine. Kept from request to request,
/// it goes on where it stopped.
class PlaneGround {
 public:
  /// Points of the finished grid a side. Each coarser one has every second point of the next.
  static constexpr int kSide = 41;
  /// Rows of a table that the loss is the mean of, at most.
  static constexpr std::int64_t kMostRows = 1024;

  explicit PlaneGround(PlaneSpec spec) : spec_(std::move(spec)) {}

  enum class Stage { run, directions, places, coarse_grid, fine_grid, done };
  Stage stage() const { return stage_; }
  /// How far its stage is: of how many.
  std::pair<std::int64_t, std::int64_t> progress() const;
  /// The next step, place or point. Errors: a run that cannot be trained, that has too many
  /// parameters or none that are finite where they are wanted.
  Result<void> advance();
  /// From the coarse grid on there is a plane.
  bool is_spanned() const { return stage_ >= Stage::coarse_grid; }
  /// What is measured so far: the finest grid that is whole.
  std::shared_ptr<const LossPlane> plane() const { return plane_; }
  /// The loss there, and its gradient (d1 . dL/dtheta, d2 . dL/dtheta).
  SurfaceLook look(Rounder& rounder, const Pair& at);
  double loss(const Pair& at);
  /// As many as its operations have use for.
  int threads() const { return threads_; }

  const PlaneSpec& spec() const { return spec_; }
  /// Measures another part of the same plane.
  void set_span(double span);

 private:
  Result<void> begin();
  Result<void> take_step();
  Result<void> make_loss();
  void find_directions();
  void measure_place();
  void begin_grid();
  void measure_point();

  PlaneSpec spec_;
  Stage stage_ = Stage::run;
  int threads_ = 1;
  std::optional<TrainingTask> task_;
  std::unique_ptr<TrainingRun> run_;  ///< while it is under way
  std::optional<RunWay> way_;
  std::unique_ptr<SampleLoss> loss_;
  at::Tensor middle_;  ///< theta0
  at::Tensor theta_;   ///< where the loss was last
  Directions directions_;
  LossPlane found_;                 ///< all of it but the grid
  std::vector<double> losses_;      ///< of the grid, as far as it is measured
  std::vector<std::size_t> order_;  ///< in which its points are measured
  std::size_t measured_ = 0;
  std::shared_ptr<const LossPlane> plane_;
};

}  // namespace nanscope
