#pragma once

#include "app/command_line/command.h"

// The commands, one file each; commands.cpp lists them.
namespace nanscope {

int run_window_command(const Words& words);  ///< no command at all
int run_open_command(const Words& words);
int run_signal_command(const Words& words);
int run_train_command(const Words& words);
int run_plan_command(const Words& words);
int run_cost_command(const Words& words);
int run_number_command(const Words& words);
int run_tensor_command(const Words& words);
int run_plot_command(const Words& words);
int run_pytorch_command(const Words& words);
int run_demos_command(const Words& words);
int run_doctor_command(const Words& words);

}  // namespace nanscope
