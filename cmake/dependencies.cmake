# Where what we did not write comes from. ./nanscope fills the cache; Debian has the rest.
set(NANSCOPE_CACHE "$ENV{NANSCOPE_CACHE}" CACHE PATH "downloads and libraries built from them")
if(NOT NANSCOPE_CACHE)
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(NANSCOPE_CACHE "$ENV{XDG_CACHE_HOME}/nanscope" CACHE PATH "" FORCE)
  else()
    set(NANSCOPE_CACHE "$ENV{HOME}/.cache/nanscope" CACHE PATH "" FORCE)
  endif()
endif()

# LibTorch: the unpacked wheel. LIBTORCH= names another folder with include/ and lib/.
set(NANSCOPE_LIBTORCH "$ENV{LIBTORCH}" CACHE PATH "folder with LibTorch's include/ and lib/")
if(NOT NANSCOPE_LIBTORCH)
  set(NANSCOPE_LIBTORCH "${NANSCOPE_CACHE}/libtorch/torch" CACHE PATH "" FORCE)
endif()
set(NANSCOPE_CUDA_RUNTIME "${NANSCOPE_LIBTORCH}/../nvidia/cu13")
add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE
  ${NANSCOPE_LIBTORCH}/include ${NANSCOPE_LIBTORCH}/include/torch/csrc/api/include)
target_link_directories(libtorch INTERFACE ${NANSCOPE_LIBTORCH}/lib)
target_link_libraries(libtorch INTERFACE torch_cpu c10)
target_link_options(libtorch INTERFACE
  "-Wl,--no-as-needed,-rpath,${NANSCOPE_LIBTORCH}/lib,-rpath,${NANSCOPE_CUDA_RUNTIME}/lib"
  "-Wl,-rpath-link,${NANSCOPE_CUDA_RUNTIME}/lib")

find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
if(NANSCOPE_TESTS OR NOT DEFINED NANSCOPE_TESTS)
  find_package(GTest REQUIRED)
endif()

# Dear ImGui, ImPlot, GLFW: built once into the cache, twice for ImGui (with the test engine).
include(frontend)
