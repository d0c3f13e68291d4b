# -DNANSCOPE_SANITIZE=ON: AddressSanitizer and UndefinedBehaviorSanitizer on the project's own code.
# Executables link nanscope_sanitizers, which is empty otherwise.
option(NANSCOPE_SANITIZE "build with ASan and UBSan" OFF)
if(NANSCOPE_SANITIZE)
  # Left out of undefined: vptr, which needs the type information that LibTorch and the engine keep
  # hidden; null, alignment, object-size and pointer-overflow, which check every access once more (a
  # third of the compiler's time) and find what AddressSanitizer finds, or what x86 and ARM allow.
  set(flags -fsanitize=address,undefined
    -fno-sanitize=vptr,null,alignment,object-size,pointer-overflow -fno-sanitize-recover=undefined)
  # GCC 12 takes the sanitizers' own code in std::function for uninitialized.
  add_compile_options(${flags} -fno-omit-frame-pointer -g1 -Wno-maybe-uninitialized)
  # Here -O1 takes two thirds longer to compile and the tests run hardly faster.
  set(CMAKE_CXX_FLAGS_RELEASE "-Og")
  add_link_options(${flags})
  add_library(nanscope_sanitizers OBJECT ${CMAKE_CURRENT_LIST_DIR}/sanitizer_options.cpp)
else()
  add_library(nanscope_sanitizers INTERFACE)
endif()
