#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/experiment/network.h"
#include "engine/experiment/training.h"

// The group of an experiment that the Costs lab shows. Of a run the lab reads what the run itself
// does; transformers and napkins have settings of their own.
namespace nanscope {

struct Key;

enum class CostsView {
  memory,       ///< of the run
  flops,        ///< of the run
  transformer,  ///< by formula
  napkin,       ///< days, sizes, money
  walk,         ///< one step, operation by operation
  roofline,     ///< of the run's operations
  calibration,  ///< what this machine reaches
  data,         ///< from a file to where it is computed with
};

/// Whose peaks are the roof, and what a utilisation is a share of.
enum class Roof : std::uint8_t {
  calibrated,  ///< this machine's, as they were measured
  datasheet,   ///< those of `Costs::device`, and `Costs::peak`
};

/// What the walk goes through: the run's plan, or y = x w with a squared error, in numbers.
enum class WalkOf { run, example };

/// What a napkin is asked.
enum class NapkinQuestion {
  days,           ///< of training so many parameters on so many tokens
  largest_model,  ///< that fits on the devices
  days_buy,       ///< the best model for so many days
  money_buys,     ///< the best model for a budget
  bytes,          ///< on each device
  utilisation,    ///< MFU by tokens a second
  product,        ///< one matrix product: FLOPs, and by its seconds FLOP/s and MFU
};

/// How the bytes of a parameter are counted (engine/costs/training_bytes.h); automatic: zero for
/// mixed precision, else uniform.
enum class BytesChoice { automatic, uniform, cs336, zero, megatron, fp32_copies };
/// What a transformer's layer keeps (engine/costs/transformer/activations.h); automatic: what suits
/// the model.
enum class ActivationsChoice { automatic, korthikanti, llama };

/// Which pairs of a query and a key are counted, a switch since sources differ.
enum class AttentionFlops {
  full,    ///< all T^2: PaLM, nanoGPT, Korthikanti et al.
  causal,  ///< T^2 / 2: recent Megatron-LM, MaxText
};

/// What a transformer computes again on the way back (Korthikanti et al. 2022).
enum class Recompute {
  none,
  selective,  ///< scores, softmax and their product with the values
  full,       ///< every layer, from its input
};

/// What the Costs lab shows.
struct Costs {
  CostsView view = CostsView::memory;

  // The walk.
  WalkOf walk = WalkOf::run;
  int step = 1;  ///< that is looked at; the last one where there are fewer

  // What is measured.
  bool measured = false;  ///< some steps of the run, beside what is predicted
  Roof roof = Roof::calibrated;

  // An example to walk through.
  std::string x = "1,2,3";  ///< the example's input
  std::string w = "1,1,1";  ///< its weights
  double target = 5;

  // A transformer.
  std::string model = "llama-3-8b";  ///< a preset's name, or the path of a config.json
  std::string architecture;          ///< what is otherwise: "layers=48 tied=false"
  std::int64_t batch = 1;            ///< sequences a step of each data-parallel replica
  std::int64_t length = 0;           ///< tokens of each; 0: 4096, or the context if shorter
  AttentionFlops attention = AttentionFlops::full;
  ActivationsChoice activations = ActivationsChoice::automatic;
  Recompute recompute = Recompute::none;
  std::int64_t micro_batches = 1;  ///< that the sequences are gone through in
  std::int64_t tensor = 1, pipeline = 1, context = 1, expert = 1;
  bool sequence_parallel = false;
  double seconds = 0;  ///< of a step that was measured; 0: none was

  // What transformers and napkins share.
  Precision precision = Precision::mixed_bf16;
  OptimizerKind optimizer = OptimizerKind::adam;
  bool eight_bits = false;  ///< the optimizer's state
  BytesChoice convention = BytesChoice::automatic;
  int zero = 0;  ///< stage of ZeRO
  std::int64_t devices = 1;
  std::string device = "h100-sxm";  ///< in the table of devices
  double peak = 0;                  ///< FLOP/s of one; 0: its sheet's at the precision

  // A napkin.
  NapkinQuestion question = NapkinQuestion::days;
  double parameters = 70e9, tokens = 15e12;
  double mfu = 0.5;
  double days = 14;
  double budget = 1e6;
  double price = 0;        ///< of a device and hour; 0: not asked
  double electricity = 0;  ///< of a kWh; 0: not asked
  double tokens_per_second = 0;
  std::int64_t m = 16384, k = 32768, n = 8192;  ///< of a product

  // Moving data.
  std::string file;                      ///< of tokens; "": one is made
  std::int64_t file_bytes = 64'000'000;  ///< of one that is made
  std::int64_t data_batch = 256, data_length = 1024;
  double compute = 1;  ///< of a batch, in the time that its copy takes
  bool operator==(const Costs&) const = default;
};

/// "costs.view", "costs.walk", ..., in the order above.
std::vector<Key> costs_keys();

/// "1,2,3": finite numbers, as many as kMostOfExample at most.
inline constexpr std::size_t kMostOfExample = 8;
Result<std::vector<double>> parse_numbers(std::string_view list);

template <>
struct Names<CostsView> {
  static constexpr std::array<std::pair<CostsView, std::string_view>, 8> all{
      {{CostsView::memory, "memory"},
       {CostsView::flops, "flops"},
       {CostsView::transformer, "transformer"},
       {CostsView::napkin, "napkin"},
       {CostsView::walk, "walk"},
       {CostsView::roofline, "roofline"},
       {CostsView::calibration, "calibration"},
       {CostsView::data, "data"}}};
};
template <>
struct Names<Roof> {
  static constexpr std::array<std::pair<Roof, std::string_view>, 2> all{
      {{Roof::calibrated, "calibrated"}, {Roof::datasheet, "datasheet"}}};
};
template <>
struct Names<WalkOf> {
  static constexpr std::array<std::pair<WalkOf, std::string_view>, 2> all{
      {{WalkOf::run, "run"}, {WalkOf::example, "example"}}};
};
template <>
struct Names<NapkinQuestion> {
  static constexpr std::array<std::pair<NapkinQuestion, std::string_view>, 7> all{
      {{NapkinQuestion::days, "days"},
       {NapkinQuestion::largest_model, "largest_model"},
       {NapkinQuestion::days_buy, "days_buy"},
       {NapkinQuestion::money_buys, "money_buys"},
       {NapkinQuestion::bytes, "bytes"},
       {NapkinQuestion::utilisation, "utilisation"},
       {NapkinQuestion::product, "product"}}};
};
template <>
struct Names<BytesChoice> {
  static constexpr std::array<std::pair<BytesChoice, std::string_view>, 6> all{
      {{BytesChoice::automatic, "auto"},
       {BytesChoice::uniform, "uniform"},
       {BytesChoice::cs336, "cs336"},
       {BytesChoice::zero, "zero"},
       {BytesChoice::megatron, "megatron"},
       {BytesChoice::fp32_copies, "fp32_copies"}}};
};
template <>
struct Names<ActivationsChoice> {
  static constexpr std::array<std::pair<ActivationsChoice, std::string_view>, 3> all{
      {{ActivationsChoice::automatic, "auto"},
       {ActivationsChoice::korthikanti, "korthikanti"},
       {ActivationsChoice::llama, "llama"}}};
};
template <>
struct Names<AttentionFlops> {
  static constexpr std::array<std::pair<AttentionFlops, std::string_view>, 2> all{
      {{AttentionFlops::full, "full"}, {AttentionFlops::causal, "causal"}}};
};
template <>
struct Names<Recompute> {
  static constexpr std::array<std::pair<Recompute, std::string_view>, 3> all{
      {{Recompute::none, "none"}, {Recompute::selective, "selective"}, {Recompute::full, "full"}}};
};

}  // namespace nanscope
