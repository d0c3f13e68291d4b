#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"

// The group of an experiment that says what network is looked at, and where it is computed.
namespace nanscope {

struct Key;

enum class ModelKind { mlp, deep_linear };
enum class Activation { identity, relu, leaky_relu, gelu, silu, tanh, sigmoid };
enum class Norm { none, layernorm, rmsnorm, batchnorm };
enum class InitScheme { normal, inv_sqrt, truncated, xavier, kaiming, orthogonal };
/// What the cut of a truncated normal is measured in. PyTorch's trunc_normal_(a, b) reads it as
/// `absolute`, which at small standard deviations cuts nothing.
enum class CutReading { standard_deviations, absolute };
enum class Precision { fp64, fp32, tf32, bf16, fp16, e4m3, e5m2, mixed_bf16, mixed_fp16 };
/// Whether narrow formats are computed by the device's own instructions or rounded in software
/// around an fp32 operation. `automatic` takes the native path where it is fast.
enum class Execution { automatic, native, emulated };
enum class DeviceKind { automatic, cpu, cuda };

struct Model {
  ModelKind kind = ModelKind::mlp;
  int depth = 50;                            ///< layers of width x width, 1..200
  int width = 512;                           ///< units a layer, 8..4096
  Activation activation = Activation::relu;  ///< deep_linear: always identity
  /// Applied to a layer's input (pre-norm): h = h + act(linear(norm(h))).
  Norm norm = Norm::none;
  bool residual = false;
  bool bias = false;
  bool operator==(const Model&) const = default;
};

struct Init {
  InitScheme scheme = InitScheme::normal;
  double gain = 1.0;  ///< multiplies the drawn weights, 1e-6..1e6
  double cut = 3.0;   ///< truncated only: cut at +-cut, read as `cut_reading` says, 0.1..100
  CutReading cut_reading = CutReading::standard_deviations;
  double bias_std = 0.0;  ///< biases are N(0, bias_std^2), 0..1e3
  bool operator==(const Init&) const = default;
};

struct NetworkSpec {
  Model model;
  Init init;
  Precision precision = Precision::fp32;
  Execution execution = Execution::automatic;
  int networks = 1;  ///< networks run side by side with seeds seed, seed+1, ..., 1..256
  std::uint64_t seed = 1;
  DeviceKind device = DeviceKind::automatic;
  bool operator==(const NetworkSpec&) const = default;
};

/// "model.depth", "init.gain", "precision", "seed", ...
std::vector<Key> network_keys();

template <>
struct Names<ModelKind> {
  static constexpr std::array<std::pair<ModelKind, std::string_view>, 2> all{
      {{ModelKind::mlp, "mlp"}, {ModelKind::deep_linear, "deep_linear"}}};
};
template <>
struct Names<Activation> {
  static constexpr std::array<std::pair<Activation, std::string_view>, 7> all{
      {{Activation::identity, "identity"},
       {Activation::relu, "relu"},
       {Activation::leaky_relu, "leaky_relu"},
       {Activation::gelu, "gelu"},
       {Activation::silu, "silu"},
       {Activation::tanh, "tanh"},
       {Activation::sigmoid, "sigmoid"}}};
};
template <>
struct Names<Norm> {
  static constexpr std::array<std::pair<Norm, std::string_view>, 4> all{
      {{Norm::none, "none"},
       {Norm::layernorm, "layernorm"},
       {Norm::rmsnorm, "rmsnorm"},
       {Norm::batchnorm, "batchnorm"}}};
};
template <>
struct Names<InitScheme> {
  static constexpr std::array<std::pair<InitScheme, std::string_view>, 6> all{
      {{InitScheme::normal, "normal"},
       {InitScheme::inv_sqrt, "inv_sqrt"},
       {InitScheme::truncated, "truncated"},
       {InitScheme::xavier, "xavier"},
       {InitScheme::kaiming, "kaiming"},
       {InitScheme::orthogonal, "orthogonal"}}};
};
template <>
struct Names<CutReading> {
  static constexpr std::array<std::pair<CutReading, std::string_view>, 2> all{
      {{CutReading::standard_deviations, "std"}, {CutReading::absolute, "absolute"}}};
};
template <>
struct Names<Precision> {
  static constexpr std::array<std::pair<Precision, std::string_view>, 9> all{
      {{Precision::fp64, "fp64"},
       {Precision::fp32, "fp32"},
       {Precision::tf32, "tf32"},
       {Precision::bf16, "bf16"},
       {Precision::fp16, "fp16"},
       {Precision::e4m3, "e4m3"},
       {Precision::e5m2, "e5m2"},
       {Precision::mixed_bf16, "mixed_bf16"},
       {Precision::mixed_fp16, "mixed_fp16"}}};
};
template <>
struct Names<Execution> {
  static constexpr std::array<std::pair<Execution, std::string_view>, 3> all{
      {{Execution::automatic, "auto"},
       {Execution::native, "native"},
       {Execution::emulated, "emulated"}}};
};
template <>
struct Names<DeviceKind> {
  static constexpr std::array<std::pair<DeviceKind, std::string_view>, 3> all{
      {{DeviceKind::automatic, "auto"}, {DeviceKind::cpu, "cpu"}, {DeviceKind::cuda, "cuda"}}};
};

/// The activation that a model really applies: identity for a deep linear network.
constexpr Activation effective_activation(const Model& model) {
  return model.kind == ModelKind::deep_linear ? Activation::identity : model.activation;
}

}  // namespace nanscope
