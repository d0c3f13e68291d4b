#include "engine/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

namespace nanscope {
namespace {

/// Closes the descriptor when it leaves its scope.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

tl::unexpected<Error> system_error(const std::string& path, std::string_view action, int code) {
  return work_error(path, fmt::format("cannot be {}: {}.", action, std::strerror(code)));
}

/// 0, or errno.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Makes the new name itself survive a power cut. Not every file system can; that is no failure.
void sync_folder(const std::string& folder) {
  const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() >= 0) ::fsync(file.get());
}

/// Creates an empty file with a name of its own in `folder` (which ends with '/'): its descriptor,
/// or -1 with errno. New files get 0666 less the umask, as everywhere.
int create_temporary(const std::string& folder, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = fmt::format("{}.nanscope-{}-{}", folder, ::getpid(), attempt);
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST) return file;
  }
  return -1;
}

Result<void> write_in_place(const std::string& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) return system_error(path, "written", errno);
  if (const int code = write_all(file.get(), bytes)) return system_error(path, "written", code);
  return {};
}

Result<void> replace_file(const std::string& path, std::string_view bytes,
                          std::optional<mode_t> mode) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "./" : path.substr(0, slash + 1);
  std::string temporary;
  Descriptor file(create_temporary(folder, temporary));
  if (file.get() < 0) return system_error(path, "written", errno);
  int code = write_all(file.get(), bytes);
  if (code == 0 && mode && ::fchmod(file.get(), *mode) != 0) code = errno;
  if (code == 0 && ::fsync(file.get()) != 0) code = errno;
  // close() reports what a network file system could not store.
  if (::close(file.release()) != 0 && code == 0) code = errno;
  if (code == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) code = errno;
  if (code != 0) {
    ::unlink(temporary.c_str());
    return system_error(path, "written", code);
  }
  sync_folder(folder);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t largest) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) return input_error(path, "there is no such file.");
    return system_error(path, "read", errno);
  }
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return system_error(path, "read", errno);
  if (S_ISDIR(about.st_mode)) return input_error(path, "this is a folder, not a file.");
  std::string bytes;
  if (S_ISREG(about.st_mode) && about.st_size > 0 &&
      static_cast<std::size_t>(about.st_size) <= largest)
    bytes.reserve(static_cast<std::size_t>(about.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, "read", errno);
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > largest)
      return input_error(
          path, fmt::format("is larger than {} bytes, the most that is read here.", largest));
  }
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes) {
  if (path.empty()) return input_error("", "The name of the file to write is empty.");
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return replace_file(path, bytes, std::nullopt);
  if (S_ISDIR(about.st_mode)) return work_error(path, "cannot be written: this is a folder.");
  if (!S_ISREG(about.st_mode)) return write_in_place(path, bytes);
  if (::access(path.c_str(), W_OK) != 0) return system_error(path, "written", errno);
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) == nullptr) return system_error(path, "written", errno);
  return replace_file(resolved, bytes, about.st_mode & 07777);
}

}  // namespace nanscope
