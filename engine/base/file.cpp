#include "engine/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
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
  return work_error(path, "cannot be {}: {}.", action, std::strerror(code));
}

/// Error for what is no regular file.
Result<void> check_kind(const std::string& path, mode_t mode) {
  if (S_ISREG(mode)) return {};
  if (S_ISDIR(mode)) return input_error(path, "this is a folder, not a file.");
  if (S_ISFIFO(mode))
    return input_error(path,
                       "this is a pipe, not a file; write what comes out of it into a file and "
                       "name that.");
  if (S_ISSOCK(mode)) return input_error(path, "this is a socket, not a file.");
  return input_error(path, "this is a device, not a file.");
}

tl::unexpected<Error> unreadable(const std::string& path, int code) {
  if (code == ENOENT || code == ENAMETOOLONG) return input_error(path, "there is no such file.");
  return system_error(path, "read", code);
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

/// Where the bytes for a path go.
struct Target {
  std::string path;            ///< links resolved
  bool in_place = false;       ///< not a regular file: a device, a pipe
  std::optional<mode_t> mode;  ///< of the file that is replaced
};

/// With the slash behind it.
std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

/// Where a path leads to that names nothing yet: of a link its target, which is to be made, as by
/// whoever opens the link for writing.
std::string end_of_links(std::string path) {
  constexpr int kMostLinks = 40;  // as the system follows
  char to[PATH_MAX];
  for (int link = 0; link < kMostLinks; ++link) {
    const ssize_t length = ::readlink(path.c_str(), to, sizeof to);
    if (length <= 0) break;
    const std::string target(to, static_cast<std::size_t>(length));
    path = target.starts_with('/') ? target : folder_of(path) + target;
  }
  return path;
}

Result<Target> find_target(const std::string& path) {
  if (path.empty()) return input_error("", "The name of the file to write is empty.");
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ELOOP) return system_error(path, "written", errno);
    return Target{end_of_links(path), false, std::nullopt};
  }
  if (S_ISDIR(about.st_mode)) return work_error(path, "cannot be written: this is a folder.");
  if (!S_ISREG(about.st_mode)) return Target{path, true, std::nullopt};
  if (::access(path.c_str(), W_OK) != 0) return system_error(path, "written", errno);
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) == nullptr) return system_error(path, "written", errno);
  return Target{resolved, false, about.st_mode & 07777};
}

/// Creates an empty file in the target's folder, for the bytes to come.
Result<int> create_beside(const std::string& path, std::string& temporary) {
  const int file = create_temporary(folder_of(path), temporary);
  if (file >= 0) return file;
  if (errno != ENOENT) return system_error(path, "written", errno);
  const std::string folder = folder_of(path);
  struct stat about {};
  if (::stat(folder.c_str(), &about) != 0)
    return work_error(path, "cannot be written: there is no folder {}; make it first.", folder);
  return work_error(path, "cannot be written: {} takes no files; choose another folder.", folder);
}

Result<void> write_in_place(const std::string& path, std::string_view bytes) {
  // Without waiting: a pipe that nobody reads is refused; one that is read takes its time.
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0 && errno == ENXIO)
    return work_error(path,
                      "cannot be written: this is a pipe or a socket that nobody reads; name a "
                      "file, or read the pipe first.");
  if (file.get() < 0) return system_error(path, "written", errno);
  ::fcntl(file.get(), F_SETFL, O_WRONLY);
  if (const int code = write_all(file.get(), bytes)) return system_error(path, "written", code);
  return {};
}

Result<void> replace_file(const Target& target, std::string_view bytes) {
  const std::string& path = target.path;
  std::string temporary;
  const Result<int> created = create_beside(path, temporary);
  if (!created) return tl::unexpected(created.error());
  Descriptor file(*created);
  int code = write_all(file.get(), bytes);
  if (code == 0 && target.mode && ::fchmod(file.get(), *target.mode) != 0) code = errno;
  if (code == 0 && ::fsync(file.get()) != 0) code = errno;
  // close() reports what a network file system could not store.
  if (::close(file.release()) != 0 && code == 0) code = errno;
  if (code == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) code = errno;
  if (code != 0) {
    ::unlink(temporary.c_str());
    return system_error(path, "written", code);
  }
  sync_folder(folder_of(path));
  return {};
}

}  // namespace

Result<void> check_regular_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return unreadable(path, errno);
  return check_kind(path, about.st_mode);
}

Result<std::string> read_file(const std::string& path, std::size_t largest) {
  // Without waiting: a pipe is refused before anybody has written to it.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    const int code = errno;
    if (const auto kind = check_regular_file(path); !kind) return tl::unexpected(kind.error());
    return unreadable(path, code);
  }
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return system_error(path, "read", errno);
  if (const auto kind = check_kind(path, about.st_mode); !kind) return tl::unexpected(kind.error());
  std::string bytes;
  if (about.st_size > 0 && static_cast<std::size_t>(about.st_size) <= largest)
    bytes.reserve(static_cast<std::size_t>(about.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, "read", errno);
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > largest)
      return input_error(path, "is larger than {} bytes, the most that is read here.", largest);
  }
}

std::string read_head(const std::string& path, std::size_t most) {
  if (!check_regular_file(path)) return "";
  std::ifstream file(path, std::ios::binary);
  std::string head(most, '\0');
  file.read(head.data(), static_cast<std::streamsize>(most));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes) {
  const Result<Target> target = find_target(path);
  if (!target) return tl::unexpected(target.error());
  return target->in_place ? write_in_place(path, bytes) : replace_file(*target, bytes);
}

bool same_target(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  // What is there is one file by whatever name, or one pipe: /dev/stdout is what it leads to. (Of
  // pipes and devices std::filesystem::equivalent() says nothing.)
  struct stat one = {}, other = {}, nowhere = {};
  const auto is_there = [](const std::string& path, struct stat& found) {
    return ::stat(path.c_str(), &found) == 0;
  };
  const auto same = [](const struct stat& first, const struct stat& second) {
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
  };
  if (is_there(a, one) && is_there(b, other))
    return same(one, other) && !(is_there("/dev/null", nowhere) && same(one, nowhere));
  std::error_code failed;
  const fs::path first = fs::weakly_canonical(fs::absolute(a, failed), failed);
  return !first.empty() && first == fs::weakly_canonical(fs::absolute(b, failed), failed);
}

Result<void> check_writable(const std::string& path) {
  const Result<Target> target = find_target(path);
  if (!target) return tl::unexpected(target.error());
  // Opening a pipe would wait for its reader.
  if (target->in_place) return {};
  std::string temporary;
  const Result<int> created = create_beside(target->path, temporary);
  if (!created) return tl::unexpected(created.error());
  ::close(*created);
  ::unlink(temporary.c_str());
  // The folder takes a short name; this one may be too long.
  struct stat about {};
  if (::lstat(target->path.c_str(), &about) != 0 && errno != ENOENT)
    return system_error(path, "written", errno);
  return {};
}

}  // namespace nanscope
