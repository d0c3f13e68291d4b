#include "app/command_line/command_line.h"
#include "engine/engine.h"

int main(int argc, char** argv) {
  nanscope::limit_spinning();
  return nanscope::run_command_line({argv + 1, argv + argc});
}
