#include "screens.h"

#include <fmt/format.h>

#include "engine/base/file.h"
#include "engine/experiment/demos.h"
#include "engine/experiment/json.h"
#include "engine/experiment/numbers.h"

namespace nanscope {
namespace {

Screen with(const std::string& name, LabName lab, const std::string& key, std::string_view value) {
  Screen screen{name, *with_key(Experiment{}, key, value)};
  screen.experiment.lab = lab;
  return screen;
}

std::vector<Screen> make_screens() {
  std::vector<Screen> screens;
  const std::vector<Demo> demos = *load_demos();
  // The other labs' demos are views of theirs.
  for (const Demo& demo : demos)
    if (demo.experiment.lab == LabName::signal || demo.name == "view_refused" ||
        demo.experiment.lab == LabName::training || demo.experiment.lab == LabName::optimizers ||
        demo.experiment.lab == LabName::costs)
      screens.push_back({demo.name, demo.experiment});
  Screen compared{"compared", screens.front().experiment};
  compared.experiment = *with_key(compared.experiment, "compare", "init.gain=0.06");
  screens.push_back(compared);
  for (const std::string_view view : numbers_views())
    screens.push_back(
        with(fmt::format("numbers {}", view), LabName::numbers, "numbers.view", view));
  for (const auto& [value, view] : Names<TensorsView>::all)
    screens.push_back(
        with(fmt::format("tensors {}", view), LabName::tensors, "tensors.view", view));
  return screens;
}

}  // namespace

const std::vector<Screen>& all_screens() {
  static const std::vector<Screen> all = make_screens();
  return all;
}

bool show_screen(WindowHarness& window, ImGuiTestContext& person, const Screen& screen) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/" + screen.name + ".json";
  if (!write_file_atomically(path, to_json(screen.experiment))) return false;
  window.shell().open_path(path);
  person.Yield(2);
  const bool came = window.wait_until(person, [&] {
    return !window.session().view().working() && !window.shell().notice() &&
           window.shell().dimming() == 0;
  });
  person.Yield(3);
  return came;
}

}  // namespace nanscope
