# Warnings are errors in the project's own code; third-party headers are SYSTEM includes.
add_library(nanscope_warnings INTERFACE)
target_compile_options(nanscope_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
