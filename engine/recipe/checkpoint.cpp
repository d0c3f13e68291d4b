#include "engine/recipe/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "engine/base/file.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".safetensors";
constexpr const char* kRecipe = "nanscope.run";  // the metadata's name
constexpr std::size_t kLargestCheckpoint = std::size_t{1} << 40;

constexpr const char* kHash = "nanscope.hash";  // of the recipe and the tensors

/// 64 bits that depend on each of these: as FNV-1a, but eight bytes at a time.
std::uint64_t add_to_hash(std::uint64_t hash, std::string_view bytes) {
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

std::string hash_of(std::string_view recipe, const std::vector<SafetensorsBytes>& tensors) {
  std::uint64_t hash = add_to_hash(0xcbf29ce484222325, recipe);
  for (const SafetensorsBytes& tensor : tensors)
    for (const std::string_view part : {tensor.name, tensor.dtype, tensor.bytes})
      hash = add_to_hash(hash, part);
  return fmt::format("{:016x}", hash);
}

tl::unexpected<Error> damaged(const std::string& path, const Message& why) {
  return input_error(path, "is no checkpoint that a run can go on from: {}", why);
}

/// Null where the file has none of this name.
const std::string* metadata_of(const SafetensorsHeader& header, std::string_view name) {
  const auto found =
      std::ranges::find(header.metadata, name, &std::pair<std::string, std::string>::first);
  return found == header.metadata.end() ? nullptr : &found->second;
}

constexpr std::string_view kBefore = "before/";

/// Moves the tensors of the state before out of those of the checkpoint.
void take_before(Checkpoint& checkpoint) {
  if (!checkpoint.before) return;
  Checkpoint before{.steps = checkpoint.before->steps};
  const auto [moved, end] = std::ranges::stable_partition(
      checkpoint.tensors,
      [](const SafetensorsBytes& tensor) { return !tensor.name.starts_with(kBefore); });
  for (SafetensorsBytes& tensor : std::ranges::subrange(moved, end)) {
    tensor.name.erase(0, kBefore.size());
    before.tensors.push_back(std::move(tensor));
  }
  checkpoint.tensors.erase(moved, end);
  checkpoint.before = std::make_shared<const Checkpoint>(std::move(before));
}

/// Of both states.
std::vector<SafetensorsBytes> all_tensors(const Checkpoint& checkpoint) {
  std::vector<SafetensorsBytes> all = checkpoint.tensors;
  if (checkpoint.before)
    for (const SafetensorsBytes& tensor : checkpoint.before->tensors) {
      all.push_back(tensor);
      all.back().name.insert(0, kBefore);
    }
  return all;
}

}  // namespace

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

Result<Checkpoint> read_checkpoint(const std::string& place) {
  std::error_code ignored;
  const Result<std::string> path =
      fs::is_directory(place, ignored) ? last_checkpoint(place) : Result<std::string>(place);
  if (!path) return tl::unexpected(path.error());
  const Result<std::string> file = read_file(*path, kLargestCheckpoint);
  if (!file) return tl::unexpected(file.error());
  if (is_run_file(*path))
    return input_error(
        *path,
        "is a run file, which tells what was measured and not the state that a run goes on "
        "from. nanscope train {} runs it again; --checkpoint keeps states.",
        *path);
  if (file->starts_with("\x89PNG") || file->starts_with("<svg") || file->starts_with("<?xml"))
    return input_error(*path,
                       "is a picture, and no state that a run goes on from; nanscope train {} runs "
                       "the experiment inside it, --checkpoint keeps states.",
                       *path);
  const auto header = parse_safetensors_header(*file, file->size());
  if (!header) return damaged(*path, header.error().what);
  const std::string* recipe = metadata_of(*header, kRecipe);
  if (!recipe) return damaged(*path, message("its metadata has no {}.", kRecipe));
  Result<Checkpoint> checkpoint = checkpoint_from_json(*recipe);
  if (!checkpoint) return damaged(*path, whole_message(checkpoint.error()));
  for (const SafetensorsEntry& entry : header->tensors)
    checkpoint->tensors.push_back(
        {entry.name, entry.dtype, entry.shape, file->substr(entry.begin, entry.end - entry.begin)});
  const std::string* hash = metadata_of(*header, kHash);
  if (!hash)
    return damaged(*path,
                   message("it has no {}, by which what was written is known; it was edited, "
                           "or is of a version that wrote none. nanscope train with the "
                           "settings of the run and --checkpoint makes another one.",
                           kHash));
  if (*hash != hash_of(*recipe, checkpoint->tensors))
    return damaged(*path, message("it is damaged or was edited, as its bytes are not those that "
                                  "were written. Take the one before, if there is one."));
  take_before(*checkpoint);
  return checkpoint;
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
  return write_file_atomically(
      path, write_safetensors({{kRecipe, recipe}, {kHash, hash_of(recipe, tensors)}}, tensors));
}

}  // namespace nanscope
