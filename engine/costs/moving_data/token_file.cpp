#include "engine/costs/moving_data/token_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/costs/moving_data/mapped_read.h"
#include "engine/data/npy_header.h"

namespace nanscope {
namespace {

/// A file that is open for reading.
class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  explicit operator bool() const { return file_ >= 0; }
  int file() const { return file_; }
  /// Of a file with bytes in it; -1 of a folder or a device.
  std::int64_t size() const {
    struct stat status {};
    if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) return -1;
    return status.st_size;
  }

 private:
  int file_;
};

tl::unexpected<Error> cannot_read(const std::string& path) {
  return input_error(path, "cannot be read: {}.", std::strerror(errno));
}

/// xorshift64* (Vigna 2016): fast, and good enough to choose places in a file.
std::uint64_t next(std::uint64_t& state) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545F4914F6CDD1DULL;
}

class MappedTokens final : public TokenBytes {
 public:
  MappedTokens(void* map, std::size_t size, const TokenLayout& layout) : map_(map), size_(size) {
    layout_ = layout;
    data_ = static_cast<const unsigned char*>(map) + layout.data_at;
  }
  ~MappedTokens() override { ::munmap(map_, size_); }
  MappedTokens(const MappedTokens&) = delete;
  MappedTokens& operator=(const MappedTokens&) = delete;

 private:
  MappedReads reads_;
  void* map_;
  std::size_t size_;
};

class LoadedTokens final : public TokenBytes {
 public:
  LoadedTokens(std::vector<unsigned char> bytes, const TokenLayout& layout)
      : bytes_(std::move(bytes)) {
    layout_ = layout;
    data_ = bytes_.data();
  }

 private:
  std::vector<unsigned char> bytes_;
};

template <class Token>
void widen(const unsigned char* from, std::int64_t count, std::int64_t* to) {
  for (std::int64_t i = 0; i < count; ++i) {
    Token token;
    std::memcpy(&token, from + i * static_cast<std::int64_t>(sizeof(Token)), sizeof(Token));
    to[i] = static_cast<std::int64_t>(token);
  }
}

/// What copies the sequences of a batch; nothing in it has to be destroyed.
struct BatchCopy {
  const unsigned char* tokens;
  std::int64_t token_bytes, places, batch, row;
  std::uint64_t random;
  std::int64_t* to;
};

void copy_batch(void* with) {
  auto& copy = *static_cast<BatchCopy*>(with);
  for (std::int64_t i = 0; i < copy.batch; ++i) {
    const auto place =
        static_cast<std::int64_t>(next(copy.random) % static_cast<std::uint64_t>(copy.places));
    const unsigned char* from = copy.tokens + place * copy.token_bytes;
    std::int64_t* to = copy.to + i * copy.row;
    if (copy.token_bytes == 1) widen<std::uint8_t>(from, copy.row, to);
    if (copy.token_bytes == 2) widen<std::uint16_t>(from, copy.row, to);
    if (copy.token_bytes == 4) widen<std::int32_t>(from, copy.row, to);
    if (copy.token_bytes == 8) widen<std::int64_t>(from, copy.row, to);
  }
}

/// How many tokens a header's shape says, or more than any file has.
std::uint64_t tokens_of(const NpyHeader& header) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
  std::uint64_t tokens = 1;
  for (const std::uint64_t size : header.shape) {
    if (size != 0 && tokens > kMost / size) return kMost;
    tokens *= size;
  }
  return tokens;
}

/// Where the tokens of a .npy stand whose file has so many bytes and begins with these.
Result<TokenLayout> npy_layout(const std::string& path, std::string_view head, std::int64_t size) {
  const auto header = read_npy_header(head);
  if (!header) return input_error(path, header.error().what);
  const std::string& type = header->type;
  const bool whole = type == "i1" || type == "u1" || type == "i2" || type == "u2" || type == "i4" ||
                     type == "u4" || type == "i8" || type == "u8";
  if (!whole) return input_error(path, "holds {}; tokens are whole numbers, as np.uint16.", type);
  TokenLayout layout{.data_at = static_cast<std::int64_t>(header->data_at)};
  layout.token_bytes = type[1] - '0';
  if (header->big_endian && layout.token_bytes > 1)
    return input_error(path,
                       "holds big-endian numbers; tokens are read little-endian: save it with "
                       "array.astype('<{}').",
                       type);
  const std::uint64_t tokens = tokens_of(*header);
  const std::int64_t room = size - layout.data_at;
  if (tokens == 0) return input_error(path, "is empty; there is no token in it.");
  if (tokens > static_cast<std::uint64_t>(room / layout.token_bytes))
    return input_error(path,
                       "is cut off: the header says {} tokens, the file holds {}; save it again.",
                       tokens, room / layout.token_bytes);
  layout.bytes = static_cast<std::int64_t>(tokens) * layout.token_bytes;
  if (room > layout.bytes)
    return input_error(path,
                       "holds more than its header says, which are {} tokens; {} of its bytes "
                       "stand behind them. Save it again.",
                       tokens, room - layout.bytes);
  return layout;
}

}  // namespace

Error shortened_error(const std::string& path) {
  return work_error(path,
                    "the file was shortened while it was read; try again when nobody writes to it.")
      .value();
}

Result<TokenLayout> token_layout(const std::string& path) {
  const OpenFile file(path);
  if (!file) return cannot_read(path);
  const std::int64_t size = file.size();
  if (size < 0) return input_error(path, "is no file of tokens, but a folder or a device.");
  if (size == 0) return input_error(path, "is empty; there is no token in it.");
  if (!path.ends_with(".npy")) return TokenLayout{.data_at = 0, .bytes = size};
  std::string head(static_cast<std::size_t>(std::min<std::int64_t>(size, 65536)), '\0');
  const auto read = ::pread(file.file(), head.data(), head.size(), 0);
  if (read < 0) return cannot_read(path);
  head.resize(static_cast<std::size_t>(read));
  return npy_layout(path, head, size);
}

Result<std::unique_ptr<TokenBytes>> map_tokens(const std::string& path, const TokenLayout& layout) {
  const OpenFile file(path);
  if (!file) return cannot_read(path);
  const std::int64_t size = layout.data_at + layout.bytes;
  if (file.size() < size) return tl::unexpected(shortened_error(path));
  const auto length = static_cast<std::size_t>(size);
  void* map = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file.file(), 0);
  if (map == MAP_FAILED) return cannot_read(path);
  return std::make_unique<MappedTokens>(map, length, layout);
}

Result<std::unique_ptr<TokenBytes>> load_tokens(const std::string& path,
                                                const TokenLayout& layout) {
  const OpenFile file(path);
  if (!file) return cannot_read(path);
  if (file.size() < layout.data_at + layout.bytes) return tl::unexpected(shortened_error(path));
  std::vector<unsigned char> bytes(static_cast<std::size_t>(layout.bytes));
  for (std::size_t done = 0; done < bytes.size();) {
    const auto read = ::pread(file.file(), bytes.data() + done, bytes.size() - done,
                              layout.data_at + static_cast<std::int64_t>(done));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return cannot_read(path);
    if (read == 0) return tl::unexpected(shortened_error(path));
    done += static_cast<std::size_t>(read);
  }
  return std::make_unique<LoadedTokens>(std::move(bytes), layout);
}

void gather_batch(const TokenBytes& tokens, std::int64_t batch, std::int64_t length,
                  std::uint64_t& random, std::vector<std::int64_t>& into) {
  const TokenLayout& layout = tokens.layout();
  const std::int64_t row = length + 1;
  into.resize(static_cast<std::size_t>(batch * row));
  if (tokens.shortened()) return;
  BatchCopy copy{.tokens = tokens.data(),
                 .token_bytes = layout.token_bytes,
                 .places = layout.tokens() - row + 1,
                 .batch = batch,
                 .row = row,
                 .random = random,
                 .to = into.data()};
  if (!read_mapped(tokens.data(), static_cast<std::size_t>(layout.bytes), copy_batch, &copy))
    tokens.found_shortened();
  random = copy.random;
}

Result<std::unique_ptr<MadeTokens>> MadeTokens::make() {
  std::error_code failed;
  const auto folder = std::filesystem::temp_directory_path(failed);
  std::string path = (failed ? std::string("/tmp") : folder.string()) + "/nanscope-tokens-XXXXXX";
  const int file = ::mkstemp(path.data());
  if (file < 0) return work_error(path, "cannot be written: {}.", std::strerror(errno));
  return std::unique_ptr<MadeTokens>(new MadeTokens(file, std::move(path)));
}

MadeTokens::~MadeTokens() {
  ::close(file_);
  ::unlink(path_.c_str());
}

Result<void> MadeTokens::append(std::int64_t bytes) {
  std::vector<std::uint64_t> numbers(static_cast<std::size_t>((bytes + 7) / 8));
  for (std::uint64_t& number : numbers) number = next(random_);
  const auto* from = reinterpret_cast<const char*>(numbers.data());
  for (std::int64_t done = 0; done < bytes;) {
    const auto written = ::write(file_, from + done, static_cast<std::size_t>(bytes - done));
    if (written <= 0)
      return work_error(path_, "cannot be written: {}; a smaller costs.file_bytes needs less room.",
                        std::strerror(errno));
    done += written;
  }
  return {};
}

void MadeTokens::settle() const { ::fsync(file_); }

void forget_cached(const std::string& path) {
  const OpenFile file(path);
  if (file) ::posix_fadvise(file.file(), 0, 0, POSIX_FADV_DONTNEED);
}

double cached_share(const std::string& path) {
  const OpenFile file(path);
  const std::int64_t size = file ? file.size() : 0;
  if (size <= 0) return 0;
  const auto length = static_cast<std::size_t>(size);
  void* map = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file.file(), 0);
  if (map == MAP_FAILED) return 0;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages((length + page - 1) / page);
  const bool told = ::mincore(map, length, pages.data()) == 0;
  ::munmap(map, length);
  if (!told) return 0;
  const auto held = std::ranges::count_if(pages, [](unsigned char one) { return (one & 1) != 0; });
  return static_cast<double>(held) / static_cast<double>(pages.size());
}

}  // namespace nanscope
