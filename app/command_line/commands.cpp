#include "app/command_line/commands.h"

#include <array>

namespace nanscope {
namespace {

constexpr auto kCommands = std::to_array<Command>({
    {"open", "open the window on a file or a demo", run_open_command},
    {"signal", "run one forward and backward pass, print statistics per layer", run_signal_command},
    {"train", "train a network, one line a step", run_train_command},
    {"plan", "list a network's operations, what they read, compute and cost", run_plan_command},
    {"cost", "predict parameters, FLOPs, memory and days, of a run or a transformer",
     run_cost_command},
    {"number", "show how number formats store a number, or every code of one", run_number_command},
    {"tensor", "run a chain of tensor operations, show every step", run_tensor_command},
    {"plot", "draw a lab or one plot into a PNG, without a screen", run_plot_command},
    {"pytorch", "print a PyTorch script that gives the same numbers", run_pytorch_command},
    {"demos", "list the demos", run_demos_command},
    {"doctor", "check this machine, say what is missing and what installs it", run_doctor_command},
});

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace nanscope
