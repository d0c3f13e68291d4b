#include "app/command_line/pass.h"

#include <fmt/format.h>

#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/console.h"
#include "app/command_line/interrupt.h"
#include "app/command_line/progress_line.h"

namespace nanscope {
namespace {

/// What `work(engine, stop, progress)` returns, or why there is no engine.
template <class Work>
auto with_engine(const Work& work)
    -> decltype(work(std::declval<Engine&>(), std::stop_token(), Progress())) {
  const Interrupt interrupt;
  ProgressLine progress;
  progress.show("opening LibTorch", 0);
  const Result<std::unique_ptr<Engine>> engine = load_engine();
  if (!engine) return tl::unexpected(engine.error());
  return work(**engine, interrupt.token(), progress.callback());
}

}  // namespace

Result<SignalSnapshot> run_pass(const SignalRequest& request) {
  return with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
    return engine.signal(request, std::move(stop), progress);
  });
}

Result<void> run_chains(const std::vector<TensorRequest>& requests,
                        const std::function<int(const TensorChain&)>& each) {
  return with_engine(
      [&](Engine& engine, const std::stop_token& stop, const Progress&) -> Result<void> {
        for (const TensorRequest& request : requests) {
          const Result<TensorChain> chain = engine.tensor(request, stop);
          if (!chain) return tl::unexpected(chain.error());
          if (each(*chain) != kDone) break;
        }
        return {};
      });
}

int draw_pictures(const PlotOptions& options) {
  if (const Result<void> good = check_plot(options); !good) return report(good.error());
  const auto files =
      with_engine([&](Engine& engine, std::stop_token stop, const Progress& progress) {
        return run_plot(options, engine, std::move(stop), progress);
      });
  if (!files) return report(files.error());
  return print(fmt::format("{}\n", fmt::join(*files, "\n")));
}

}  // namespace nanscope
