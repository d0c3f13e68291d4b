/// Under AddressSanitizer libraries stay mapped, so that a leak report names the library (a driver
/// of Mesa) that it would not find any more, and tests/leaks.supp can tell it from ours.
extern "C" int dlclose(void*) { return 0; }
