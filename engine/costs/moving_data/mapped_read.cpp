#include "engine/costs/moving_data/mapped_read.h"

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <mutex>

namespace nanscope {
namespace {

/// Where a thread goes on when what it reads is gone.
struct WayOut {
  sigjmp_buf place;
  const char* begin;
  const char* end;
};
thread_local WayOut* way_out = nullptr;

// What a signal does is of the whole process, as these are.
std::mutex handler_mutex;
int handler_users = 0;
struct sigaction handler_before {};

void leave_read(int /*signal*/, siginfo_t* about, void* /*context*/) {
  const auto* at = static_cast<const char*>(about->si_addr);
  if (way_out != nullptr && about->si_code == BUS_ADRERR && at >= way_out->begin &&
      at < way_out->end)
    siglongjmp(way_out->place, 1);
  // Of somebody else: the same look fails again, and is answered as it was before.
  ::sigaction(SIGBUS, &handler_before, nullptr);
  if (about->si_code <= 0) ::raise(SIGBUS);
}

}  // namespace

MappedReads::MappedReads() {
  const std::scoped_lock lock(handler_mutex);
  if (handler_users++ > 0) return;
  struct sigaction action {};
  action.sa_sigaction = leave_read;
  // Not blocked within the handler, which is left by a jump: so the jump need not restore the
  // thread's mask, which would be a system call for each read.
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGBUS, &action, &handler_before);
}

MappedReads::~MappedReads() {
  const std::scoped_lock lock(handler_mutex);
  if (--handler_users == 0) ::sigaction(SIGBUS, &handler_before, nullptr);
}

bool read_mapped(const void* bytes, std::size_t size, void (*read)(void*), void* with) {
  WayOut out{};
  out.begin = static_cast<const char*>(bytes);
  out.end = out.begin + size;
  if (sigsetjmp(out.place, 0) != 0) {
    way_out = nullptr;
    return false;
  }
  way_out = &out;
  std::atomic_signal_fence(std::memory_order_seq_cst);  // the handler sees it in these three lines
  read(with);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  way_out = nullptr;
  return true;
}

}  // namespace nanscope
