#include "toy_lab.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "halving.h"
#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/labs/experiment_controls.h"
#include "ui/labs/lab_header.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr LabName kToy{"toy"};

std::string halvings_words(const Halvings& halvings) {
  return fmt::format("{}", fmt::join(halvings.values, " "));
}

/// Shows the batch, halved some times.
class ToyLab final : public Lab {
 public:
  LabName name() const override { return kToy; }
  std::string_view title_key() const override { return "lab.toy"; }
  std::vector<std::string_view> plot_names() const override { return {"halvings"}; }
  std::vector<JobRequest> jobs(const Experiment& experiment) const override {
    return {HalvingRequest{double(experiment.data.batch), 4}};
  }
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override {
    const auto halvings = results.latest<HalvingRequest>();
    if (!halvings) return std::nullopt;
    Figure figure;
    figure.experiment = experiment;
    figure.title = halvings_words(*halvings);
    const auto draw = [halvings](Canvas& canvas, const PlotPlace& place) {
      canvas.text(place.corner, halvings_words(*halvings),
                  {Face::regular, canvas.style().font_size, ink(canvas.style().palette.text)});
    };
    FigurePlot plot;
    plot.plot.name = "halvings";
    plot.plot.draw = draw;
    figure.plots.push_back(std::move(plot));
    figure.csv = [halvings] { return halvings_words(*halvings) + "\n"; };
    figure.json = figure.csv;
    return figure;
  }
  std::vector<std::string> status(const JobResults& results) const override {
    const auto halvings = results.latest<HalvingRequest>();
    if (!halvings) return {};
    return {format_text("toy.status", fmt::arg("count", halvings->values.size()))};
  }
  std::string_view pointed_plot() const override { return "halvings"; }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    ControlScope scope{view, draft, requests};
    number_control({.key = "batch"}, scope);
  }
  void plots(const LabView& view, LabRequests& requests) override {
    const auto halvings = view.session.results.latest<HalvingRequest>();
    draw_header(view, halvings ? halvings_words(*halvings) : text("toy.wait"), requests);
    ImGui::TextUnformatted(text("toy.hint"));
  }
  void inspector(const LabView&, LabRequests&) override {
    ImGui::TextUnformatted(text("toy.hint"));
  }
};

constexpr auto kToyTexts = sorted(std::to_array<TextEntry>({
    {"lab.toy", "Toy"},
    {"plot.short.halvings", "halvings"},
    {"toy.wait", "Halving ..."},
    {"toy.status", "{count} halvings"},
    {"toy.hint", "Each number is half of the one before it."},
}));

}  // namespace

std::unique_ptr<Lab> make_toy_lab() { return std::make_unique<ToyLab>(); }
TextTable english_toy_texts() { return kToyTexts; }

}  // namespace nanscope
