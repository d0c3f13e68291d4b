#pragma once

#include <string>

namespace nanscope {

/// What a file is to this program.
enum class FileKind {
  experiment,  ///< .json, a picture with an experiment in it (.png, .svg), a run (.jsonl)
  table,       ///< .csv, .tsv, .txt, .npy: input data
  weights,     ///< .safetensors
  unknown,
};

/// By the ending of its name, in any case; the file need not be there.
FileKind kind_of_file(const std::string& path);

}  // namespace nanscope
