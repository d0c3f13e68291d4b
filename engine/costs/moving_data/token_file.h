#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace nanscope {

/// Whole numbers of one size, one behind the other, as nanoGPT and CS336 keep tokens: the numbers
/// of a .npy, or all of another file, two bytes each.
struct TokenLayout {
  std::int64_t data_at = 0;
  std::int64_t bytes = 0;  ///< of all tokens
  std::int64_t token_bytes = 2;
  std::int64_t tokens() const { return bytes / token_bytes; }
};
/// Errors: a file that cannot be read or is empty, a .npy of something else than whole numbers, or
/// with fewer or more of them than its header says.
Result<TokenLayout> token_layout(const std::string& path);

/// The bytes of a file's tokens, for as long as it lives.
class TokenBytes {
 public:
  virtual ~TokenBytes() = default;
  const TokenLayout& layout() const { return layout_; }
  const unsigned char* data() const { return data_; }
  /// Whether the file was found to end before its tokens: what was read of it since is nothing.
  bool shortened() const { return shortened_; }
  void found_shortened() const { shortened_ = true; }

 protected:
  TokenLayout layout_;
  const unsigned char* data_ = nullptr;

 private:
  mutable std::atomic<bool> shortened_ = false;
};
/// A file has become shorter than its layout.
Error shortened_error(const std::string& path);
/// Mapped: the system reads a page when somebody looks at it. Of a file that somebody shortens
/// later, TokenBytes::shortened() tells.
Result<std::unique_ptr<TokenBytes>> map_tokens(const std::string& path, const TokenLayout& layout);
/// Read into memory as a whole.
Result<std::unique_ptr<TokenBytes>> load_tokens(const std::string& path, const TokenLayout& layout);

/// A batch of sequences that begin anywhere, as int64, (batch, length + 1): inputs and, one on,
/// targets. `random` goes on from call to call. Of tokens that are shortened(), or were found so
/// now, it holds nothing of use.
void gather_batch(const TokenBytes& tokens, std::int64_t batch, std::int64_t length,
                  std::uint64_t& random, std::vector<std::int64_t>& into);

/// A file of random tokens in the system's folder for such, removed with this.
class MadeTokens {
 public:
  static Result<std::unique_ptr<MadeTokens>> make();
  ~MadeTokens();
  MadeTokens(const MadeTokens&) = delete;
  MadeTokens& operator=(const MadeTokens&) = delete;

  const std::string& path() const { return path_; }
  /// Writes so many bytes behind what is there. Error: no room.
  Result<void> append(std::int64_t bytes);
  /// What was written is in the file, not only on its way.
  void settle() const;

 private:
  MadeTokens(int file, std::string path) : file_(file), path_(std::move(path)) {}
  int file_;
  std::string path_;
  std::uint64_t random_ = 1;
};

/// Asks the system to forget what it holds of a file in memory.
void forget_cached(const std::string& path);
/// The share of a file that the system holds in memory, 0..1.
double cached_share(const std::string& path);

}  // namespace nanscope
