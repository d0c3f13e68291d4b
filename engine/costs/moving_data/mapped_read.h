#pragma once

#include <cstddef>

namespace nanscope {

/// Reading what is mapped of a file that somebody may shorten meanwhile: the system answers a look
/// at a page that is gone by SIGBUS, which ends a program.
///
/// A page is touched as a loader touches it, at no cost for being safe: to ask the system before
/// (MADV_POPULATE_READ) leaves a moment between, and to have it copy (process_vm_readv) is not what
/// is measured. So while one of these lives, SIGBUS of a thread within read_mapped() leads out of
/// it; any other goes where it went before.
class MappedReads {
 public:
  MappedReads();
  ~MappedReads();
  MappedReads(const MappedReads&) = delete;
  MappedReads& operator=(const MappedReads&) = delete;
};

/// Calls read(with), which looks at bytes[0, size) and has nothing to destroy, as it is left in the
/// middle where they are gone: then false.
bool read_mapped(const void* bytes, std::size_t size, void (*read)(void*), void* with);

}  // namespace nanscope
