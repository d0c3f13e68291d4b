# Warnings are errors in the project's own code; third-party headers are SYSTEM includes.
add_library(nanscope_warnings INTERFACE)
target_compile_options(nanscope_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# GCC 12 sees overlaps in std::string concatenation where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(nanscope_warnings INTERFACE -Wno-restrict)
endif()
