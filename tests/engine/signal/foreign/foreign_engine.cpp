// A library that says it is an engine, but of another build: nobody may call its factory.
#include <cstdlib>

extern "C" const char* nanscope_engine_build_id() { return "0123456789abcdef"; }
extern "C" void* nanscope_make_engine(void*) { std::abort(); }
