#include "ui/labs/training/data.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/base/strict_json.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

Json list_of(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(json_number(value));
  return list;
}

/// A list a look, of a value a layer.
Json layers_of(const LayerHistory& layers) {
  Json object{{"layer", layers.layers()}, {"step", list_of(layers.steps())}};
  for (const auto& [quantity, name] : Names<LayerQuantity>::all) {
    Json looks = Json::array();
    for (std::size_t look = 0; look < layers.steps().size(); ++look) {
      Json& row = looks.emplace_back(Json::array());
      for (std::size_t layer = 0; layer < layers.layers().size(); ++layer) {
        const double value = layers.value(quantity, look, layer);
        row.push_back(value == LayerHistory::kNone ? Json() : json_number(value));
      }
    }
    object[std::string(name)] = std::move(looks);
  }
  return object;
}

/// The bands that a run of several networks has, by the columns that are their medians.
using NamedBand = std::pair<const char*, const RunHistory::Band*>;
std::vector<NamedBand> bands_of_steps(const RunHistory& history) {
  std::vector<NamedBand> bands{{"loss", &history.losses}, {"grad_norm", &history.grad_norms}};
  if (!history.loss_scales.low.empty()) bands.emplace_back("loss_scale", &history.loss_scales);
  if (history.losses.low.empty()) bands.clear();
  return bands;
}
std::vector<NamedBand> bands_of_looks(const RunHistory& history) {
  std::vector<NamedBand> bands;
  if (!history.held_out_losses.low.empty())
    bands.emplace_back("held_out_loss", &history.held_out_losses);
  if (!history.accuracies.low.empty()) bands.emplace_back("accuracy", &history.accuracies);
  return bands;
}

/// ",0.1,0.3" for each band, or as many empty places.
std::string ends_at(const std::vector<NamedBand>& bands, std::optional<std::size_t> place) {
  std::string cells;
  for (const auto& [name, band] : bands)
    cells += place && *place < band->low.size()
                 ? fmt::format(",{},{}", band->low[*place], band->high[*place])
                 : ",,";
  return cells;
}

Json ends_json(const std::vector<NamedBand>& bands) {
  Json json;
  for (const auto& [name, band] : bands)
    json[name] = {{"low", list_of(band->low)}, {"high", list_of(band->high)}};
  return json;
}

}  // namespace

std::string run_to_csv(const RunSummary& run) {
  const RunHistory& history = *run.history;
  const auto of_steps = bands_of_steps(history), of_looks = bands_of_looks(history);
  const bool looks = !history.looks.empty(), classes = !history.accuracy.empty();
  const bool scales = !history.loss_scale.empty();
  std::string csv = fmt::format("step,loss,lr,grad_norm{}{}{}", scales ? ",loss_scale,skipped" : "",
                                looks ? ",held_out_loss" : "", classes ? ",accuracy" : "");
  for (const auto& bands : {of_steps, of_looks})
    for (const auto& [name, band] : bands) csv += fmt::format(",{0}_low,{0}_high", name);
  csv += "\n";
  std::size_t look = 0;
  std::optional<std::size_t> looked;  // at the step that is written
  const auto add_look = [&](double step) {
    if (!looks) return;
    const bool here = look < history.looks.size() && history.looks[look] == step;
    csv += here ? fmt::format(",{}", history.held_out_loss[look]) : ",";
    if (classes) csv += here ? fmt::format(",{}", history.accuracy[look]) : ",";
    looked = here ? std::optional(look) : std::nullopt;
    look += here ? 1 : 0;
  };
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    csv += fmt::format("{},{},{},{}", history.steps[i], history.loss[i], history.lr[i],
                       history.grad_norm[i]);
    if (scales) csv += fmt::format(",{},{:d}", history.loss_scale[i], bool(history.skipped[i]));
    add_look(history.steps[i]);
    csv += ends_at(of_steps, i) + ends_at(of_looks, looked) + "\n";
  }
  // After the last step there is no loss of a batch any more.
  if (look < history.looks.size()) {
    csv += fmt::format("{},,,{}", history.looks[look], scales ? ",," : "");
    add_look(history.looks[look]);
    csv += ends_at(of_steps, std::nullopt) + ends_at(of_looks, looked) + "\n";
  }
  return csv;
}

std::string run_to_json(const RunSummary& run) {
  const RunHistory& history = *run.history;
  Json object = Json::parse(summary_to_json(run));
  object["history"] = {{"step", list_of(history.steps)},
                       {"loss", list_of(history.loss)},
                       {"lr", list_of(history.lr)},
                       {"grad_norm", list_of(history.grad_norm)},
                       {"held_out",
                        {{"step", list_of(history.looks)},
                         {"loss", list_of(history.held_out_loss)},
                         {"accuracy", list_of(history.accuracy)}}}};
  if (!history.loss_scale.empty()) {
    object["history"]["loss_scale"] = list_of(history.loss_scale);
    object["history"]["skipped"] = history.skipped;
  }
  if (!history.losses.low.empty()) {
    object["history"]["networks"] = ends_json(bands_of_steps(history));
    object["history"]["held_out"]["networks"] = ends_json(bands_of_looks(history));
  }
  if (!history.layers.empty()) object["history"]["layers"] = layers_of(history.layers);
  if (run.gradients)
    object["gradients"] = {{"step", run.gradients->step},
                           {"loss_scale", json_number(run.gradients->loss_scale)},
                           {"format", run.gradients->format},
                           {"first_exponent", run.gradients->first_exponent},
                           {"counts", run.gradients->counts},
                           {"zeros", run.gradients->zeros},
                           {"nonfinite", run.gradients->nonfinite},
                           {"total", run.gradients->total}};
  return object.dump(2) + "\n";
}

}  // namespace nanscope
