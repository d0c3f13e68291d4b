#include "app/command_line/commands.h"
#include "app/command_line/show.h"
#include "engine/experiment/demos.h"

namespace nanscope {

int run_window_command(const Words&) {
  const Result<std::vector<Demo>> demos = load_demos();
  return show({}, demos && !demos->empty() ? demos->front().name : "nanscope");
}

}  // namespace nanscope
