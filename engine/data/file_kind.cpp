#include "engine/data/file_kind.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

namespace nanscope {

FileKind kind_of_file(const std::string& path) {
  constexpr std::pair<const char*, FileKind> kEndings[] = {
      {".json", FileKind::experiment},    {".png", FileKind::experiment},
      {".svg", FileKind::experiment},     {".jsonl", FileKind::experiment},
      {".csv", FileKind::table},          {".tsv", FileKind::table},
      {".txt", FileKind::table},          {".npy", FileKind::table},
      {".safetensors", FileKind::weights}};
  std::string ending = std::filesystem::path(path).extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) {
    return static_cast<char>(c < 0x80 ? std::tolower(c) : c);
  });
  for (const auto& [known, kind] : kEndings)
    if (ending == known) return kind;
  return FileKind::unknown;
}

}  // namespace nanscope
