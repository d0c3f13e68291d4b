#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "engine/roundoff/roundoff.h"
#include "engine/roundoff/roundoff_request.h"
#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/labs/figure_cards.h"
#include "ui/labs/lab_header.h"
#include "ui/labs/numbers/bits.h"
#include "ui/labs/numbers/controls.h"
#include "ui/labs/numbers/figure.h"
#include "ui/labs/numbers/inspector.h"
#include "ui/labs/numbers/numbers_lab.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/labs/plot_menu.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/skeleton.h"

namespace nanscope {
namespace {

class NumbersLab final : public Lab {
 public:
  LabName name() const override { return LabName::numbers; }
  std::string_view title_key() const override { return "lab.numbers"; }
  std::vector<std::string_view> plot_names() const override { return numbers_plot_names(); }
  std::vector<TitledView> views() const override;
  Experiment showing(std::string_view plot, Experiment experiment) const override;
  Result<void> check(std::string_view plot, const Experiment& experiment) const override;
  Result<void> check_view(const Experiment& experiment, const JobResults& results) const override;
  std::vector<JobRequest> jobs(const Experiment& experiment) const override;
  std::optional<Figure> figure(const Experiment& experiment,
                               const JobResults& results) const override {
    std::optional<Figure> figure = numbers_figure(experiment, results.latest<RoundoffRequest>());
    if (figure) look_at(*figure, experiment.view);
    return figure;
  }
  /// Not while what is typed is no number.
  bool up_to_date(const Experiment& experiment, const std::vector<JobRequest>& jobs,
                  const SessionView& session) const override;
  std::string shown(const Experiment& experiment, const SessionView& session) const override;
  std::vector<std::string> status(const JobResults& results) const override;
  std::string_view pointed_plot() const override { return pointed_; }
  std::vector<ViewZoom> lockable_axes() const override { return charts_.lock().axes(); }

  void controls(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_numbers_controls(view, draft, requests, bits_, typing_);
  }
  void main_control(const LabView& view, Experiment& draft, LabRequests& requests) override {
    draw_numbers_main_control(view, draft, requests, typing_);
  }
  void plots(const LabView& view, LabRequests& requests) override;
  void inspector(const LabView& view, LabRequests& requests) override;

 private:
  BitsView bits_;
  NumberTyping typing_;
  InteractiveCharts charts_;
  std::string charted_;  ///< the view that the charts are of
  std::string pointed_;  ///< the plot under the pointer, or ""
  ViewSpec seen_;        ///< the view in the frame before
};

/// The experiments on rounding that count values by their size; the others have curves and a table.
constexpr std::array<std::string_view, 2> kWithHistogram{"loss_scaling", "quantization"};

/// The view that a plot belongs to; "" for the plots of every experiment on rounding.
std::string_view view_of(std::string_view plot) {
  if (plot == "number_bits" || plot == "number_line") return "bits";
  if (plot == "number_ranges" || plot == "number_resolution") return "ranges";
  return "";
}

std::vector<TitledView> NumbersLab::views() const {
  std::vector<TitledView> views;
  for (const std::string_view view : numbers_views())
    views.push_back({"numbers.view", view, text(fmt::format("numbers.view.{}", view))});
  return views;
}

Experiment NumbersLab::showing(std::string_view plot, Experiment experiment) const {
  if (const std::string_view view = view_of(plot); !view.empty()) experiment.numbers.view = view;
  return experiment;
}

Result<void> NumbersLab::check(std::string_view plot, const Experiment& experiment) const {
  const std::string& view = experiment.numbers.view;
  if (const RoundoffExperiment* shown = find_roundoff_experiment(view)) {
    if (plot == "roundoff_histogram" && !std::ranges::count(kWithHistogram, view))
      return input_error("numbers.view", "\"{}\" has no plot {}; these have: {}.", view, plot,
                         name_list(kWithHistogram));
    return validate_roundoff(*shown, experiment.numbers.settings);
  }
  if (plot.empty() || !view_of(plot).empty()) return {};
  std::vector<std::string_view> names(kWithHistogram.begin(), kWithHistogram.end());
  if (plot != "roundoff_histogram") {
    names.clear();
    for (const RoundoffExperiment& one : roundoff_experiments()) names.push_back(one.name);
  }
  return input_error("numbers.view",
                     "\"{}\" has no plot {}; that is of an experiment on rounding: {}.", view, plot,
                     name_list(names));
}

Result<void> NumbersLab::check_view(const Experiment& experiment, const JobResults&) const {
  const std::vector<std::string>& formats = experiment.numbers.settings.formats;
  const std::string& row = experiment.view.row;
  if (row.empty() || experiment.numbers.view != "bits") return {};
  const auto number = number_bits(experiment);
  if (!number || number->row(row)) return {};
  return input_error("view.row", "{} is not there; numbers.formats are {}.", row,
                     name_list(formats));
}

std::vector<JobRequest> NumbersLab::jobs(const Experiment& experiment) const {
  if (!find_roundoff_experiment(experiment.numbers.view)) return {};
  RoundoffSettings settings = experiment.numbers.settings;
  settings.seed = experiment.network.seed;
  return {RoundoffRequest{experiment.numbers.view, settings}};
}

bool NumbersLab::up_to_date(const Experiment& experiment, const std::vector<JobRequest>& jobs,
                            const SessionView& session) const {
  const Numbers& numbers = experiment.numbers;
  if (numbers.view == "bits" && typing_.problem && typing_.of_input == numbers.input) return false;
  return Lab::up_to_date(experiment, jobs, session);
}

std::string NumbersLab::shown(const Experiment& experiment, const SessionView& session) const {
  const std::string separator = text("describe.separator");
  if (jobs(experiment).empty())
    return experiment.numbers.input + separator + describe_numbers(experiment);
  const SlotView& slot = session.slot(RoundoffRequest::kSlot);
  if (!slot.answered) return "";
  const auto& request = *slot.answered->as<RoundoffRequest>();
  Experiment answered = experiment;
  answered.numbers.view = request.experiment;
  answered.numbers.settings = request.settings;
  return request.experiment + separator + describe_numbers(answered);
}

std::vector<std::string> NumbersLab::status(const JobResults&) const {
  return {text("numbers.status")};
}

void NumbersLab::plots(const LabView& view, LabRequests& requests) {
  const std::string& shown = view.experiment.numbers.view;
  const auto chart = view.session.results.latest<RoundoffRequest>();
  draw_header(view, numbers_sentence(view.experiment, chart.get()), requests);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {unit(view.style), unit(view.style)});
  pointed_.clear();
  ViewSpec looked = view.experiment.view;
  // The same axes are about something else in another view, unless that came with a zoom.
  if (charted_ != shown) charts_.clear();
  if (!charted_.empty() && charted_ != shown && looked == seen_)
    for (const std::string_view plot : plot_names()) forget_plot(looked, plot);
  charted_ = shown;
  charts_.show(looked, view.dragging, view.settled);
  const std::optional<Figure> figure =
      shown == "bits" ? std::nullopt : numbers_figure(view.experiment, chart);
  if (shown == "bits") {
    bits_.draw(view, requests, looked, charts_, [&](std::string_view plot) {
      draw_plot_menu(*this, plot, view, looked, charts_, requests);
    });
    pointed_ = bits_.pointed();
  } else if (figure) {
    pointed_ = draw_figure_cards(*this, *figure, view, looked, charts_, requests).pointed;
  } else {
    // The last chart stays while the next one is computed; another experiment's does not.
    plot_skeleton(ImGui::GetContentRegionAvail(), view.style);
  }
  ImGui::PopStyleVar();
  looked = charts_.looked_at(std::move(looked));
  seen_ = looked;
  if (looked != view.experiment.view) requests.view = looked;
}

void NumbersLab::inspector(const LabView& view, LabRequests& requests) {
  const std::string& shown = view.experiment.numbers.view;
  if (shown == "bits") {
    if (const NumberRow* row = bits_.chosen_row(view.experiment))
      draw_number_inspector(*row, view.style, requests);
  } else if (shown == "ranges") {
    draw_ranges_inspector(view.experiment, view.style);
  } else if (const auto chart = view.session.results.latest<RoundoffRequest>();
             shows(view.experiment, chart.get())) {
    draw_roundoff_inspector(*chart, view.style, requests);
  }
}

}  // namespace

std::unique_ptr<Lab> make_numbers_lab() { return std::make_unique<NumbersLab>(); }

}  // namespace nanscope
