#include <algorithm>

#include "ui/labs/lab.h"

namespace nanscope {

std::string shown_alone(const Lab& lab, const ViewSpec& view) {
  const std::vector<std::string_view> names = lab.plot_names();
  return std::ranges::find(names, view.plot) == names.end() ? "" : view.plot;
}

std::string current_plot(const Lab& lab, const ViewSpec& view) {
  const std::string alone = shown_alone(lab, view);
  return alone.empty() ? std::string(lab.pointed_plot()) : alone;
}

ViewSpec with_all_seen(const Lab& lab, ViewSpec view) {
  for (const std::string_view plot : lab.plot_names()) set_zoom(view, {.plot = std::string(plot)});
  return view;
}

ViewSpec with_plot_toggled(const Lab& lab, ViewSpec view) {
  view.plot = shown_alone(lab, view).empty() ? lab.plot_to_enlarge() : "";
  return view;
}

}  // namespace nanscope
