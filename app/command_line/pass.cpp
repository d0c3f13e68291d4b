#include "app/command_line/pass.h"

#include <fmt/format.h>

#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_notes.h"
#include "app/command_line/interrupt.h"
#include "app/command_line/progress_line.h"
#include "engine/session/run_request.h"

namespace nanscope {
namespace {

/// What `work(open, stop, progress)` returns.
template <class Work>
auto with_progress(const Work& work) {
  const Interrupt interrupt;
  ProgressLine progress;
  std::unique_ptr<Engine> engine;
  const OpenEngine open = [&]() -> Result<Engine*> {
    progress.show("opening LibTorch", 0);
    Result<std::unique_ptr<Engine>> opened = load_engine();
    if (!opened) return tl::unexpected(opened.error());
    engine = *std::move(opened);
    return engine.get();
  };
  return work(open, interrupt.token(), progress.callback());
}

/// What `work(engine, stop, progress)` returns, or why there is no engine.
template <class Work>
auto with_engine(const Work& work) {
  using Done = decltype(work(std::declval<Engine&>(), std::stop_token(), Progress()));
  return with_progress(
      [&](const OpenEngine& open, std::stop_token stop, const Progress& progress) -> Done {
        const Result<Engine*> engine = open();
        if (!engine) return tl::unexpected(engine.error());
        return work(**engine, std::move(stop), progress);
      });
}

}  // namespace

Result<SignalSnapshot> run_pass(const SignalRequest& request) {
  return with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
    return answer(engine, request, std::move(stop), progress, note_long_work);
  });
}

Result<RunSummary> run_training(const TrainingRequest& request, bool shows_progress) {
  return with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
    return answer(engine, request, std::move(stop), shows_progress ? progress : Progress(),
                  note_long_work);
  });
}

Result<MeasuredCosts> run_measurement(const CostMeasurementRequest& request) {
  return with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
    return answer(engine, request, std::move(stop), progress, note_long_work);
  });
}

Result<Calibration> run_calibration(const CalibrationRequest& request) {
  return with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
    return answer(engine, request, std::move(stop), progress, note_long_work);
  });
}

Result<MovingData> run_moving_data(const MovingDataRequest& request) {
  return with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
    return answer(engine, request, std::move(stop), progress, note_long_work);
  });
}

Result<void> run_chains(const std::vector<TensorRequest>& requests,
                        const std::function<int(const TensorChain&)>& each) {
  return with_engine(
      [&](Engine& engine, const std::stop_token& stop, const Progress& progress) -> Result<void> {
        for (const TensorRequest& request : requests) {
          const Result<TensorChain> chain = answer(engine, request, stop, progress, note_long_work);
          if (!chain) return tl::unexpected(chain.error());
          if (each(*chain) != kDone) break;
        }
        return {};
      });
}

int draw_pictures(const PlotOptions& options) {
  if (const Result<void> good = check_plot(options); !good) return report(good.error());
  bool interrupted = false;
  const auto files = with_progress(
      [&](const OpenEngine& open, const std::stop_token& stop, const Progress& progress) {
        auto drawn = run_plot(options, open, stop, progress);
        interrupted = stop.stop_requested();
        return drawn;
      });
  if (!files) return report(files.error());
  const int status = print(fmt::format("{}\n", fmt::join(*files, "\n")));
  return status == kDone && interrupted ? kInterrupted : status;
}

}  // namespace nanscope
