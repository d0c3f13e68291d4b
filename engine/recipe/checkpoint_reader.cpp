#include "engine/recipe/checkpoint_reader.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/base/file.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/checkpoint_hash.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestCheckpoint = std::size_t{1} << 40;

tl::unexpected<Error> damaged(const std::string& path, const Message& why) {
  return input_error(path, "is no checkpoint that a run can go on from: {}", why);
}

/// Null where the file has none of this name.
const std::string* metadata_of(const SafetensorsHeader& header, std::string_view name) {
  const auto found =
      std::ranges::find(header.metadata, name, &std::pair<std::string, std::string>::first);
  return found == header.metadata.end() ? nullptr : &found->second;
}

/// Moves the tensors of the state before out of those of the checkpoint.
void take_before(Checkpoint& checkpoint) {
  if (!checkpoint.before) return;
  Checkpoint before{.steps = checkpoint.before->steps};
  const auto [moved, end] = std::ranges::stable_partition(
      checkpoint.tensors,
      [](const SafetensorsBytes& tensor) { return !tensor.name.starts_with(kBeforeName); });
  for (SafetensorsBytes& tensor : std::ranges::subrange(moved, end)) {
    tensor.name.erase(0, kBeforeName.size());
    before.tensors.push_back(std::move(tensor));
  }
  checkpoint.tensors.erase(moved, end);
  checkpoint.before = std::make_shared<const Checkpoint>(std::move(before));
}

/// What is no checkpoint and has a use elsewhere.
Result<void> check_kind(const std::string& path, std::string_view file) {
  if (is_run_file(path))
    return input_error(
        path,
        "is a run file, which tells what was measured and not the state that a run goes on "
        "from. nanscope train {} runs it again; --checkpoint keeps states.",
        path);
  if (file.starts_with("\x89PNG") || file.starts_with("<svg") || file.starts_with("<?xml"))
    return input_error(path,
                       "is a picture, and no state that a run goes on from; nanscope train {} runs "
                       "the experiment inside it, --checkpoint keeps states.",
                       path);
  return {};
}

class CheckpointJob final : public Job {
 public:
  explicit CheckpointJob(CheckpointRequest request)
      : request_(std::move(request)), reader_(request_.path) {}

  Result<JobResult> advance(JobContext& context) override {
    const std::string name = fs::path(request_.path).filename().string();
    do {
      if (context.stop().stop_requested()) return cancelled_error();
      const Result<bool> read = reader_.advance();
      if (!read) return tl::unexpected(read.error());
      if (*read) {
        request_.box->state = std::make_shared<const Checkpoint>(reader_.take());
        return JobResult::of(request_.path);
      }
      if (context.progress()) context.progress()(message("reading {}", name), reader_.share());
    } while (!context.slice_over());
    return JobResult();
  }

 private:
  CheckpointRequest request_;
  CheckpointReader reader_;
};

}  // namespace

Result<void> CheckpointReader::open() {
  std::error_code ignored;
  Result<std::string> path =
      fs::is_directory(place_, ignored) ? last_checkpoint(place_) : Result<std::string>(place_);
  if (!path) return tl::unexpected(path.error());
  path_ = *std::move(path);
  Result<std::string> file = read_file(path_, kLargestCheckpoint);
  if (!file) return tl::unexpected(file.error());
  if (const auto good = check_kind(path_, *file); !good) return good;
  auto header = parse_safetensors_header(*file, file->size());
  if (!header) return damaged(path_, header.error().what);
  const std::string* recipe = metadata_of(*header, kRecipeName);
  if (!recipe) return damaged(path_, message("its metadata has no {}.", kRecipeName));
  Result<Checkpoint> checkpoint = checkpoint_from_json(*recipe);
  if (!checkpoint) return damaged(path_, whole_message(checkpoint.error()));
  recipe_ = *recipe;
  if (const std::string* hash = metadata_of(*header, kHashName)) hash_ = *hash;
  file_ = *std::move(file);
  header_ = *std::move(header);
  checkpoint_ = *std::move(checkpoint);
  seen_ = hash_of_recipe(recipe_);
  return {};
}

Result<bool> CheckpointReader::advance() {
  if (file_.empty()) return open().map([] { return false; });
  const std::size_t next = checkpoint_.tensors.size();
  if (next == header_.tensors.size()) return finish().map([] { return true; });
  const SafetensorsEntry& entry = header_.tensors[next];
  const SafetensorsBytes& tensor = checkpoint_.tensors.emplace_back(SafetensorsBytes{
      entry.name, entry.dtype, entry.shape, file_.substr(entry.begin, entry.end - entry.begin)});
  seen_ = add_to_hash(seen_, tensor);
  return false;
}

Result<void> CheckpointReader::finish() {
  if (hash_.empty())
    return damaged(path_,
                   message("it has no {}, by which what was written is known; it was edited, "
                           "or is of a version that wrote none. nanscope train with the "
                           "settings of the run and --checkpoint makes another one.",
                           kHashName));
  if (hash_ != hash_text(seen_))
    return damaged(path_, message("it is damaged or was edited, as its bytes are not those that "
                                  "were written. Take the one before, if there is one."));
  take_before(checkpoint_);
  return {};
}

double CheckpointReader::share() const {
  const std::size_t done = checkpoint_.tensors.size();
  if (done == 0 || file_.empty()) return 0;
  return static_cast<double>(header_.tensors[done - 1].end) / static_cast<double>(file_.size());
}

Result<Checkpoint> read_checkpoint(const std::string& place) {
  CheckpointReader reader(place);
  for (;;) {
    const Result<bool> read = reader.advance();
    if (!read) return tl::unexpected(read.error());
    if (*read) return reader.take();
  }
}

std::unique_ptr<Job> CheckpointRequest::make_job() const {
  return std::make_unique<CheckpointJob>(*this);
}

}  // namespace nanscope
