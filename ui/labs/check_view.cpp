#include "ui/labs/check_view.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/nearest_name.h"
#include "engine/experiment/json.h"
#include "ui/labs/labs.h"

namespace nanscope {
namespace {

tl::unexpected<Error> no_such_plot(const char* key, const std::string& plot,
                                   const std::vector<std::string>& all) {
  if (const std::string nearest = nearest_name(plot, all); !nearest.empty())
    return input_error(key, "there is no plot {}; did you mean {}?", plot, nearest);
  return input_error(key, "there is no plot {}; there are {}.", plot, name_list(all));
}

/// The plot that is shown alone belongs to the experiment's lab.
Result<void> check_plot_alone(const Experiment& experiment,
                              const std::vector<std::unique_ptr<Lab>>& labs,
                              const std::vector<std::string>& all) {
  const std::string& plot = experiment.view.plot;
  if (plot.empty()) return {};
  for (const auto& lab : labs) {
    if (std::ranges::count(lab->plot_names(), plot) == 0) continue;
    if (lab->name() == experiment.lab) return {};
    const auto own = std::ranges::find(labs, experiment.lab, &Lab::name);
    return input_error("view.plot",
                       "{} is a plot of the lab {}, but the lab is {}; add lab={}, or choose one "
                       "of {}.",
                       plot, name_of(lab->name()), name_of(experiment.lab), name_of(lab->name()),
                       name_list((*own)->plot_names()));
  }
  // Near one of any lab it is that; else it is one of this lab.
  if (!nearest_name(plot, all).empty()) return no_such_plot("view.plot", plot, all);
  const auto own = std::ranges::find(labs, experiment.lab, &Lab::name);
  std::vector<std::string> of_lab;
  for (const std::string_view name : (*own)->plot_names()) of_lab.emplace_back(name);
  return no_such_plot("view.plot", plot, of_lab);
}

}  // namespace

Result<void> check_view(const Experiment& experiment, const JobResults& results) {
  const std::vector<std::unique_ptr<Lab>> labs = make_labs();
  std::vector<std::string> all;
  for (const auto& lab : labs)
    for (const std::string_view plot : lab->plot_names()) all.emplace_back(plot);
  if (auto good = check_plot_alone(experiment, labs, all); !good) return good;
  const std::pair<const char*, const std::vector<ViewZoom>*> zooms[] = {
      {"view.zoom", &experiment.view.zoom}, {"view.lock", &experiment.view.lock}};
  for (const auto& [key, axes] : zooms)
    for (const ViewZoom& zoom : *axes)
      if (std::ranges::find(all, zoom.plot) == all.end()) return no_such_plot(key, zoom.plot, all);
  for (const ViewPin& pin : experiment.view.pins)
    if (std::ranges::find(all, pin.plot) == all.end())
      return no_such_plot("view.pins", pin.plot, all);
  for (const auto& lab : labs)
    if (auto good = lab->check_view(experiment, results); !good) return good;
  return {};
}

Experiment with_view_of_what_is_there(Experiment experiment) {
  for (auto good = check_view(experiment); !good; good = check_view(experiment)) {
    const std::string& key = good.error().where;
    const auto without = with_key(experiment, key, key_text({}, key));
    if (!without || *without == experiment) break;
    experiment = *without;
  }
  return experiment;
}

}  // namespace nanscope
