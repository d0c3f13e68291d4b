#include "ui/labs/describe.h"

#include <fmt/format.h>

#include <string>

#include "ui/labs/describe_plan.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// The word for an enum's value: "describe.activation.relu".
template <class E>
std::string word(const char* group, E value) {
  return text(fmt::format("describe.{}.{}", group, name_of(value)));
}

std::string describe_model(const Model& model) {
  std::string words =
      format_text(model.depth == 1 ? "describe.one_layer" : "describe.layers",
                  fmt::arg("depth", model.depth), fmt::arg("width", model.width),
                  fmt::arg("activation", word("activation", effective_activation(model))));
  if (model.norm != Norm::none) words += ", " + word("norm", model.norm);
  if (model.residual) words += text("describe.residual");
  if (model.bias) words += text("describe.bias");
  return words;
}

std::string describe_init(const Init& init) {
  std::string words = word("scheme", init.scheme);
  if (init.scheme == InitScheme::truncated)
    words = format_text(
        init.cut_reading == CutReading::absolute ? "describe.cut_absolute" : "describe.cut_std",
        fmt::arg("scheme", words), fmt::arg("cut", number_text(init.cut)));
  return format_text("describe.gain", fmt::arg("scheme", words),
                     fmt::arg("gain", number_text(init.gain)));
}

std::string describe_input(const Experiment& experiment) {
  std::string data = word("data", experiment.data.kind);
  if (experiment.data.kind == DataKind::file)
    data = format_text(
        "describe.data.file",
        fmt::arg("file", experiment.data.path.substr(experiment.data.path.find_last_of('/') + 1)));
  return format_text("describe.input", fmt::arg("data", data),
                     fmt::arg("batch", experiment.data.batch));
}

}  // namespace

std::string describe(const Experiment& experiment, int input_features) {
  std::string words = describe_model(experiment.network.model);
  if (input_features > 0) words += count_text("describe.input_layer", input_features);
  return words + text("describe.separator") + describe_init(experiment.network.init) +
         text("describe.separator") + describe_input(experiment) + text("describe.separator") +
         word("precision", experiment.network.precision);
}

std::string describe_plan(const Experiment& experiment) {
  const TrainingSpec& training = experiment.training;
  const std::string separator = text("describe.separator");
  std::string words = describe_model(experiment.network.model) + separator +
                      describe_input(experiment) + separator +
                      word("precision", experiment.network.precision) + separator +
                      std::string(name_of(training.optimizer.kind));
  const auto add = [&](const char* key, int value) {
    words += fmt::format("{}{} {}", separator, text(key), value);
  };
  if (training.accumulation > 1) add("control.accumulation", training.accumulation);
  if (training.recompute > 1) add("control.recompute", training.recompute);
  if (experiment.network.networks > 1) add("control.networks", experiment.network.networks);
  return words;
}

std::string precision_words(Precision precision, bool emulated) {
  return word("precision", precision) + " " + text(emulated ? "plot.emulated" : "plot.native");
}

std::string measured_words(Precision precision, bool emulated) {
  return format_text(emulated ? "plot.measured_emulated" : "plot.measured_native",
                     fmt::arg("precision", word("precision", precision)));
}

}  // namespace nanscope
