# cmake -DFOLDER= -DTOOLCHAIN= -DOUTPUT= -P build_id.cmake: a header with the hash of all headers in
# FOLDER and of the compiler. What is built from the same ones may exchange C++ values.
file(GLOB_RECURSE headers RELATIVE ${FOLDER} ${FOLDER}/*.h)
list(SORT headers)
set(all ${TOOLCHAIN})
foreach(header IN LISTS headers)
  file(SHA256 ${FOLDER}/${header} hash)
  string(APPEND all " ${header} ${hash}")
endforeach()
string(SHA256 id "${all}")
string(SUBSTRING ${id} 0 16 id)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define NANSCOPE_BUILD_ID \"${id}\"\n" @ONLY)
