#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ui/charts/interactive_charts.h"
#include "ui/charts/place_menu.h"
#include "ui/labs/lab.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

// The view "bits": a grid to paint bits in and the number line below it.
namespace nanscope {

/// What a person can do to the number as a whole.
enum class NumberStep { ulp_up, ulp_down, negate, power_up, power_down };

/// What is momentary about the view; the number itself belongs to the experiment.
class BitsView {
 public:
  /// The number in its formats, encoded anew when the experiment changed; null if it cannot be.
  const NumberBits* number(const Experiment& experiment);
  /// Changes of `looked` the row: to the one that is pointed at.
  /// `menu` draws what the menu of a plot has beside what can be copied.
  using PlotMenu = std::function<void(std::string_view plot)>;
  void draw(const LabView& view, LabRequests& requests, ViewSpec& looked, InteractiveCharts& charts,
            const PlotMenu& menu);
  /// The row that steps act on: the one that the experiment's view names, or else the first.
  const NumberRow* chosen_row(const Experiment& experiment);
  /// Does a step of the chosen row's format.
  void step(NumberStep step, Experiment& draft);
  /// The plot under the pointer, or "".
  std::string_view pointed() const { return pointed_; }

 private:
  void draw_grid(const NumberBits& number, const LabView& view, LabRequests& requests,
                 ViewSpec& looked, ImVec2 size, const PlotMenu& menu);
  void draw_line(const LabView& view, LabRequests& requests, InteractiveCharts& charts,
                 const PlotMenu& menu);
  static void copy_by_click(const NumberBits& number, const BitGridLayout& layout, ImVec2 corner,
                            const LabView& view, LabRequests& requests);
  void copy_from_row(const NumberBits& number, const BitGridLayout& layout, ImVec2 corner,
                     LabRequests& requests, const PlotMenu& menu);
  void paint(const NumberBits& number, std::size_t row, int bit, const LabView& view,
             LabRequests& requests);
  void zoom_by(InteractiveCharts& charts, double factor) const;
  void keys(const LabView& view, LabRequests& requests, InteractiveCharts& charts);

  std::optional<Experiment> encoded_;  ///< what number_ was made of
  std::optional<PinnedCode> encoded_pin_;
  std::shared_ptr<const NumberBits> number_;
  std::optional<PinnedCode> pinned_;
  std::optional<bool> painting_;  ///< what a drag sets bits to
  std::size_t painted_row_ = 0;
  std::string_view pointed_;
  PlaceMenu menu_;
};

}  // namespace nanscope
