#include "ui/labs/optimizers/figure.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/strict_json.h"
#include "ui/labs/optimizers/plots/anatomy_plot.h"
#include "ui/labs/optimizers/plots/descent_plot.h"
#include "ui/labs/optimizers/plots/paths_picture.h"
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
  if (paths.plane)
    for (const RunPlace& place : paths.plane->run)
      csv += fmt::format("run,{},{},{},{}\n", place.step, place.at[0], place.at[1], place.loss);
  return csv;
}

/// A grid row by row, from the lowest y on.
Json rows_of_grid(const std::vector<double>& losses, int side) {
  Json rows = Json::array();
  for (int row = 0; row < side; ++row) {
    Json& line = rows.emplace_back(Json::array());
    for (int column = 0; column < side; ++column)
      line.push_back(json_number(losses[static_cast<std::size_t>(row * side + column)]));
  }
  return rows;
}

/// The grid, and that of the part that is looked at; the run as it is projected, with the losses of
/// its own parameters.
Json plane_to_json(const LossPlane& plane) {
  Json step = Json::array(), x = Json::array(), y = Json::array(), loss = Json::array();
  for (const RunPlace& place : plane.run) {
    step.push_back(place.step);
    x.push_back(json_number(place.at[0]));
    y.push_back(json_number(place.at[1]));
    loss.push_back(json_number(place.loss));
  }
  Json zoomed;
  if (const LossGrid& part = plane.zoomed; part.side > 0)
    zoomed = {{"x", {part.view[0], part.view[1]}},
              {"y", {part.view[2], part.view[3]}},
              {"loss", rows_of_grid(part.losses, part.side)}};
  return {{"directions", name_of(plane.directions)},
          {"after", plane.after},
          {"x", {plane.view[0], plane.view[1]}},
          {"y", {plane.view[2], plane.view[3]}},
          {"lengths", plane.lengths},
          {"precision", name_of(plane.precision)},
          {"rows", plane.rows},
          {"loss", rows_of_grid(plane.losses, plane.side)},
          {"zoomed", std::move(zoomed)},
          {"share", moves(plane) ? Json(plane.share) : Json()},
          {"run", {{"step", step}, {"x", x}, {"y", y}, {"loss", loss}}}};
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
  Json whole{{"surface", name_of(paths.of.surface)}, {"format", paths.of.format}, {"paths", all}};
  if (paths.plane) whole["plane"] = plane_to_json(*paths.plane);
  return whole.dump(2) + "\n";
}

}  // namespace

Figure optimizers_figure(const Experiment& experiment, std::shared_ptr<const Paths> paths,
                         std::shared_ptr<SurfaceGround> ground) {
  const auto picture = std::make_shared<const PathsPicture>(
      PathsPicture{paths, experiment.optimizers, std::move(ground)});
  Figure figure{.experiment = experiment,
                .title = paths_sentence(*paths),
                .settings = describe_optimizers(*paths, experiment),
                .foot = paths_foot(*paths),
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
