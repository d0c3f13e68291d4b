#include "engine/runs/network_runs.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/machine/memory.h"
#include "engine/plan/memory.h"
#include "engine/plan/plan.h"
#include "engine/recipe/networks.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

/// The count that several networks have together, in a checkpoint.
constexpr const char* kSkipped = "loss_scale.skipped_by_one";

/// From one look at what else the machine does, which costs 0.2 ms, to the next.
constexpr std::chrono::milliseconds kBetweenLooks(50);

/// The buffers of so many networks, one block each, of which every network has its part.
std::vector<std::vector<at::Tensor>> make_parts(const PlanDescription& one, int count) {
  std::vector<std::vector<at::Tensor>> networks(static_cast<std::size_t>(count));
  std::vector<at::Tensor> own = make_buffers(one);
  if (count == 1) return {std::move(own)};
  for (at::Tensor& buffer : own) {
    const auto element = static_cast<std::int64_t>(buffer.element_size());
    const std::int64_t size = buffer.numel(), room = stride_of_part(size * element) / element;
    const at::Tensor all = at::empty({count, room}, buffer.options());
    for (int k = 0; k < count; ++k)
      networks[static_cast<std::size_t>(k)].push_back(
          all.select(0, k).narrow(0, 0, size).view(buffer.sizes()));
    buffer.reset();
  }
  return networks;
}

/// Tensors of the same name, one behind the other.
void stack(std::vector<SafetensorsBytes>& all, const std::vector<SafetensorsBytes>& one) {
  for (std::size_t i = 0; i < one.size(); ++i) {
    all[i].bytes += one[i].bytes;
    ++all[i].shape.front();
  }
}

/// One network's parts of the tensors of several.
Result<Checkpoint> part_of(const Checkpoint& checkpoint, int network, int count) {
  Checkpoint part{.experiment = checkpoint.experiment, .steps = checkpoint.steps};
  const auto networks = static_cast<std::size_t>(count);
  for (const SafetensorsBytes& tensor : checkpoint.tensors) {
    if (tensor.name == kSkipped) continue;
    if (tensor.shape.empty() || tensor.shape.front() != networks ||
        tensor.bytes.size() % networks != 0)
      return input_error("--resume",
                         "the checkpoint's tensor {} is not of {} networks, as the run's is.",
                         tensor.name, count);
    const std::size_t bytes = tensor.bytes.size() / networks;
    part.tensors.push_back(
        {.name = tensor.name,
         .dtype = tensor.dtype,
         .shape = {tensor.shape.begin() + 1, tensor.shape.end()},
         .bytes = tensor.bytes.substr(static_cast<std::size_t>(network) * bytes, bytes)});
  }
  return part;
}

}  // namespace

double largest_product(const PlanDescription& plan) {
  double largest = 0;
  for (const PlanOperation& operation : plan.operations)
    largest = std::max(largest, operation.forward.flops / 2);
  return largest;
}

Result<std::unique_ptr<NetworkRuns>> NetworkRuns::make(const Experiment& experiment) {
  const auto task = training_task(experiment);
  if (!task) return tl::unexpected(task.error());
  auto plan = describe_training(experiment, *task);
  if (!plan) return tl::unexpected(plan.error());
  if (const auto enough = check_memory(experiment.network, experiment.data.batch, plan->bytes(),
                                       available_memory());
      !enough)
    return tl::unexpected(enough.error());
  const auto all = std::make_shared<const PlanDescription>(*std::move(plan));
  const int count = experiment.network.networks;
  const auto one = count == 1 ? all
                              : std::make_shared<const PlanDescription>(
                                    *describe_training(network_of(experiment, 0), *task));
  TableTensors table;
  if (task->table.rows > 0)
    table = table_tensors(task->table, task->outputs, own_type(*one->value(one->target).stored));
  std::vector<std::vector<at::Tensor>> buffers = make_parts(*one, count);
  std::unique_ptr<NetworkRuns> runs(new NetworkRuns(all, useful_threads(largest_product(*one))));
  for (int k = 0; k < count; ++k)
    runs->runs_.push_back(std::make_unique<TrainingRun>(
        network_of(experiment, k),
        RunParts{.task = *task,
                 .table = table,
                 .plan = one,
                 .buffers = std::move(buffers[static_cast<std::size_t>(k)]),
                 .looks_at_plane = k == 0}));
  runs->steps_.resize(runs->runs_.size());
  runs->change(experiment.training);
  return runs;
}

NetworkRuns::NetworkRuns(std::shared_ptr<const PlanDescription> plan, int threads_of_one)
    : plan_(std::move(plan)), threads_of_one_(threads_of_one) {}

int NetworkRuns::threads() {
  if (count() == 1 || threads_of_one_ > 1) return threads_of_one_;
  // A thread that another program has put aside would be waited for in every step.
  if (const auto now = OtherWork::Clock::now(); now >= next_look_) {
    other_work_.look(now);
    next_look_ = now + kBetweenLooks;
  }
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::min({count(), at::get_num_threads(), std::max(1, cores - other_work_.threads())});
}

template <class Work>
void NetworkRuns::for_each(const Work& work) {
  if (runs_.size() == 1 || threads_of_one_ > 1) {
    for (std::size_t k = 0; k < runs_.size(); ++k) work(k);
    return;
  }
  at::parallel_for(0, count(), 1, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode without_autograd;  // of each thread
    for (std::int64_t k = begin; k < end; ++k) work(static_cast<std::size_t>(k));
  });
}

RunStep NetworkRuns::step(const std::vector<StepWatch*>& watches) {
  const auto look = [&](std::size_t k) {
    return StepLook{.watch = k < watches.size() ? watches[k] : nullptr};
  };
  if (runs_.size() == 1) return runs_.front()->step(look(0));
  for_each([&](std::size_t k) { steps_[k] = runs_[k]->step(look(k)); });
  RunStep all = together(steps_);
  skipped_ += all.skipped;
  return all;
}

void NetworkRuns::change(const TrainingSpec& training) {
  TrainingSpec others = training;
  if (!looks_at_all_) others.statistics = 0;
  for (std::size_t k = 0; k < runs_.size(); ++k) runs_[k]->change(k == 0 ? training : others);
}

void NetworkRuns::look_at_all() {
  looks_at_all_ = true;
  change(runs_.front()->training());
}

void NetworkRuns::restart_loss_scale() {
  for (const auto& run : runs_) run->restart_loss_scale();
}

std::optional<HeldOut> NetworkRuns::look_at_held_out() {
  if (runs_.size() == 1) return runs_.front()->look_at_held_out();
  std::vector<std::optional<HeldOut>> looks(runs_.size());
  for_each([&](std::size_t k) { looks[k] = runs_[k]->look_at_held_out(); });
  if (!looks.front()) return std::nullopt;
  std::vector<HeldOut> all;
  for (const auto& one : looks) all.push_back(*one);
  return together(all);
}

std::optional<double> NetworkRuns::loss_scale() const {
  if (!runs_.front()->loss_scale()) return std::nullopt;
  std::vector<double> each;
  for (const auto& run : runs_) each.push_back(*run->loss_scale());
  return median_of(std::move(each));
}

std::int64_t NetworkRuns::steps_skipped() const {
  return runs_.size() == 1 ? runs_.front()->steps_skipped() : skipped_;
}

void NetworkRuns::save(Checkpoint& checkpoint) const {
  if (runs_.size() == 1) return runs_.front()->save(checkpoint);
  for (const auto& run : runs_) {
    Checkpoint one;
    run->save(one);
    if (checkpoint.tensors.empty()) {
      checkpoint.steps = one.steps;
      checkpoint.tensors = std::move(one.tensors);
      for (SafetensorsBytes& tensor : checkpoint.tensors)
        tensor.shape.insert(tensor.shape.begin(), 1);
    } else {
      stack(checkpoint.tensors, one.tensors);
    }
  }
  if (!loss_scale()) return;
  checkpoint.tensors.push_back(
      {.name = kSkipped,
       .dtype = "I64",
       .shape = {1},
       .bytes = {reinterpret_cast<const char*>(&skipped_), sizeof skipped_}});
}

Result<void> NetworkRuns::restore(const Checkpoint& checkpoint) {
  if (runs_.size() == 1) return runs_.front()->restore(checkpoint);
  for (int k = 0; k < count(); ++k) {
    const Result<Checkpoint> part = part_of(checkpoint, k, count());
    if (!part) return tl::unexpected(part.error());
    if (auto restored = network(k).restore(*part); !restored) return restored;
  }
  skipped_ = 0;
  if (!loss_scale()) return {};
  const auto found = std::ranges::find(checkpoint.tensors, kSkipped, &SafetensorsBytes::name);
  if (found == checkpoint.tensors.end() || found->bytes.size() != sizeof skipped_)
    return input_error("--resume", "the checkpoint has no tensor {}.", kSkipped);
  found->bytes.copy(reinterpret_cast<char*>(&skipped_), sizeof skipped_);
  if (skipped_ >= 0 && skipped_ <= checkpoint.steps) return {};
  return input_error("--resume",
                     "the checkpoint is damaged: no run leaves such numbers in {}. Take the one "
                     "before, if there is one.",
                     kSkipped);
}

void apply_change(const LiveChange& change, Experiment& now, NetworkRuns& runs) {
  now = with_key(now, change.key, change.value).value();
  runs.change(now.training);
  if (change.key == "loss_scale.init") runs.restart_loss_scale();
}

}  // namespace nanscope
