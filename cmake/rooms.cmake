# The files of a folder, a room, are compiled together as one: most of a compiler's time goes into
# headers, which are then read once a room. So names in anonymous namespaces are unique in a room.
# -DNANSCOPE_TOGETHER=OFF compiles file by file, for clang-tidy and for long work on one file.
option(NANSCOPE_TOGETHER "compile the files of a room together" ON)

# compile_rooms_together(TARGET...): a source with SKIP_UNITY_BUILD_INCLUSION stays by itself.
function(compile_rooms_together)
  foreach(target IN LISTS ARGN)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
      get_filename_component(folder ${source} DIRECTORY)
      file(RELATIVE_PATH room ${CMAKE_SOURCE_DIR} ${folder})
      string(REPLACE "/" "_" room "${room}")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${room}")
    endforeach()
    set_target_properties(${target} PROPERTIES
      UNITY_BUILD ${NANSCOPE_TOGETHER} UNITY_BUILD_MODE GROUP)
  endforeach()
endfunction()
