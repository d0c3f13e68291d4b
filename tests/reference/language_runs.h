#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/pytorch/language_script.h"

namespace nanscope {

/// Three small transformers that learn the repository's LICENSE: as GPT-2 is made, as Llama is, and
/// as the first one was. Their scripts stand in language_scripts/, their losses in
/// language_model.json.
inline std::vector<std::pair<std::string, LanguageRun>> language_runs() {
  const LanguageRun small{.model = {.kind = ModelKind::mlp,
                                    .depth = 2,
                                    .width = 24,
                                    .norm = Norm::layernorm,
                                    .bias = true},
                          .transformer = {.heads = 4, .length = 16},
                          .init = {.scheme = InitScheme::normal, .gain = 0.02},
                          .optimizer = {.kind = OptimizerKind::adam, .lr = 3e-3},
                          .path = "LICENSE",
                          .trained_bytes = 900,
                          .batch = 4,
                          .steps = 100,
                          .seed = 1,
                          .fp64 = true};
  LanguageRun llama = small, original = small;
  llama.model.norm = Norm::rmsnorm;
  llama.model.bias = false;
  llama.transformer.kv_heads = 2;
  llama.transformer.mlp = MlpKind::swiglu;
  llama.transformer.position = PositionKind::rotary;
  llama.transformer.tied = false;
  llama.init = {.scheme = InitScheme::inv_sqrt};
  llama.seed = 2;
  original.transformer.heads = 2;
  original.transformer.mlp = MlpKind::relu;
  original.transformer.norm_place = NormPlace::post;
  original.transformer.position = PositionKind::sinusoidal;
  original.transformer.tied = false;
  original.init = {.scheme = InitScheme::xavier, .bias_std = 0.1};
  original.optimizer = {.kind = OptimizerKind::momentum, .lr = 1e-2};
  original.seed = 3;
  return {{"gpt2", small}, {"llama", llama}, {"original", original}};
}

}  // namespace nanscope
