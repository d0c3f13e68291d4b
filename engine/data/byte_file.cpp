#include "engine/data/byte_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/base/file.h"

namespace nanscope {
namespace {

tl::unexpected<Error> cannot_be_read(const std::string& path, int code) {
  return work_error(path, "cannot be read: {}.", std::strerror(code));
}

}  // namespace

Result<ByteFile> ByteFile::open(const std::string& path) {
  if (const Result<void> regular = check_regular_file(path); !regular)
    return tl::unexpected(regular.error());
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return cannot_be_read(path, errno);
  std::shared_ptr<const int> descriptor(new int(opened), [](const int* one) {
    ::close(*one);
    delete one;
  });
  struct stat about = {};
  if (::fstat(opened, &about) != 0) return cannot_be_read(path, errno);
  if (about.st_size == 0) return input_error(path, "is empty; there is nothing in it to learn.");
  return ByteFile(path, std::move(descriptor), about.st_size);
}

Result<void> ByteFile::read(std::int64_t first, std::span<unsigned char> into) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(*descriptor_, into.data(), into.size(), first);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_be_read(path_, errno);
    if (count == 0)
      return work_error(path_, "has become shorter: it held {} bytes and now ends at {}.", size_,
                        first);
    first += count;
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace nanscope
