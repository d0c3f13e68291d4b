# -DNANSCOPE_SANITIZE=ON: AddressSanitizer and UndefinedBehaviorSanitizer on the project's own code.
option(NANSCOPE_SANITIZE "build with ASan and UBSan" OFF)
if(NANSCOPE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
