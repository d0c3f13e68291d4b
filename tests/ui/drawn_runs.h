#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/plots/run_plot.h"

// Runs as plain values, and their plots.
namespace nanscope {

/// Ten steps of 20, with a look at what is held out every fifth.
inline RunSummary run_of(std::vector<double> losses, bool classes = true) {
  RunSummary run;
  run.experiment.lab = LabName::training;
  run.experiment.training.steps = 20;
  auto history = std::make_shared<RunHistory>();
  for (std::size_t i = 0; i < losses.size(); ++i) {
    RunStep step{.step = static_cast<std::int64_t>(i),
                 .loss = losses[i],
                 .lr = 0.01,
                 .grad_norm = 2 * losses[i]};
    if (i % 5 == 0) step.held_out = {.loss = losses[i] + 0.5, .accuracy = std::nullopt};
    if (step.held_out && classes) step.held_out->accuracy = 0.25 + 0.05 * static_cast<double>(i);
    history->add(step);
    if (!run.first_nonfinite && !std::isfinite(step.loss))
      run.first_nonfinite = {step.step, NonfinitePart::loss, step.loss};
    run.last = step;
  }
  run.steps = static_cast<std::int64_t>(losses.size());
  run.goal = 20;
  run.history = history;
  return run;
}

inline std::vector<double> falling(int count) {
  std::vector<double> losses;
  for (int i = 0; i < count; ++i) losses.push_back(8 / (1.0 + i));
  return losses;
}

/// Which looked at two layers in its first steps.
inline RunSummary run_with_layers(int steps) {
  RunSummary run = run_of(falling(steps));
  auto history = std::make_shared<RunHistory>(*run.history);
  for (int i = 0; i < steps; ++i) {
    RunStep step{.step = i};
    for (const char* name : {"linear 1", "head"}) {
      const bool head = std::string_view(name) == "head";
      Statistics activation{.variance = head ? 100.0 : 0.01, .count = 64};
      if (head && i == steps - 1) activation = {.variance = NAN, .positive_infs = 1, .count = 64};
      step.layers.push_back({name, {{"activation", activation}}, std::nullopt});
      if (head) step.layers.back().update_ratio = 1e-3;
    }
    history->layers.add(step);
  }
  run.history = history;
  return run;
}

inline std::vector<std::string> plots_of(const RunSummary& run) {
  std::vector<std::string> names;
  for (const FigurePlot& plot : training_figure({std::make_shared<const RunSummary>(run)}).plots)
    names.push_back(plot.name());
  return names;
}

class TrainingPlots : public Drawing {
 protected:
  std::vector<BesideRun> beside_;
  ViewSpec view_;
  std::optional<double> guide_;
  Plot plot(const RunSummary& run, std::string_view name) const {
    for (const RunQuantity& quantity : run_quantities())
      if (quantity.plot == name)
        return run_plot(std::make_shared<const RunPicture>(RunPicture{
                            std::make_shared<const RunSummary>(run), beside_, view_, guide_}),
                        quantity);
    return {};
  }
  std::vector<RecordingCanvas::Words> words_of(const Plot& plot, ImVec2 size = kSize) const {
    RecordingCanvas canvas(style_, {1280, 800});
    plot.draw(canvas, {kCorner, size});
    return canvas.texts;
  }
  std::optional<PlotReading> read(const Plot& plot, double step) const {
    const ChartFrame frame = plot.frame(style_, {kCorner, kSize});
    return plot.read(style_, {kCorner, kSize},
                     {frame.x_at(step) + 1, (frame.low.y + frame.high.y) / 2});
  }
};

}  // namespace nanscope
