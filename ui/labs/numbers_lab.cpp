#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/roundoff/roundoff.h"
#include "imgui.h"
#include "ui/labs/lab.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/numbers_bits.h"
#include "ui/labs/numbers_controls.h"
#include "ui/labs/numbers_figure.h"
#include "ui/labs/numbers_inspector.h"
#include "ui/plots/roundoff_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/skeleton.h"

namespace nanscope {
namespace {

class NumbersLab final : public Lab {
 public:
  LabName name() const override { return LabName::numbers; }
  std::string_view title_key() const override { return "lab.numbers"; }
  std::vector<std::string_view> plot_names() const override { return numbers_plot_names(); }
  std::optional<LabRequest> request(const Experiment& experiment) const override;
  std::optional<Figure> figure(const Experiment& experiment,
                               const LabResults& results) const override {
    return numbers_figure(experiment, results.roundoff);
  }
  std::vector<std::string> status(const LabResults& results) const override;
  std::string_view current_plot() const override { return pointed_; }
  void toggle_maximized() override { maximized_ = maximized_.empty() ? pointed_ : std::string(); }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_numbers_controls(view, draft, requests, bits_, typing_);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  void cards(const Figure& figure, const LabView& view, float table);
  void experiment(const LabView& view);

  BitsView bits_;
  NumberTyping typing_;
  std::string pointed_;    ///< the plot under the pointer, or ""
  std::string maximized_;  ///< the plot that is shown alone, or ""
};

std::optional<LabRequest> NumbersLab::request(const Experiment& experiment) const {
  if (!find_roundoff_experiment(experiment.numbers.view)) return std::nullopt;
  RoundoffSettings settings = experiment.numbers.settings;
  settings.seed = experiment.seed;
  return RoundoffRequest{experiment.numbers.view, settings};
}

std::vector<std::string> NumbersLab::status(const LabResults&) const {
  return {text("numbers.status")};
}

/// The plots of a figure in cards under one another.
void NumbersLab::cards(const Figure& figure, const LabView& view, float table) {
  const ImVec2 space = ImGui::GetContentRegionAvail();
  const float gap = unit(view.style);
  float shares = 0, fixed = gap * static_cast<float>(figure.plots.size() - 1);
  for (const FigurePlot& plot : figure.plots)
    plot.name == "roundoff_table" ? fixed += table : shares += plot.height;
  for (const FigurePlot& plot : figure.plots) {
    const float height = plot.name == "roundoff_table"
                             ? table
                             : std::floor((space.y - fixed) * plot.height / shares);
    if (!maximized_.empty() && maximized_ != plot.name) continue;
    const Card card(plot.name.c_str(), {space.x, maximized_.empty() ? height : space.y},
                    view.style);
    if (card.hovered()) pointed_ = plot.name;
    plot.draw(view.style, ImGui::GetContentRegionAvail());
  }
}

void NumbersLab::experiment(const LabView& view) {
  // The last chart stays while the next one is computed; another experiment's does not.
  const auto& chart = view.session.results.roundoff;
  if (!shows(view.experiment, chart.get()))
    return plot_skeleton(ImGui::GetContentRegionAvail(), view.style);
  const std::optional<Figure> figure = numbers_figure(view.experiment, chart);
  if (!figure) return;
  const float room = ImGui::GetContentRegionAvail().y * 0.36f;
  cards(*figure, view,
        std::min(roundoff_table_height(*chart, view.style) + 2.5f * unit(view.style), room));
}

void NumbersLab::plots(const LabView& view, LabRequests& requests) {
  const ImVec2 corner = ImGui::GetCursorPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const std::string& shown = view.experiment.numbers.view;
  const float summary = measure_summary(view.summary, width, view.style);
  if (!view.covered) {
    draw_sentence(numbers_sentence(view.experiment, view.session.results.roundoff.get()), width,
                  sentence_row(), view.style);
    ImGui::SetCursorPos({corner.x, corner.y + sentence_row()});
    draw_summary(view.summary, width, summary, view.style);
  }
  ImGui::SetCursorPos({corner.x, corner.y + sentence_row() + summary + unit(view.style)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {unit(view.style), unit(view.style)});
  pointed_.clear();
  if (shown == "bits") {
    bits_.draw(view, requests);
    pointed_ = bits_.pointed();
  } else if (shown == "ranges") {
    cards(*numbers_figure(view.experiment, nullptr), view, 0);
  } else {
    experiment(view);
  }
  ImGui::PopStyleVar();
}

void NumbersLab::inspector(const LabView& view, LabRequests& requests) {
  const std::string& shown = view.experiment.numbers.view;
  if (shown == "bits") {
    if (const NumberRow* row = bits_.chosen_row(view.experiment))
      draw_number_inspector(*row, view.style, requests);
  } else if (shown == "ranges") {
    draw_ranges_inspector(view.experiment, view.style);
  } else if (const auto& chart = view.session.results.roundoff;
             shows(view.experiment, chart.get())) {
    draw_roundoff_inspector(*chart, view.style);
  }
}

}  // namespace

std::unique_ptr<Lab> make_numbers_lab() { return std::make_unique<NumbersLab>(); }

}  // namespace nanscope
