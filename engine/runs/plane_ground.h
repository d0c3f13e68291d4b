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

  enum class Stage { run, directions, places, coarse_grid, fine_grid, zoomed_grid, done };
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
  /// Measures other parts of the same plane: the whole grid anew where that reaches another one,
  /// and a finer one of what is looked at.
  void set_parts(const PlaneSpec& spec);
  /// The optimizers that were sent over it last, as far as they have come.
  std::optional<PathsWalk>& walk() { return walk_; }

 private:
  Result<void> begin();
  void apply_changes();
  Result<void> take_step();
  Result<void> make_loss();
  void find_directions();
  void measure_place();
  void begin_grid();
  void begin_zoomed_grid();
  void measure_point();
  void take_grid(int stride);

  PlaneSpec spec_;
  Stage stage_ = Stage::run;
  int threads_ = 1;
  std::optional<TrainingTask> task_;
  std::unique_ptr<TrainingRun> run_;  ///< while it is under way
  Experiment now_;                    ///< with the changes before the next step
  std::size_t next_change_ = 0;
  std::int64_t goal_ = 0;  ///< steps of the run, with its changes
  std::optional<RunWay> way_;
  std::unique_ptr<SampleLoss> loss_;
  at::Tensor middle_;  ///< theta0
  at::Tensor theta_;   ///< where the loss was last
  Directions directions_;
  LossPlane found_;                 ///< with the finest grids that are whole
  std::array<double, 4> view_{};    ///< of the grid that is measured
  std::vector<double> losses_;      ///< of that, as far as it is measured
  std::vector<std::size_t> order_;  ///< in which its points are measured
  std::size_t measured_ = 0;
  std::shared_ptr<const LossPlane> plane_;
  std::optional<PathsWalk> walk_;
};

}  // namespace nanscope
