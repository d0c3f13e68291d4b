#pragma once

#include "engine/engine.h"

// The border between the program and the shared library nanscope_engine: one C function.
namespace nanscope {

/// The name under which the library exports its factory.
inline constexpr const char* kEngineFactory = "nanscope_make_engine";

/// Makes an engine, or returns null and puts the reason into `reason`. Never throws. The caller
/// owns the engine. Both sides are built together from one tree, so C++ types may cross.
using EngineFactory = Engine* (*)(std::string* reason);

}  // namespace nanscope
