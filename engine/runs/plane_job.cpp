#include "engine/runs/plane_job.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "engine/machine/watch.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

using PlaneClock = std::chrono::steady_clock;

/// From one publication to the next: as people see it, and so that it costs a twentieth at most.
constexpr auto kBetweenPlanes = std::chrono::milliseconds(33);
constexpr int kPlaneShare = 20;
/// Steps and points after which is known how long the rest will take.
constexpr std::int64_t kStepsToTime = 10, kPointsToTime = 36;

class PlaneJob final : public Job {
 public:
  PlaneJob(PlaneRequest request, KeptGround& kept) : request_(std::move(request)), kept_(kept) {}

  Result<JobResult> advance(JobContext& context) override {
    if (!watch_) begin(context);
    do {
      if (!says_how_far()) return cancelled_error();
      const ThreadLimit limit(kept_->threads());
      const auto begun = PlaneClock::now();
      if (is_over()) return JobResult::of(so_far());
      if (const auto done = work(); !done) {
        kept_.reset();
        return tl::unexpected(done.error());
      }
      took_ += PlaneClock::now() - begun;
      if (!may_go_on(context)) return cancelled_error();
    } while (!context.slice_over());
    publish(context);
    return JobResult();
  }

 private:
  using Stage = PlaneGround::Stage;

  void begin(const JobContext& context) {
    watch_.emplace(context.stop(), context.progress());
    PlaneSpec same = request_.plane;
    if (kept_) {
      same.span = kept_->spec().span;
      same.x = kept_->spec().x;
      same.y = kept_->spec().y;
    }
    if (!kept_ || kept_->spec() != same)
      kept_ = std::make_unique<PlaneGround>(request_.plane);
    else
      kept_->set_parts(request_.plane);
    // Who looks at another part of it finds them where they are.
    if (walk() && walk()->paths().of != request_.paths) walk().reset();
  }

  std::optional<PathsWalk>& walk() const { return kept_->walk(); }
  bool walks() const { return kept_->stage() >= Stage::fine_grid && !(walk() && walk()->done()); }
  bool is_over() const { return kept_->stage() == Stage::done && walk() && walk()->done(); }

  Result<void> work() {
    if (!walks()) return kept_->advance();
    if (walk()) {
      walk()->step();
      ++walked_;
    } else {
      walk().emplace(request_.paths, [ground = kept_.get()](Rounder& rounder, const Pair& at) {
        return ground->look(rounder, at);
      });
    }
    return {};
  }

  bool says_how_far() {
    const auto say = [&](Template<2> what, std::int64_t done, std::int64_t all) {
      return watch_->step(what, static_cast<int>(done), static_cast<int>(all),
                          static_cast<double>(done) / static_cast<double>(std::max(all, done + 1)));
    };
    const auto [done, all] = kept_->progress();
    if (kept_->stage() == Stage::run) return say("training, step {} of {}", done, all);
    if (!kept_->is_spanned()) return say("finding the plane, place {} of {}", done, all);
    if (walks()) return say("following the optimizers, step {} of {}", walked_, all_steps());
    return say("measuring the loss, point {} of {}", done, all);
  }
  std::int64_t all_steps() const {
    return std::int64_t{request_.paths.steps} * std::ssize(request_.paths.optimizers);
  }

  /// Asks once, after some steps of the run and after some points of its plane, where it was not
  /// kept.
  bool may_go_on(const JobContext& context) {
    if (kept_->stage() != timed_) {
      timed_ = kept_->stage();
      took_ = {};
    }
    const auto [done, all] = kept_->progress();
    const auto left = static_cast<double>(all - done);
    if (kept_->stage() == Stage::run && done == kStepsToTime)
      return context.may_take(left * took_.count() / kStepsToTime);
    // A step there and back takes as long as three points.
    if (kept_->stage() == Stage::coarse_grid && done == kPointsToTime)
      return context.may_take((left + 3 * static_cast<double>(all_steps())) * took_.count() /
                              kPointsToTime);
    return true;
  }

  /// Before the optimizers begin, each is at the start, of which nothing is known yet.
  Paths so_far() const {
    Paths paths = walk() ? walk()->paths() : Paths{.of = request_.paths, .paths = {}};
    if (!walk())
      for (const Optimizer& optimizer : request_.paths.optimizers)
        paths.paths.push_back({.optimizer = optimizer,
                               .steps = {{.state = {.theta = request_.paths.start},
                                          .loss = std::numeric_limits<double>::quiet_NaN()}}});
    paths.plane = kept_->plane();
    return paths;
  }

  void publish(const JobContext& context) {
    if (!context.publishes() || !kept_->is_spanned() || PlaneClock::now() < next_news_) return;
    const auto begin = PlaneClock::now();
    context.publish(JobResult::of(so_far()));
    const auto end = PlaneClock::now();
    next_news_ = end + std::max<PlaneClock::duration>(kBetweenPlanes, kPlaneShare * (end - begin));
  }

  PlaneRequest request_;
  KeptGround& kept_;
  std::optional<Watch> watch_;
  std::int64_t walked_ = 0;
  Stage timed_ = Stage::run;
  std::chrono::duration<double> took_{};  ///< what was done of that stage
  PlaneClock::time_point next_news_;
};

}  // namespace

std::unique_ptr<Job> make_plane_job(PlaneRequest request, KeptGround& kept) {
  return std::make_unique<PlaneJob>(std::move(request), kept);
}

}  // namespace nanscope
