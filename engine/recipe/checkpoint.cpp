#include "engine/recipe/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
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

tl::unexpected<Error> damaged(const std::string& path, const Message& why) {
  return input_error(path, "is no checkpoint that a run can go on from: {}", why);
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
  if (looks_like_run(*file))
    return input_error(
        *path,
        "is a run file, which tells what was measured and not the state that a run goes on "
        "from. nanscope train {} runs it again; --checkpoint keeps states.",
        *path);
  const auto header = parse_safetensors_header(*file, file->size());
  if (!header) return damaged(*path, header.error().what);
  const auto recipe =
      std::ranges::find(header->metadata, kRecipe, &std::pair<std::string, std::string>::first);
  if (recipe == header->metadata.end())
    return damaged(*path, message("its metadata has no {}.", kRecipe));
  Result<Checkpoint> checkpoint = checkpoint_from_json(recipe->second);
  if (!checkpoint) return damaged(*path, whole_message(checkpoint.error()));
  for (const SafetensorsEntry& entry : header->tensors)
    checkpoint->tensors.push_back(
        {entry.name, entry.dtype, entry.shape, file->substr(entry.begin, entry.end - entry.begin)});
  return checkpoint;
}

bool is_checkpoint(const std::string& path) {
  // Behind the length of the header, as write_safetensors() begins it.
  constexpr std::string_view kBegin = R"({"__metadata__":{"nanscope.run")";
  constexpr std::size_t kLength = 8;
  return read_head(path, kLength + kBegin.size()).ends_with(kBegin);
}

Result<void> write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  return write_file_atomically(
      path, write_safetensors({{kRecipe, checkpoint_to_json(checkpoint)}}, checkpoint.tensors));
}

}  // namespace nanscope
