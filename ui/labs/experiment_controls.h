#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ui/labs/lab.h"
#include "ui/widgets/controls.h"

// Controls for an experiment's keys. Each is a value editor: it shows the key's value in `draft`,
// writes what the person chose into it and reports what was refused. The label, the tooltip and the
// reset to `view.reset_to` follow from the key.
namespace nanscope {

struct ControlScope {
  const LabView& view;
  Experiment& draft;
  LabRequests& requests;
};

struct NumberControl {
  std::string_view key;
  bool logarithmic = false;
  /// The track's ends where they are narrower than what validate() allows; typing reaches the rest.
  double low = 0;
  double high = 0;
  /// The track on a line of its own, as wide as the panel.
  bool wide = false;
  /// A value that theory has a name for.
  std::optional<SliderLandmark> landmark = {};
};

void number_control(const NumberControl& control, ControlScope& scope);

/// Columns of a control's row, in pixels: its name, what is left for it, its field.
float control_label_width();
float control_field_width();
/// The name of a control, and a dot behind it where its value is not the one to go back to. True
/// where a click asks for that.
bool control_label(const std::string& words, bool differs, ImVec2 size, const Style& style);

/// A grid of an enum's names, under its label, or without one if `labelled` is false.
void choice_control(std::string_view key, std::span<const std::string_view> names, bool labelled,
                    ControlScope& scope);

void toggle_control(std::string_view key, ControlScope& scope);

/// A field for a key's value. What was refused stays in it; key_refusal() says why.
void key_field(const char* id, std::string_view key, float width, ControlScope& scope);

/// Why what stands in the key's field was refused, below it; nothing if it was not.
void key_refusal(std::string_view key, const ControlScope& scope);

/// Sets a key from text: the draft becomes the new experiment, or the refusal is reported.
void set_key(std::string_view key, std::string_view value, ControlScope& scope);

/// The explanation of a key on the item drawn last: name, meaning, formula, range. Not in a lecture
/// hall, where it would lie over the plot.
void key_tooltip(std::string_view key, const LabView& view);

/// The menu of the item drawn last, a control of the key: its value, the pair for the command line,
/// back to the demo's value.
void key_menu(const char* id, std::string_view key, ControlScope& scope);

/// The names of an enum in the order of its table.
template <class E>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for (const auto& [value, name] : Names<E>::all) names.push_back(name);
  return names;
}

}  // namespace nanscope
