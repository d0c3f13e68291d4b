#include "engine/recipe/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "engine/base/file.h"
#include "engine/recipe/checkpoint_hash.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".safetensors";

/// 64 bits that depend on each of these: as FNV-1a, but eight bytes at a time.
std::uint64_t add_bytes(std::uint64_t hash, std::string_view bytes) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * kPrime;
    hash ^= hash >> 32;  // a product's low bits do not depend on a word's high ones
  };
  mix(bytes.size());
  std::uint64_t word = 0;
  for (; bytes.size() >= sizeof word; bytes.remove_prefix(sizeof word)) {
    std::memcpy(&word, bytes.data(), sizeof word);
    mix(word);
  }
  word = 0;
  std::memcpy(&word, bytes.data(), bytes.size());
  mix(word);
  return hash;
}

/// Of both states.
std::vector<SafetensorsBytes> all_tensors(const Checkpoint& checkpoint) {
  std::vector<SafetensorsBytes> all = checkpoint.tensors;
  if (checkpoint.before)
    for (const SafetensorsBytes& tensor : checkpoint.before->tensors) {
      all.push_back(tensor);
      all.back().name.insert(0, kBeforeName);
    }
  return all;
}

}  // namespace

std::uint64_t hash_of_recipe(std::string_view recipe) {
  return add_bytes(0xcbf29ce484222325, recipe);
}

std::uint64_t add_to_hash(std::uint64_t hash, const SafetensorsBytes& tensor) {
  for (const std::string_view part : {tensor.name, tensor.dtype, tensor.bytes})
    hash = add_bytes(hash, part);
  return hash;
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

std::string checkpoint_path(const std::string& place, std::int64_t steps) {
  if (place.ends_with(kEnding)) return place;
  return fmt::format("{}/step-{:010}{}", place, steps, kEnding);
}

Result<std::string> last_checkpoint(const std::string& folder) {
  std::vector<std::string> paths;  // which sort by steps
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (const std::string name = entry.path().filename().string();
        name.starts_with("step-") && name.ends_with(kEnding))
      paths.push_back(entry.path().string());
  if (!paths.empty()) return *std::ranges::max_element(paths);
  return input_error(folder, "holds no checkpoint; nanscope train --checkpoint {} writes some.",
                     folder);
}

bool is_checkpoint(const std::string& path) {
  // Behind the length of the header, as write_safetensors() begins it.
  constexpr std::string_view kBegin = R"({"__metadata__":{"nanscope.run")";
  constexpr std::size_t kLength = 8;
  return read_head(path, kLength + kBegin.size()).ends_with(kBegin);
}

Result<void> write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  const std::string recipe = checkpoint_to_json(checkpoint);
  const std::vector<SafetensorsBytes> tensors = all_tensors(checkpoint);
  std::uint64_t hash = hash_of_recipe(recipe);
  for (const SafetensorsBytes& tensor : tensors) hash = add_to_hash(hash, tensor);
  return write_file_atomically(
      path, write_safetensors({{kRecipeName, recipe}, {kHashName, hash_text(hash)}}, tensors));
}

}  // namespace nanscope
