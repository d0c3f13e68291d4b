# The files of a folder, a room, are compiled together as one: most of a compiler's time goes into
# headers, which are then read once a room. So names in anonymous namespaces are unique in a room.
# -DNANSCOPE_TOGETHER=OFF compiles file by file, for clang-tidy and for long work on one file.
option(NANSCOPE_TOGETHER "compile the files of a room together" ON)

# Rooms that put words, settings and controls together and calculate little: -Og compiles them in
# half the time, and nobody can measure it when they run.
set(quickly_compiled_rooms
  app/command_line
  engine engine/base engine/costs engine/costs/measured engine/costs/napkin engine/costs/requests
  engine/costs/transformer engine/experiment engine/loader engine/plan engine/plan/models
  engine/plan/operations engine/pytorch engine/recipe engine/session engine/tensor_language engine/tensors
  ui/formula ui/labs ui/labs/numbers ui/labs/signal ui/labs/tensors ui/labs/training ui/labs/optimizers ui/shell ui/text ui/text/glossary)

# compile_rooms_together(TARGET...): a source with SKIP_UNITY_BUILD_INCLUSION stays by itself.
function(compile_rooms_together)
  foreach(target IN LISTS ARGN)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
      get_filename_component(folder ${source} DIRECTORY)
      file(RELATIVE_PATH room ${CMAKE_SOURCE_DIR} ${folder})
      if(room IN_LIST quickly_compiled_rooms AND NOT NANSCOPE_TOGETHER)
        set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -Og)
      endif()
      string(REPLACE "/" "_" room "${room}")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${room}")
    endforeach()
    set_target_properties(${target} PROPERTIES
      UNITY_BUILD ${NANSCOPE_TOGETHER} UNITY_BUILD_MODE GROUP)
    foreach(room IN LISTS quickly_compiled_rooms)
      string(REPLACE "/" "_" room "${room}")
      set_source_files_properties(
        ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/Unity/unity_${room}_cxx.cxx
        PROPERTIES COMPILE_OPTIONS -Og)
    endforeach()
  endforeach()
endfunction()
