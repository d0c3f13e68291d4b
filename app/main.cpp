#include "app/command_line/command_line.h"

int main(int argc, char** argv) { return nanscope::run_command_line({argv + 1, argv + argc}); }
