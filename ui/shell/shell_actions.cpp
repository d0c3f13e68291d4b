#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/lab_settings.h"
#include "engine/experiment/validate.h"
#include "ui/labs/experiment_controls.h"
#include "ui/shell/shell_state.h"
#include "ui/text/language.h"
#include "ui/text/text.h"
#include "ui/widgets/tooltip.h"

// The one table of everything that a person can do.
namespace nanscope {
namespace {

// What the keys multiply the gain by.
constexpr double kGainStep = 1.1, kFineGainStep = 1.01, kFinestGainStep = 1.001;
constexpr float kZoomStep = 0.1f;

constexpr ImGuiKeyChord ctrl(ImGuiKey key) { return ImGuiMod_Ctrl | key; }
constexpr ImGuiKeyChord ctrl_shift(ImGuiKey key) { return ImGuiMod_Ctrl | ImGuiMod_Shift | key; }

/// The gain times `factor`, within what is allowed, to as many digits as such a step needs.
Experiment with_gain_times(const Experiment& experiment, double factor) {
  Experiment next = experiment;
  const long digits = 2 - std::lround(std::log10(std::abs(std::log(factor))));
  const std::string rounded = fmt::format("{:.{}g}", experiment.network.init.gain * factor, digits);
  double gain = experiment.network.init.gain;
  std::from_chars(rounded.data(), rounded.data() + rounded.size(), gain);
  const KeyRange* range = key_range("init.gain");
  next.network.init.gain = std::clamp(gain, range->low, range->high);
  return next;
}

/// The run that Training shows: one with changes on its way as it began, and these.
Recipe run_of_training(const ShellState& shell) {
  const Experiment sheet = shell.history.sheets().of(LabName::training).experiment;
  for (const std::unique_ptr<Lab>& lab : shell.labs)
    if (lab->name() == LabName::training)
      if (Recipe recipe = lab->recipe(sheet); !changes_of_numbers(recipe.changes).empty())
        return recipe;
  return {.experiment = sheet};
}

/// The experiment with the run that Training shows, which a demo of either lab may have made
/// another.
Experiment with_run_of_training(const ShellState& shell) {
  const Experiment from = run_of_training(shell).experiment;
  Experiment next = shell.history.current();
  next.network = from.network;
  next.training = from.training;
  next.data = from.data;
  return next;
}

/// Whether the lab is about a run that is Training's, too, and is another now.
bool can_take_run(const ShellState& shell) {
  const Experiment& now = shell.history.current();
  const bool about_run = now.lab == LabName::costs || has_run(now);
  if (!about_run || now.lab == LabName::training) return false;
  const Experiment next = with_run_of_training(shell);
  return next != now && validate(next).empty();
}

void take_run_of_training(ShellState& shell) {
  const Experiment next = with_run_of_training(shell);
  shell.open_lab().repeat(next, run_of_training(shell).changes);
  shell.change(next);
}

Action labelled(const char* id, ImGuiKeyChord chord, std::function<void()> run,
                std::function<bool()> enabled = {}, std::function<bool()> checked = {}) {
  return {id,
          text(fmt::format("action.{}", id)),
          chord,
          std::move(run),
          std::move(enabled),
          std::move(checked)};
}

void add_file_actions(ShellState& shell, std::vector<Action>& actions) {
  const auto measured = [&shell] { return shell.figure().has_value(); };
  actions.push_back(labelled("file.open", ctrl(ImGuiKey_O), [&] { shell.ask_for_experiment(); }));
  actions.push_back(labelled("file.save", ctrl(ImGuiKey_S), [&] { shell.save(); }));
  actions.push_back(labelled("file.save_as", ctrl_shift(ImGuiKey_S), [&] { shell.save_as(); }));
  actions.push_back(labelled(
      "file.save_run", 0, [&] { shell.save_run(); },
      [&shell] { return shell.open_lab().can(Transport::rewind); }));
  actions.push_back(labelled(
      "file.save_state", 0, [&] { shell.save_state(); },
      [&shell] { return shell.open_lab().has_state() && shell.saving_state().empty(); }));
  actions.push_back(labelled(
      "file.export", ctrl(ImGuiKey_E), [&] { shell.ask_to_export(""); }, measured));
  actions.push_back(labelled(
      "file.export_plot", 0, [&] { shell.ask_to_export(shell.current_plot()); }, measured));
  actions.push_back(labelled(
      "file.export_quickly", ctrl_shift(ImGuiKey_E), [&] { shell.export_quickly(); }, measured));
  actions.push_back(labelled("file.quit", ctrl(ImGuiKey_Q), [&] {
    if (shell.host.close_window) shell.host.close_window();
  }));
}

void add_edit_actions(ShellState& shell, std::vector<Action>& actions) {
  const auto measured = [&shell] { return shell.figure().has_value(); };
  actions.push_back(labelled(
      "edit.undo", ctrl(ImGuiKey_Z), [&] { shell.step_back(&History::undo); },
      [&] { return shell.history.can_undo(); }));
  // A busy window sees a press late: it would count as one that is held.
  actions.back().once = true;
  actions.back().refuse = [&] { shell.toasts.say("undo", text("toast.nothing_to_undo")); };
  actions.push_back(labelled(
      "edit.redo", ctrl_shift(ImGuiKey_Z), [&] { shell.step_back(&History::redo); },
      [&] { return shell.history.can_redo(); }));
  actions.back().other_chord = ctrl(ImGuiKey_Y);
  actions.back().once = true;
  actions.back().refuse = [&] { shell.toasts.say("undo", text("toast.nothing_to_redo")); };
  actions.push_back(labelled(
      "edit.reset", ctrl(ImGuiKey_R), [&] { shell.reset(); },
      [&] { return shell.history.current() != shell.settings_to_reset_to(); }));
  actions.push_back(labelled("edit.copy", ctrl(ImGuiKey_C), [&] { shell.copy_experiment(); }));
  actions.push_back(labelled("edit.paste", ctrl(ImGuiKey_V), [&] { shell.paste_experiment(); }));
  actions.push_back(
      labelled("edit.copy_pytorch", ctrl_shift(ImGuiKey_C), [&] { shell.copy_pytorch(); }));
  actions.push_back(labelled(
      "edit.copy_picture", ImGuiMod_Ctrl | ImGuiMod_Alt | ImGuiKey_C, [&] { shell.copy_picture(); },
      [&shell, measured] { return shell.host.copy_picture && measured(); }));
  actions.push_back(labelled(
      "edit.copy_csv", 0, [&] { shell.copy_csv(shell.current_plot()); }, measured));
  actions.push_back(labelled(
      "edit.copy_json", 0, [&] { shell.copy_json(); }, measured));
}

void add_run_actions(ShellState& shell, std::vector<Action>& actions) {
  const auto can = [&shell](Transport what) {
    return [&shell, what] { return shell.open_lab().can(what); };
  };
  actions.push_back(labelled(
      "run.play", ImGuiKey_Space, [&] { shell.open_lab().carry_out(Transport::play_or_pause); },
      can(Transport::play_or_pause)));
  actions.back().once = true;
  actions.push_back(labelled(
      "run.step", ImGuiKey_Period, [&] { shell.open_lab().carry_out(Transport::step); },
      can(Transport::step)));
  actions.push_back(labelled("run.again", ImGuiKey_F5, [&shell, may = can(Transport::rewind)] {
    may() ? shell.open_lab().carry_out(Transport::rewind) : shell.run_jobs();
  }));
  actions.push_back(labelled("run.new_weights", ctrl(ImGuiKey_N), [&] {
    Experiment next = shell.history.current();
    ++next.network.seed;
    if (validate(next).empty()) shell.change(next);
  }));
  actions.push_back(labelled(
      "run.take_training", 0, [&] { take_run_of_training(shell); },
      [&] { return can_take_run(shell); }));
  struct GainKeys {
    const char* up;
    const char* down;
    ImGuiKeyChord modifiers;
    double factor;
  };
  for (const auto& [up, down, modifiers, factor] :
       {GainKeys{"run.gain_up", "run.gain_down", ImGuiMod_Ctrl, kGainStep},
        {"run.gain_up_fine", "run.gain_down_fine", ImGuiMod_Ctrl | ImGuiMod_Shift, kFineGainStep},
        {"run.gain_up_finest", "run.gain_down_finest", ImGuiMod_Alt, kFinestGainStep}}) {
    const auto times = [&shell](double by) {
      return [&shell, by] { shell.change(with_gain_times(shell.history.current(), by)); };
    };
    actions.push_back(labelled(up, modifiers | ImGuiKey_UpArrow, times(factor)));
    actions.push_back(labelled(down, modifiers | ImGuiKey_DownArrow, times(1 / factor)));
  }
  actions.push_back(labelled(
      "run.cancel", ctrl(ImGuiKey_Period), [&] { shell.cancel(); },
      [&] { return shell.slot_under_way() != nullptr; }));
}

/// A|B: the experiment that is edited beside one that stays.
void add_compare_actions(ShellState& shell, std::vector<Action>& actions) {
  const auto compares = [&shell] { return shell.open_lab().compares(); };
  const auto with_other = [&shell] {
    return shell.open_lab().compares() && shell.history.current().compare.on;
  };
  actions.push_back(labelled(
      "compare.keep", ImGuiKey_B, [&] { shell.keep_as_other(); }, compares));
  actions.back().refuse = [&] {
    shell.toasts.say("compare", text(shell.open_lab().compares_otherwise()));
  };
  actions.push_back(labelled(
      "compare.swap", ImGuiMod_Shift | ImGuiKey_B, [&] { shell.swap_with_other(); }, with_other));
  actions.push_back(labelled(
      "compare.end", ctrl(ImGuiKey_B), [&] { shell.forget_other(); }, with_other));
}

void add_view_actions(ShellState& shell, std::vector<Action>& actions) {
  actions.push_back(labelled("view.maximize", ImGuiKey_F, [&] { shell.toggle_plot_alone(); }));
  actions.push_back(labelled(
      "view.show_all", ImGuiKey_Home,
      [&] { shell.look(with_all_seen(shell.open_lab(), shell.history.current().view)); },
      [&] {
        const ViewSpec& view = shell.history.current().view;
        return with_all_seen(shell.open_lab(), view) != view;
      }));
  actions.push_back(labelled(
      "view.lock_axes", ImGuiKey_L, [&] { shell.toggle_axis_lock(); },
      [&] { return shell.axes_locked() || !shell.open_lab().lockable_axes().empty(); },
      [&] { return shell.axes_locked(); }));
  const auto has_panels = [&shell] { return !shell.hall; };
  actions.push_back(labelled(
      "view.controls", ImGuiKey_F2,
      [&] { shell.settings.controls_visible = !shell.settings.controls_visible; }, has_panels,
      [&] { return shell.settings.controls_visible; }));
  actions.push_back(labelled(
      "view.inspector", ImGuiKey_F3,
      [&] { shell.settings.inspector_visible = !shell.settings.inspector_visible; }, has_panels,
      [&] { return shell.settings.inspector_visible; }));
  actions.push_back(labelled("view.plots_only", ImGuiKey_F9, [&] { shell.toggle_only_plots(); }));
  actions.push_back(labelled(
      "view.hall", ImGuiMod_Shift | ImGuiKey_F9,
      [&] { shell.hall ? shell.leave_hall() : shell.enter_hall(); }, {},
      [&] { return shell.hall.has_value(); }));
  // A presenter's clicker sends these keys.
  const auto turns = [&shell] {
    return shell.hall && !shell.open_lab().turns_pages(shell.history.current());
  };
  actions.push_back(labelled(
      "view.next_plot", ImGuiKey_PageDown, [&] { shell.turn_page(1); }, turns));
  actions.push_back(labelled(
      "view.previous_plot", ImGuiKey_PageUp, [&] { shell.turn_page(-1); }, turns));
  actions.push_back(labelled(
      "view.leave", ImGuiKey_Escape, [&] { shell.leave(); }, [&] { return shell.can_leave(); }));
  actions.push_back(labelled(
      "view.animated", 0,
      [&] {
        shell.settings.animated = !shell.settings.animated;
        shell.keep_settings(false);
      },
      {}, [&] { return shell.settings.animated; }));
  actions.push_back(labelled("view.fullscreen", ImGuiKey_F11, [&] {
    if (shell.host.toggle_fullscreen) shell.host.toggle_fullscreen();
  }));
  const auto zoom_by = [&shell](float step) { shell.set_zoom(shell.settings.zoom + step); };
  actions.push_back(
      labelled("view.zoom_in", ctrl(ImGuiKey_Equal), [zoom_by] { zoom_by(kZoomStep); }));
  actions.back().other_chord = ctrl(ImGuiKey_KeypadAdd);
  actions.push_back(
      labelled("view.zoom_out", ctrl(ImGuiKey_Minus), [zoom_by] { zoom_by(-kZoomStep); }));
  actions.back().other_chord = ctrl(ImGuiKey_KeypadSubtract);
  actions.push_back(labelled("view.zoom_reset", ctrl(ImGuiKey_0), [&] { shell.set_zoom(1); }));
  actions.push_back(labelled("view.reset_layout", 0, [&] {
    shell.settings.controls_visible = shell.settings.inspector_visible = true;
    shell.layout_wanted = true;
  }));
  actions.push_back(
      labelled("help.palette", ctrl_shift(ImGuiKey_P), [&] { shell.palette.open(); }));
  actions.push_back(labelled("help.shortcuts", ImGuiKey_F1,
                             [&] { shell.shortcuts_visible = !shell.shortcuts_visible; }));
  actions.push_back(labelled("help.control", ctrl(ImGuiKey_F1), ask_for_help));
  actions.push_back(
      labelled("help.glossary", ImGuiMod_Shift | ImGuiKey_F1, [&] { shell.glossary.toggle(); }));
}

/// Labs, themes, demos and the values of choices: as many actions as there are names.
void add_named_actions(ShellState& shell, std::vector<Action>& actions) {
  for (std::size_t i = 0; i < shell.labs.size(); ++i) {
    const LabName lab = shell.labs[i]->name();
    actions.push_back(
        {fmt::format("lab.{}", name_of(lab)),
         format_text("action.lab", fmt::arg("name", text(shell.labs[i]->title_key()))),
         ImGuiMod_Alt | static_cast<ImGuiKey>(ImGuiKey_1 + static_cast<int>(i)),
         [&shell, lab] {
           shell.show_lab(lab);
           shell.field_wanted = true;
         },
         {},
         [&shell, lab] { return shell.history.current().lab == lab; }});
  }
  for (const auto& [theme, name] : Names<ThemeId>::all) {
    const int index = static_cast<int>(theme);
    actions.push_back(
        {fmt::format("theme.{}", name),
         format_text("action.theme", fmt::arg("name", text(fmt::format("theme.{}", name)))),
         ctrl(static_cast<ImGuiKey>(ImGuiKey_1 + index)),
         [&shell, theme = theme] { shell.set_theme(theme); },
         {},
         [&shell, theme = theme] { return shell.settings.theme == theme; }});
  }
  actions.push_back(
      labelled("demos.next", ctrl(ImGuiKey_PageDown), [&shell] { shell.step_demo(1); }));
  actions.push_back(
      labelled("demos.previous", ctrl(ImGuiKey_PageUp), [&shell] { shell.step_demo(-1); }));
  for (const Demo& demo : shell.demos)
    actions.push_back({fmt::format("demo.{}", demo.name),
                       format_text("action.demo", fmt::arg("title", demo.title)),
                       0,
                       [&shell, &demo] { shell.open_demo(demo); },
                       {},
                       [&shell, &demo] { return shell.history.document().demo == demo.name; }});
  const auto add_choices = [&](const char* key, const std::vector<std::string_view>& names) {
    for (const std::string_view name : names)
      actions.push_back({fmt::format("set.{}={}", key, name),
                         fmt::format("{}: {}", text(fmt::format("control.{}", key)), name), 0,
                         [&shell, key, value = std::string(name)] {
                           if (const auto next = with_key(shell.history.current(), key, value))
                             shell.change(*next);
                         }});
  };
  add_choices("precision", names_of<Precision>());
  add_choices("init.scheme", names_of<InitScheme>());
  add_choices("model.activation", names_of<Activation>());
  add_choices("model.norm", names_of<Norm>());
  add_choices("execution", names_of<Execution>());
  add_choices("device", names_of<DeviceKind>());
}

/// Every view and every plot of every lab, by title.
void add_shown_actions(ShellState& shell, std::vector<Action>& actions) {
  for (const std::unique_ptr<Lab>& lab : shell.labs) {
    const auto label = [&](const char* key, std::string_view title) {
      return format_text(key, fmt::arg("lab", text(lab->title_key())), fmt::arg("title", title));
    };
    const auto sheet = [&shell, name = lab->name()] {
      return shell.history.sheets().of(name).experiment;
    };
    for (const TitledView& view : lab->views())
      actions.push_back({fmt::format("set.{}={}", view.key, view.value),
                         label("action.show_view", view.title), 0,
                         [&shell, sheet, key = view.key, value = view.value] {
                           if (const auto next = with_key(sheet(), key, value)) shell.show(*next);
                         }});
    for (const std::string_view plot : lab->plot_names()) {
      const auto showing = [&lab, sheet, plot] {
        Experiment next = lab->showing(plot, sheet());
        next.view.plot = plot;
        return next;
      };
      const char* title = spoken_language().find(fmt::format("plot.{}", plot));
      actions.push_back(
          {fmt::format("plot.{}", plot),
           label("action.show_plot", title ? title : text(fmt::format("plot.short.{}", plot))), 0,
           [&shell, showing] { shell.show(showing()); },
           [&lab, plot, showing] { return lab->check(plot, showing()).has_value(); }});
    }
  }
}

}  // namespace

void ShellState::make_actions() {
  actions.clear();
  add_file_actions(*this, actions);
  add_edit_actions(*this, actions);
  add_run_actions(*this, actions);
  add_compare_actions(*this, actions);
  add_view_actions(*this, actions);
  add_named_actions(*this, actions);
  add_shown_actions(*this, actions);
}

}  // namespace nanscope
