#include "ui/labs/training/data.h"

#include <fmt/format.h>

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

}  // namespace

std::string run_to_csv(const RunSummary& run) {
  const RunHistory& history = *run.history;
  const bool looks = !history.looks.empty(), classes = !history.accuracy.empty();
  const bool scales = !history.loss_scale.empty();
  std::string csv =
      fmt::format("step,loss,lr,grad_norm{}{}{}\n", scales ? ",loss_scale,skipped" : "",
                  looks ? ",held_out_loss" : "", classes ? ",accuracy" : "");
  std::size_t look = 0;
  const auto add_look = [&](double step) {
    if (!looks) return;
    const bool here = look < history.looks.size() && history.looks[look] == step;
    csv += here ? fmt::format(",{}", history.held_out_loss[look]) : ",";
    if (classes) csv += here ? fmt::format(",{}", history.accuracy[look]) : ",";
    look += here ? 1 : 0;
  };
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    csv += fmt::format("{},{},{},{}", history.steps[i], history.loss[i], history.lr[i],
                       history.grad_norm[i]);
    if (scales) csv += fmt::format(",{},{:d}", history.loss_scale[i], bool(history.skipped[i]));
    add_look(history.steps[i]);
    csv += "\n";
  }
  // After the last step there is no loss of a batch any more.
  if (look < history.looks.size()) {
    csv += fmt::format("{},,,{}", history.looks[look], scales ? ",," : "");
    add_look(history.looks[look]);
    csv += "\n";
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
