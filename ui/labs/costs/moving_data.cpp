#include "ui/labs/costs/moving_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "imgui.h"
#include "ui/labs/costs/plots/data_plots.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"

namespace nanscope {
namespace {

/// "tokens.bin", or that it was made.
std::string name_of_file(const MovingData& data) {
  if (data.of.file.empty()) return text("costs.data.made");
  return data.path.substr(data.path.rfind('/') + 1);
}

std::string ways_to_csv(const MovingData& data) {
  std::string csv = "way,open_seconds,batch_seconds,resident_bytes\n";
  const auto row = [&](const char* name, const DataWay& way) {
    csv += fmt::format("{},{},{},{}\n", name, way.open_seconds, way.batch_seconds, way.resident);
  };
  row("mapped", data.mapped);
  if (data.loaded) row("loaded", *data.loaded);
  return csv;
}

std::string overlap_to_csv(const MovingData& data) {
  std::string csv = "order,work,batch,begin_seconds,end_seconds\n";
  for (const auto& [order, timeline] :
       {std::pair{"in_turns", &data.in_turns}, {"overlapped", &data.overlapped}})
    for (const DataSpan& span : timeline->spans)
      csv += fmt::format("{},{},{},{},{}\n", order, span.computes ? "compute" : "copy",
                         span.batch + 1, span.begin, span.end);
  return csv;
}

std::string loader_to_csv(const MovingData& data) {
  std::string csv = "batch,threads,batches_per_second,bytes_per_second\n";
  for (const LoaderSpeed& one : data.loader)
    csv += fmt::format("{},{},{},{}\n", one.batch, one.threads, one.batches_per_second,
                       one.bytes_per_second);
  return csv;
}

double bytes_of(const MovingData& data) { return static_cast<double>(data.bytes); }

std::string cached_words(const MovingData& data) {
  constexpr double kNone = 0.05;
  if (data.cached <= kNone) return text("costs.data.cold");
  return format_text("costs.data.warm",
                     fmt::arg("share", fmt::format("{:.0f}", 100 * data.cached)));
}

}  // namespace

void add_moving_data_plots(Figure& figure, const std::shared_ptr<const MovingData>& data) {
  auto bars = std::make_shared<const StackedBars>(data_ways_bars(*data));
  FigurePlot ways;
  ways.text_height = bar_rows_height(*bars);
  ways.plot = bar_rows(bars);
  ways.csv = [data] { return ways_to_csv(*data); };
  figure.plots.push_back(std::move(ways));
  figure.plots.push_back({overlap_plot(data)});
  figure.plots.back().csv = [data] { return overlap_to_csv(*data); };
  figure.plots.push_back({loader_plot(data)});
  figure.plots.back().csv = [data] { return loader_to_csv(*data); };
}

std::string moving_data_sentence(const MovingData& data) {
  std::string words = format_text("costs.data.sentence.mapped",
                                  fmt::arg("seconds", seconds_text(data.mapped.seconds())),
                                  fmt::arg("bytes", decimal_bytes(bytes_of(data))));
  if (data.loaded)
    words += " " + format_text("costs.data.sentence.loaded",
                               fmt::arg("seconds", seconds_text(data.loaded->seconds())));
  else
    words += std::string(" ") + text("costs.data.sentence.too_large");
  const double share = data.overlapped.seconds / data.in_turns.seconds;
  if (share >= 1) return words + " " + text("costs.data.sentence.no_gain");
  return words + " " +
         format_text("costs.data.sentence.overlap",
                     fmt::arg("share", fmt::format("{:.0f}", 100 * share)));
}

std::string describe_moving_data(const MovingData& data) {
  return format_text("costs.data.describe", fmt::arg("file", name_of_file(data)),
                     fmt::arg("bytes", decimal_bytes(bytes_of(data))),
                     fmt::arg("batch", data.of.batch), fmt::arg("length", data.of.length),
                     fmt::arg("compute", number_text(data.of.compute)));
}

std::string moving_data_to_csv(const MovingData& data) {
  std::string csv = "quantity,name,batch,threads,value\n";
  const auto row = [&](const char* quantity, const char* name, double value) {
    csv += fmt::format("{},{},,,{}\n", quantity, name, value);
  };
  const auto way = [&](const char* name, const DataWay& one) {
    row("open_seconds", name, one.open_seconds);
    row("batch_seconds", name, one.batch_seconds);
    row("resident_bytes", name, static_cast<double>(one.resident));
  };
  way("mapped", data.mapped);
  if (data.loaded) way("loaded", *data.loaded);
  row("seconds_of_a_batch", "copy", data.copy_seconds);
  row("seconds_of_a_batch", "compute", data.compute_seconds);
  const auto order = [&](const char* name, const DataTimeline& timeline, double predicted) {
    row("seconds", name, timeline.seconds);
    row("predicted_seconds", name, predicted);
  };
  const double copy = data.copy_seconds, compute = data.compute_seconds;
  order("in_turns", data.in_turns, seconds_in_turns(data.batches, copy, compute));
  order("overlapped", data.overlapped, seconds_overlapped(data.batches, copy, compute));
  for (const LoaderSpeed& one : data.loader)
    csv += fmt::format("bytes_per_second,loader,{},{},{}\n", one.batch, one.threads,
                       one.bytes_per_second);
  return csv;
}

void moving_data_sections(ControlScope& scope) {
  const Style& style = scope.view.style;
  wrapped_text(text("costs.data.about"), style.fonts.regular, text_size::small,
               style.palette.muted);
  heading(text("costs.data.section.file"), style);
  ImGui::PushID("costs.file");
  styled_text(text("control.costs.file"), style.fonts.regular, 0.875f, style.palette.muted);
  key_field("##value", "costs.file", ImGui::GetContentRegionAvail().x, scope);
  key_tooltip("costs.file", scope.view);
  key_menu("menu", "costs.file", scope);
  key_refusal("costs.file", scope);
  ImGui::PopID();
  if (scope.draft.costs.file.empty())
    number_control({.key = "costs.file_bytes", .logarithmic = true, .low = 1e6, .high = 1e9},
                   scope);
  heading(text("costs.section.batch"), style);
  number_control({.key = "costs.data_batch", .logarithmic = true, .low = 1, .high = 4096}, scope);
  number_control({.key = "costs.data_length", .logarithmic = true, .low = 16, .high = 16384},
                 scope);
  heading(text("costs.data.section.compute"), style);
  number_control({.key = "costs.compute", .logarithmic = true, .low = 0.1, .high = 10}, scope);
}

void moving_data_inspector(const MovingData& data, const LabView& view, LabRequests& requests) {
  const Style& style = view.style;
  const auto paragraph = [&](const std::string& words) {
    wrapped_text(words, style.fonts.regular, 0.875f, style.palette.muted);
  };
  heading(text("costs.data.section.file"), style);
  {
    NumberTable table("file", {"", text("costs.data.measured")}, style, requests.copy);
    table.row({text("costs.data.tokens"), grouped(static_cast<double>(data.tokens()))},
              style.palette.text);
    table.row({text("costs.data.token_bytes"), std::to_string(data.token_bytes)},
              style.palette.text);
    const auto way = [&](const char* name, const DataWay& one) {
      table.row({text(name), seconds_text(one.seconds())}, style.palette.text);
      table.row({text("costs.data.resident_row"), bytes_text(static_cast<double>(one.resident))},
                style.palette.text);
    };
    way("costs.data.mapped", data.mapped);
    if (data.loaded) way("costs.data.loaded", *data.loaded);
  }
  paragraph(cached_words(data));
  if (!data.loaded) paragraph(text("costs.data.sentence.too_large"));
  heading(text("costs.data.section.overlap"), style);
  const double copy = data.copy_seconds, compute = data.compute_seconds;
  {
    NumberTable table("overlap", {"", text("costs.predicted"), text("costs.data.measured")}, style,
                      requests.copy);
    table.row({text("costs.data.copy_c"), "", seconds_text(copy)}, style.palette.text);
    table.row({text("costs.data.compute_k"), "", seconds_text(compute)}, style.palette.text);
    table.row(
        {text("costs.data.in_turns"), seconds_text(seconds_in_turns(data.batches, copy, compute)),
         seconds_text(data.in_turns.seconds)},
        style.palette.text);
    table.row({text("costs.data.overlapped"),
               seconds_text(seconds_overlapped(data.batches, copy, compute)),
               seconds_text(data.overlapped.seconds)},
              style.palette.text);
  }
  copyable_formula("t_turns = n (c + k)", style, style.palette.text, requests.copy);
  copyable_formula("t_beside = c + (n - 1) max(c, k) + k", style, style.palette.text,
                   requests.copy);
  paragraph(format_text("costs.data.overlap_about", fmt::arg("batches", data.batches)));
  heading(text("costs.data.section.gpu"), style);
  paragraph(message_text(data.no_gpu));
  paragraph(text("costs.data.no_pinned"));
}

}  // namespace nanscope
