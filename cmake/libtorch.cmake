# LibTorch: the unpacked wheel, beside the CUDA run-time library that it needs even on the CPU.
# LIBTORCH= names another folder with include/ and lib/ (2.11 or newer).
set(NANSCOPE_LIBTORCH "$ENV{LIBTORCH}" CACHE PATH "folder with LibTorch's include/ and lib/")
if(NOT NANSCOPE_LIBTORCH)
  set(NANSCOPE_LIBTORCH "${NANSCOPE_CACHE}/libtorch/torch" CACHE PATH "" FORCE)
endif()
if(NOT EXISTS "${NANSCOPE_LIBTORCH}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "No LibTorch in ${NANSCOPE_LIBTORCH}. Run ./nanscope, which fetches it, "
    "or set LIBTORCH to a folder with LibTorch's include/ and lib/.")
endif()
get_filename_component(cuda_runtime "${NANSCOPE_LIBTORCH}/../nvidia/cu13" ABSOLUTE)
add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE
  ${NANSCOPE_LIBTORCH}/include ${NANSCOPE_LIBTORCH}/include/torch/csrc/api/include)
target_link_directories(libtorch INTERFACE ${NANSCOPE_LIBTORCH}/lib)
target_link_libraries(libtorch INTERFACE torch_cpu c10)
# Some of LibTorch's classes (at::RecordFunction) have further members without NDEBUG, with which it
# was built.
target_compile_definitions(libtorch INTERFACE NDEBUG)
# Its include folder shadows Debian's fmt with one of its own, which has no library. What of that is
# no template is compiled here, once: in each file that formats anything it would take a second, and
# three under the sanitizers.
file(STRINGS "${NANSCOPE_LIBTORCH}/include/fmt/base.h" libtorch_fmt_version REGEX "FMT_VERSION 12")
if(libtorch_fmt_version)
  add_library(libtorch_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/libtorch_fmt.cpp)
  target_include_directories(libtorch_fmt SYSTEM PRIVATE ${NANSCOPE_LIBTORCH}/include)
  set_target_properties(libtorch_fmt PROPERTIES CXX_VISIBILITY_PRESET hidden)
  target_link_libraries(libtorch INTERFACE libtorch_fmt)
else()  # another LibTorch's: as its headers have it
  target_compile_definitions(libtorch INTERFACE FMT_HEADER_ONLY)
endif()
target_link_options(libtorch INTERFACE
  "LINKER:--no-as-needed,-rpath,${NANSCOPE_LIBTORCH}/lib,-rpath,${cuda_runtime}/lib"
  "LINKER:-rpath-link,${cuda_runtime}/lib")
# at::parallel_for is OpenMP code in a header: without this it would run on one thread. The run-time
# library has to be the one that LibTorch brings, under whatever name, so that there is one pool.
file(GLOB libtorch_openmp "${NANSCOPE_LIBTORCH}/lib/libgomp*.so*"
  "${NANSCOPE_LIBTORCH}/../torch.libs/libgomp*.so*")
if(libtorch_openmp)
  list(GET libtorch_openmp 0 libtorch_openmp)
  target_compile_options(libtorch INTERFACE -fopenmp)
  target_link_libraries(libtorch INTERFACE "${libtorch_openmp}")
endif()

# The same with CUDA's headers and libraries, for the one unit that needs them. A LibTorch built
# for the CPU alone has none; NaNscope then runs on the CPU.
include(CheckIncludeFileCXX)
set(CMAKE_REQUIRED_INCLUDES ${cuda_runtime}/include)
check_include_file_cxx(cuda_runtime.h NANSCOPE_CUDA_HEADERS)
unset(CMAKE_REQUIRED_INCLUDES)
if(NANSCOPE_CUDA_HEADERS AND EXISTS "${NANSCOPE_LIBTORCH}/lib/libtorch_cuda.so")
  add_library(libtorch_cuda INTERFACE)
  target_include_directories(libtorch_cuda SYSTEM INTERFACE ${cuda_runtime}/include)
  target_link_directories(libtorch_cuda INTERFACE ${cuda_runtime}/lib)
  target_link_libraries(libtorch_cuda INTERFACE libtorch torch_cuda c10_cuda -l:libcudart.so.13)
else()
  message(STATUS "LibTorch without CUDA in ${NANSCOPE_LIBTORCH}: leaving out nanscope_cuda")
endif()
