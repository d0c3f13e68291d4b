#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/base/result.h"

namespace nanscope {

/// A file of any kind and size as a sequence of bytes, which are read where they lie: the file is
/// never in memory as a whole. Read by pread(), not by mmap(): where a file that is mapped becomes
/// shorter, reading it ends the program; here it is an error.
class ByteFile {
 public:
  /// Errors: what is no regular file, is empty or cannot be read.
  static Result<ByteFile> open(const std::string& path);

  const std::string& path() const { return path_; }
  std::int64_t size() const { return size_; }  ///< when it was opened
  /// Fills `into` with the bytes from `first` on. Errors: a file that has become too short, or
  /// cannot be read.
  Result<void> read(std::int64_t first, std::span<unsigned char> into) const;

 private:
  ByteFile(std::string path, std::shared_ptr<const int> descriptor, std::int64_t size)
      : path_(std::move(path)), descriptor_(std::move(descriptor)), size_(size) {}

  std::string path_;
  std::shared_ptr<const int> descriptor_;  ///< closed with the last copy
  std::int64_t size_;
};

}  // namespace nanscope
