#include "engine/base/strict_json.h"
#include "engine/data/safetensors.h"

namespace nanscope {
namespace {

constexpr std::size_t kSizeOfLength = 8, kAlignment = 8;

std::string header_of(const std::vector<std::pair<std::string, std::string>>& metadata,
                      const std::vector<SafetensorsBytes>& tensors) {
  Json header;
  for (const auto& [name, value] : metadata) header["__metadata__"][name] = value;
  std::uint64_t begin = 0;
  for (const SafetensorsBytes& tensor : tensors) {
    const std::uint64_t end = begin + tensor.bytes.size();
    header[tensor.name] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

}  // namespace

std::string write_safetensors(const std::vector<std::pair<std::string, std::string>>& metadata,
                              const std::vector<SafetensorsBytes>& tensors) {
  const std::string header = header_of(metadata, tensors);
  std::string file;
  for (std::size_t i = 0; i < kSizeOfLength; ++i)
    file += static_cast<char>(header.size() >> (8 * i) & 0xff);
  file += header;
  for (const SafetensorsBytes& tensor : tensors) file += tensor.bytes;
  return file;
}

}  // namespace nanscope
