#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>

#include "bench_window.h"
#include "engine/numbers/format.h"
#include "imgui.h"
#include "imgui_internal.h"

// From a pressed key in a text field to the picture of what was typed.
namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

/// A text field and what it edits.
struct Field {
  const char* panel;
  const char* item;
  const std::string& (*text)(const Experiment& experiment);
  /// Whether what is drawn is of this experiment.
  bool (*shows)(const Experiment& experiment, const JobResults& drawn);
};

/// Types a 0 at a field's end and takes it away again, in turns.
class Typing {
 public:
  Typing(const Experiment& experiment, const Field& field) : field_(field), window_(experiment) {
    window_.begin([this] { return shown(); });
    activate();
    press(ImGuiKey_End);  // the whole text was selected
  }

  /// Seconds from the pressed key to the end of the frame that shows its picture.
  double press_key() {
    const std::string before = field_.text(window_.shell().experiment());
    window_.rest();
    const Clock::time_point begin = Clock::now();
    longer_ = !longer_;
    if (longer_)
      ImGui::GetIO().AddInputCharacter('0');
    else
      ImGui::GetIO().AddKeyEvent(ImGuiKey_Backspace, true);
    frames_ = 1;
    window_.frame();
    if (field_.text(window_.shell().experiment()) == before)
      throw std::runtime_error("the key did not reach the field");
    window_.draw_until([this] { return shown() || (++frames_, false); });
    const double seconds = seconds_since(begin);
    if (!longer_) ImGui::GetIO().AddKeyEvent(ImGuiKey_Backspace, false);
    for (int i = 0; i < 3; ++i) window_.frame();
    return seconds;
  }

  int frames() const { return frames_; }
  double frame_seconds() const { return window_.frame_seconds(); }

 private:
  bool shown() { return field_.shows(window_.shell().experiment(), window_.drawn()); }

  void press(ImGuiKey key) {
    for (const bool down : {true, false}) {
      ImGui::GetIO().AddKeyEvent(key, down);
      window_.frame();
    }
  }

  /// Gives the field the keyboard, as Tab does.
  void activate() {
    const ImGuiWindow* panel = ImGui::FindWindowByName(field_.panel);
    if (!panel) throw std::runtime_error("no such panel");
    ImGui::FocusWindow(const_cast<ImGuiWindow*>(panel));
    GImGui->NavNextActivateId = ImHashStr(field_.item, 0, panel->ID);
    GImGui->NavNextActivateFlags = ImGuiActivateFlags_PreferInput;
    for (int i = 0; i < 3; ++i) window_.frame();
  }

  Field field_;
  BenchWindow window_;
  bool longer_ = false;
  int frames_ = 0;
};

void type_key(benchmark::State& state, const Experiment& experiment, const Field& field) {
  Typing typing(experiment, field);
  double frames = 0, frame = 0;
  for (auto _ : state) {
    state.SetIterationTime(typing.press_key());
    frames += typing.frames();
    frame += typing.frame_seconds();
  }
  const auto keys = static_cast<double>(state.iterations());
  state.counters["frames"] = frames / keys;
  state.counters["frame_ms"] = 1e3 * frame / keys;
}

/// The bits of a number follow in the frame itself: nothing is asked of the session.
Field number_field() {
  return {"###controls", "###input",
          [](const Experiment& e) -> const std::string& { return e.numbers.input; },
          [](const Experiment&, const JobResults&) { return true; }};
}

Field chain_field() {
  return {"###plots", "###chain",
          [](const Experiment& e) -> const std::string& { return e.tensors.expression; },
          [](const Experiment& e, const JobResults& drawn) {
            const auto chain = drawn.latest<TensorRequest>();
            return chain && chain->expression == e.tensors.expression;
          }};
}

void add_typing(const char* name, const Experiment& experiment, const Field& field) {
  benchmark::RegisterBenchmark(name, type_key, experiment, field)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

Experiment number_in(std::vector<std::string> formats) {
  Experiment experiment;
  experiment.lab = LabName::numbers;
  experiment.numbers.input = "0.1";
  experiment.numbers.settings.formats = std::move(formats);
  return experiment;
}

Experiment chain(const char* expression) {
  Experiment experiment;
  experiment.lab = LabName::tensors;
  experiment.tensors.expression = expression;
  return experiment;
}

}  // namespace

void register_typing_benchmarks() {
  add_typing("type/number", number_in(RoundoffSettings{}.formats), number_field());
  std::vector<std::string> all;
  for (const NumberFormat& format : number_formats()) all.push_back(format.name);
  add_typing("type/number_in_all_formats", number_in(std::move(all)), number_field());
  add_typing("type/chain", chain("arange(24).view(2,3,4).transpose(1,2) + 1"), chain_field());
  add_typing("type/chain_of_10000_cells", chain("arange(10000).view(100,100).t() + 1"),
             chain_field());
}

}  // namespace nanscope
