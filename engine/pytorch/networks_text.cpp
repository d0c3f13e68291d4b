#include <fmt/format.h>

#include <algorithm>

#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// The lines inside of a loop.
std::string indented(const std::string& text) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    if (text[begin] != '\n') result += "    ";
    result += text.substr(begin, end - begin);
    begin = end;
  }
  return result;
}

}  // namespace

std::string networks_text(const NetworkSpec& network, const std::string& one) {
  const std::uint64_t end = network.seed + static_cast<std::uint64_t>(network.networks);
  return fmt::format(
             R"(

# Each network is the run of its own seed.
runs = []
for seed in range({}, {}):
    lines = []
    runs.append(lines)
)",
             network.seed, end) +
         indented(one) + R"(

def plain(x):
    return x if math.isfinite(x) else str(x)


def median(each):
    """What is no number counts as the largest."""
    each = sorted(each, key=lambda x: (math.isnan(x), x))
    below, above = each[(len(each) - 1) // 2], each[len(each) // 2]
    return below if below == above else below / 2 + above / 2


for lines in zip(*runs):
    line, networks = dict(lines[0]), {}
    for name in ("loss", "grad_norm", "loss_scale", "held_out_loss", "accuracy"):
        if name not in line:
            continue
        each = [float(one[name]) for one in lines]
        finite = [x for x in each if math.isfinite(x)]
        line[name] = plain(median(each))
        networks[name] = {"low": plain(min(finite, default=math.nan)),
                          "high": plain(max(finite, default=math.nan)),
                          "each": [plain(x) for x in each]}
    if "skipped" in line:
        networks["skipped"] = [one["skipped"] for one in lines]
        line["skipped"] = any(networks["skipped"])
    line["networks"] = networks
    print(json.dumps(line))
)";
}

}  // namespace nanscope
