#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

// .npy bytes made by hand.
namespace nanscope::testing {

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// As numpy.save writes it: the header's length makes the numbers start at a multiple of 64.
inline std::string npy(const std::string& dict, const std::string& data, int version = 1) {
  const std::size_t frame = version == 1 ? 10 : 12;
  std::string header = dict;
  while ((frame + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (std::size_t i = 0; i < frame - 8; ++i)
    bytes += static_cast<char>(header.size() >> (8 * i) & 255);
  return bytes + header + data;
}

inline std::string dict(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }";
}

}  // namespace nanscope::testing
