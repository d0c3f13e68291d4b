#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/costs/transformer/architecture.h"

namespace nanscope {

/// A model that can be named, and what was understood of its description.
struct NamedTransformer {
  std::string name;
  std::string title;   ///< "Llama 3 8B"
  std::string source;  ///< where its sizes were published, or the file
  Transformer architecture;
  std::vector<std::string> notes;  ///< what of a file is left out, which defaults hold
};

/// Reads a Hugging Face config.json of a known model_type. What a file leaves out has a value only
/// where its class in transformers documents a default. Errors, whose `where` is the field: a
/// model_type that is not known, a field that is missing, of another kind, or that asks
/// for what is not counted here.
Result<NamedTransformer> read_config(std::string_view json);
/// Of a file; errors name it.
Result<NamedTransformer> read_config_file(const std::string& path);
/// Whether a file looks like one: a .json whose object has a model_type and no schema of ours.
bool is_config_file(const std::string& path);
/// The model types that it reads.
std::vector<std::string> known_model_types();

/// The models of assets/models.json.
Result<std::vector<NamedTransformer>> load_presets();
/// One of them, or of a file where the name ends in .json, or of a folder's config.json where it is
/// a path. Errors say the nearest name.
Result<NamedTransformer> find_transformer(const std::string& name);

}  // namespace nanscope
