# ccache where it is installed, told that the precompiled header may be cached too. It takes what a
# file includes from the compiler's own list (DEPEND): without that it would preprocess each file once
# more.
find_program(NANSCOPE_CCACHE ccache)
if(NANSCOPE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    env CCACHE_DEPEND=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${NANSCOPE_CCACHE})
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
endif()
