#pragma once

// Compiles a function for AVX-512, AVX2 and plain x86-64; the loader takes the version that the
// processor can run. Elsewhere there is one version.
#if defined(__x86_64__)
#define NANSCOPE_VERSIONS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define NANSCOPE_VERSIONS
#endif
