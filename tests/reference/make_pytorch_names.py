"""The names that PyTorch has, for engine/tensor_language/pytorch_names.cpp.

make_pytorch_names.py > ../../engine/tensor_language/pytorch_names.cpp
"""

import textwrap

import torch

TEMPLATE = """#include "engine/tensor_language/pytorch_names.h"

#include <algorithm>
#include <vector>

// Written by tests/reference/make_pytorch_names.py with PyTorch {version}.
namespace nanscope {{
namespace {{

constexpr std::string_view kPytorchNames =
{lines};

std::vector<std::string_view> split_names() {{
  std::vector<std::string_view> names;
  for (std::size_t begin = 0; begin < kPytorchNames.size();) {{
    const std::size_t end = kPytorchNames.find(' ', begin);
    names.push_back(kPytorchNames.substr(begin, end - begin));
    begin = end + 1;
  }}
  return names;
}}

}}  // namespace

bool is_pytorch_name(std::string_view name) {{
  static const std::vector<std::string_view> kNames = split_names();
  return std::ranges::binary_search(kNames, name);
}}

}}  // namespace nanscope"""


def names():
    """What one can write behind torch., F., nn. or x., without what begins with _."""
    found = set(dir(torch.Tensor)) | set(dir(torch.nn.functional)) | set(dir(torch.nn))
    found |= {name for name in dir(torch) if callable(getattr(torch, name))}
    found |= {"linalg", "fft", "special", "optim", "autograd", "cuda"}
    return sorted(name for name in found if not name.startswith("_"))


def main():
    lines = textwrap.wrap(" ".join(names()), 90)
    print(TEMPLATE.format(version=torch.__version__.split("+")[0],
                          lines="\n".join(f'    "{line} "' for line in lines)))


if __name__ == "__main__":
    main()
