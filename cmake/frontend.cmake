# Dear ImGui (docking) and GLFW as imported targets, built into the cache when missing.
# nanscope_imgui: for the program. nanscope_imgui_tested: the same with Dear ImGui Test Engine,
# for tests only. Link exactly one of them into an executable; nanscope_ui links neither.
set(bundle "${NANSCOPE_CACHE}/imgui-bundle/external")

# A change of the recipe or of the pinned archive is another folder.
file(READ ${CMAKE_CURRENT_LIST_DIR}/frontend/CMakeLists.txt recipe)
file(READ ${CMAKE_CURRENT_LIST_DIR}/downloads.json pinned)
string(REGEX MATCH "imgui_bundle-[^,]*,[^,]*" pinned "${pinned}")
string(SHA256 frontend "${recipe}${pinned}")
string(SUBSTRING ${frontend} 0 12 frontend)
set(frontend "${NANSCOPE_CACHE}/frontend-${frontend}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${CMAKE_CURRENT_LIST_DIR}/frontend/CMakeLists.txt ${CMAKE_CURRENT_LIST_DIR}/downloads.json)

# build_frontend(COMPONENT TARGET...) into the cache, once.
function(build_frontend component)
  if(EXISTS "${frontend}/${component}.done")
    return()
  endif()
  if(NOT EXISTS "${bundle}/imgui/imgui/imgui.h")
    message(FATAL_ERROR "No imgui-bundle in ${bundle}. Run ./nanscope, which fetches it.")
  endif()
  # Two checkouts share the cache: one builds, the other waits and finds it done. What an
  # interrupted build has compiled is kept.
  file(LOCK "${frontend}.lock" TIMEOUT 1800)
  if(NOT EXISTS "${frontend}/${component}.done")
    message(NOTICE "Building Dear ImGui for the ${component} into ${frontend} (once, a minute)")
    set(folder "${frontend}/build-${component}")
    execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${CMAKE_SOURCE_DIR}/cmake/frontend
        -B ${folder} --log-level=NOTICE -DBUNDLE=${bundle} -DCMAKE_BUILD_TYPE=Release
        -DCMAKE_INSTALL_PREFIX=${frontend} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder} --target ${ARGN}
        COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} --install ${folder} --component ${component}
        OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    file(REMOVE_RECURSE "${folder}")
    file(TOUCH "${frontend}/${component}.done")
  endif()
  file(LOCK "${frontend}.lock" RELEASE)
endfunction()

build_frontend(program imgui glfw)
if(NANSCOPE_TESTS)
  build_frontend(tests imgui_tested)
endif()

add_library(nanscope_imgui_headers INTERFACE)
target_include_directories(nanscope_imgui_headers SYSTEM INTERFACE ${frontend}/include)
target_compile_definitions(nanscope_imgui_headers INTERFACE
  "ImDrawIdx=unsigned int" IMGUI_USE_WCHAR32 IMGUI_DISABLE_OBSOLETE_FUNCTIONS GLFW_INCLUDE_NONE)

foreach(name imgui imgui_tested)
  add_library(nanscope_${name} INTERFACE)
  target_link_libraries(nanscope_${name} INTERFACE nanscope_imgui_headers
    ${frontend}/lib/lib${name}.a ${frontend}/lib/libglfw3.a Threads::Threads ${CMAKE_DL_LIBS} m)
endforeach()
target_include_directories(nanscope_imgui_tested SYSTEM INTERFACE
  ${frontend}/include/imgui_test_engine)
target_compile_definitions(nanscope_imgui_tested INTERFACE
  IMGUI_ENABLE_TEST_ENGINE IMGUI_TEST_ENGINE_ENABLE_COROUTINE_STDTHREAD_IMPL=1)
