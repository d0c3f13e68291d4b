#include "ui/labs/optimizers/figure.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/strict_json.h"
#include "ui/labs/optimizers/plots/anatomy_plot.h"
#include "ui/labs/optimizers/plots/descent_plot.h"
#include "ui/labs/optimizers/plots/surface_plot.h"
#include "ui/labs/optimizers/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string paths_to_csv(const Paths& paths) {
  std::string csv = "optimizer,lr,step,x,y,loss\n";
  for (const Path& path : paths.paths)
    for (int step = 0; step <= path.last(); ++step) {
      const PathStep& at = path.steps[static_cast<std::size_t>(step)];
      csv += fmt::format("{},{},{},{},{},{}\n", name_of(path.optimizer.kind), path.optimizer.lr,
                         step, at.state.theta[0], at.state.theta[1], at.loss);
    }
  return csv;
}

std::string paths_to_json(const Paths& paths) {
  Json all = Json::array();
  for (const Path& path : paths.paths) {
    Json x = Json::array(), y = Json::array(), loss = Json::array();
    for (const PathStep& step : path.steps) {
      x.push_back(json_number(step.state.theta[0]));
      y.push_back(json_number(step.state.theta[1]));
      loss.push_back(json_number(step.loss));
    }
    Json one{{"optimizer", name_of(path.optimizer.kind)}, {"lr", path.optimizer.lr}};
    one["diverges_at"] = path.divergence ? Json(path.divergence->step) : Json();
    one["stands_still_from"] = path.standstill ? Json(path.standstill->step) : Json();
    one.update({{"x", x}, {"y", y}, {"loss", loss}});
    all.push_back(std::move(one));
  }
  return Json{{"surface", name_of(paths.of.surface)}, {"format", paths.of.format}, {"paths", all}}
             .dump(2) +
         "\n";
}

}  // namespace

Figure optimizers_figure(const Experiment& experiment, std::shared_ptr<const Paths> paths,
                         std::shared_ptr<SurfaceGround> ground) {
  const auto picture = std::make_shared<const PathsPicture>(
      PathsPicture{paths, experiment.optimizers, std::move(ground)});
  Figure figure{.experiment = experiment,
                .title = paths_sentence(*paths),
                .settings = describe_optimizers(paths->of),
                .foot = format_text("optimizers.computed", fmt::arg("format", paths->of.format)),
                .plots = {},
                .stacked = true,
                .csv = [paths] { return paths_to_csv(*paths); },
                .json = [paths] { return paths_to_json(*paths); }};
  figure.plots.push_back({surface_plot(picture)});
  figure.plots.back().height = 1.9f;
  figure.plots.push_back({descent_plot(picture)});
  figure.plots.push_back({anatomy_plot(picture)});
  figure.plots.back().alone = true;
  return figure;
}

}  // namespace nanscope
