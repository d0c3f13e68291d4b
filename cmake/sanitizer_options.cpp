// What the sanitizers are told, in the program itself, so that it holds however it is started.
// NOLINTBEGIN(bugprone-reserved-identifier): the sanitizers' own names

/// Libraries stay mapped, so that a leak report names the library (a driver of Mesa) that it would
/// not find any more, and the suppressions can tell it from ours.
extern "C" int dlclose(void*) { return 0; }

/// Program and engine each hold nanscope_core, which the check for one definition takes for an
/// error. Where a library opened at run time keeps its thread-local variables, GCC 12's sanitizer
/// guesses; with this glibc it can guess wrong: the search for leaks then reads at any address and
/// ends the program with status 1. To keep thirty callers of each allocation, most of them
/// LibTorch's and the compiler's own, took a sixth of the tests' time: four say whose it is, and
/// ASAN_OPTIONS=malloc_context_size=30 says more.
extern "C" const char* __asan_default_options() {
  return "intercept_tls_get_addr=0:detect_odr_violation=0:strict_string_checks=1:"
         "allocator_may_return_null=1:malloc_context_size=4";
}

extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

/// What LibTorch, Mesa and the libraries below them keep until the process ends.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libtorch_cpu\n"
         "leak:libc10\n"
         "leak:libgomp\n"
         "leak:libEGL\n"
         "leak:libGL\n"
         "leak:_dri.so\n"
         "leak:libgallium\n"
         "leak:libLLVM\n"
         "leak:libdrm\n"
         "leak:libexpat\n"
         "leak:libX11\n";
}

extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1"; }
// NOLINTEND(bugprone-reserved-identifier)
