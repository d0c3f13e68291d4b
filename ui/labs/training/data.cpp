#include "ui/labs/training/data.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "engine/base/strict_json.h"
#include "engine/recipe/decision_surface.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "engine/recipe/recipe_json.h"
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
  using Value = double (LayerHistory::*)(LayerQuantity, std::size_t, std::size_t) const;
  const auto looks_of = [&](LayerQuantity quantity, Value value_of) {
    Json looks = Json::array();
    for (std::size_t look = 0; look < layers.steps().size(); ++look) {
      Json& row = looks.emplace_back(Json::array());
      for (std::size_t layer = 0; layer < layers.layers().size(); ++layer) {
        const double value = (layers.*value_of)(quantity, look, layer);
        row.push_back(value == LayerHistory::kNone ? Json() : json_number(value));
      }
    }
    return looks;
  };
  for (const auto& [quantity, name] : Names<LayerQuantity>::all) {
    object[std::string(name)] = looks_of(quantity, &LayerHistory::value);
    if (!layers.thinned()) continue;
    object[fmt::format("{}_lowest", name)] = looks_of(quantity, &LayerHistory::lowest);
    object[fmt::format("{}_highest", name)] = looks_of(quantity, &LayerHistory::highest);
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

std::uint64_t seed_of(const RunSummary& run, int network) {
  return run.experiment.network.seed + static_cast<std::uint64_t>(network);
}

/// The classes and shares row by row from below, as lists.
Json surface_json(const DecisionSurface& surface) {
  return {{"steps", surface.steps},     {"side", surface.side},    {"low_x", surface.low_x},
          {"high_x", surface.high_x},   {"low_y", surface.low_y},  {"high_y", surface.high_y},
          {"classes", surface.classes}, {"shares", surface.shares}};
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

std::string layers_to_csv(const RunSummary& run, int network, std::optional<std::size_t> look) {
  const LayerHistory& layers = run.history->layers_of(network);
  std::string csv = "step,layer";
  for (const auto& [quantity, name] : Names<LayerQuantity>::all) csv += fmt::format(",{}", name);
  csv += '\n';
  const std::size_t first = look.value_or(0), end = look ? *look + 1 : layers.steps().size();
  for (std::size_t at = first; at < end; ++at)
    for (std::size_t layer = 0; layer < layers.layers().size(); ++layer) {
      csv += fmt::format("{},{}", layers.steps()[at], layers.layers()[layer]);
      for (const auto& [quantity, name] : Names<LayerQuantity>::all) {
        const double value = layers.value(quantity, at, layer);
        csv += value == LayerHistory::kNone ? "," : fmt::format(",{}", value);
      }
      csv += '\n';
    }
  return csv;
}

std::string gradients_to_csv(const RunSummary& run, int network) {
  std::string csv = "step,layer,low,count\n";
  const auto add = [&](const GradientMagnitudes& look) {
    for (const auto& [layer, counted] : look.layers) {
      const auto row = [&](double low, std::int64_t count) {
        csv += fmt::format("{},{},{},{}\n", look.step, layer, low, count);
      };
      row(0, counted.zeros);
      for (std::size_t i = 0; i < counted.counts.size(); ++i)
        row(std::ldexp(1.0, counted.first_exponent + static_cast<int>(i)), counted.counts[i]);
      row(INFINITY, counted.nonfinite);
    }
  };
  const auto& looks = run.history->gradients_of(network).looks();
  for (const auto& look : looks) add(*look);
  const auto& told = run.gradients_of(network);
  if (told && (looks.empty() || looks.back()->step < told->step)) add(*told);
  return csv;
}

std::string conditions_to_csv(const RunSummary& run, int network) {
  const RunHistory& history = *run.history;
  const Series& largest = history.of_network(&RunHistory::largest_condition, network);
  const Series& median = history.of_network(&RunHistory::median_condition, network);
  std::string csv = "step,largest,median\n";
  for (std::size_t i = 0; i < largest.size(); ++i)
    csv += fmt::format("{},{},{}\n", history.condition_looks[i], largest[i], median[i]);
  return csv;
}

std::string surface_to_csv(const RunSummary& run, int network) {
  const DecisionSurface& surface = *run.surface_of(network);
  std::string csv = "x,y,class,share\n";
  for (int row = 0; row < surface.side; ++row)
    for (int column = 0; column < surface.side; ++column) {
      const std::size_t cell = surface.cell(column, row);
      const int label = surface.classes[cell];
      csv += fmt::format("{},{},{},{}\n", surface.low_x + (column + 0.5) * surface.cell_width(),
                         surface.low_y + (row + 0.5) * surface.cell_height(),
                         label < 0 ? "" : std::to_string(label), surface.shares[cell]);
    }
  return csv;
}

std::string run_to_json(const RunSummary& run, int network, int of_conditions) {
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
  if (!history.condition_looks.empty()) {
    const auto of = [&](Series RunHistory::*column) {
      return list_of(history.of_network(column, of_conditions));
    };
    object["history"]["condition_number"] = {{"step", list_of(history.condition_looks)},
                                             {"largest", of(&RunHistory::largest_condition)},
                                             {"median", of(&RunHistory::median_condition)}};
    if (run.experiment.network.networks > 1)
      object["history"]["condition_number"]["seed"] = seed_of(run, of_conditions);
  }
  if (const LayerHistory& layers = history.layers_of(network); !layers.empty())
    object["history"]["layers"] = layers_of(layers);
  if (const auto& told = run.gradients_of(network))
    object["gradients"] = {{"step", told->step},
                           {"loss_scale", json_number(told->loss_scale)},
                           {"format", told->format},
                           {"first_exponent", told->first_exponent},
                           {"counts", told->counts},
                           {"zeros", told->zeros},
                           {"nonfinite", told->nonfinite},
                           {"total", told->total},
                           {"layers", gradients_json(*told).at("layers")}};
  if (run.surface) object["surface"] = surface_json(*run.surface_of(network));
  if (run.experiment.network.networks > 1)
    object["seen"] = {{"network", network}, {"seed", seed_of(run, network)}};
  for (const auto& look : history.gradients_of(network).looks()) {
    Json counted = gradients_json(*look);
    counted["step"] = look->step;
    counted["loss_scale"] = json_number(look->loss_scale);
    object["history"]["gradients"].push_back(std::move(counted));
  }
  return object.dump(2) + "\n";
}

}  // namespace nanscope
