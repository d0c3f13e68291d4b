#pragma once

#include "engine/engine.h"

// The border between the program and the shared library nanscope_engine: two C functions.
namespace nanscope {

/// The name under which the library exports its build_id() (engine/base/version.h), to be compared
/// before any C++ value crosses.
inline constexpr const char* kEngineBuildId = "nanscope_engine_build_id";
using EngineBuildId = const char* (*)();

/// The name under which the library exports its factory.
inline constexpr const char* kEngineFactory = "nanscope_make_engine";

/// Makes an engine, or returns null and puts the reason into `reason`. Never throws. The caller
/// owns the engine.
using EngineFactory = Engine* (*)(std::string* reason);

}  // namespace nanscope
