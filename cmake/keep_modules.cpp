/// Under AddressSanitizer libraries stay mapped, so that a leak report names the library (a driver
/// of Mesa) that it would not find any more, and tests/leaks.supp can tell it from ours.
extern "C" int dlclose(void*) { return 0; }

/// Where a library opened at run time keeps its thread-local variables, GCC 12's sanitizer guesses.
/// With this glibc it can guess wrong: the search for leaks then reads at any address and ends the
/// program with status 1. Here, so that it holds however a program is started.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's own name
extern "C" const char* __asan_default_options() { return "intercept_tls_get_addr=0"; }
