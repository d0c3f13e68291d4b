#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "engine/experiment/keys.h"

// Random experiments and a folder of one's own, for the tests of this room.
namespace nanscope::testing {

/// A text that a key with a check takes.
inline std::string checked_text(const Key& key, std::mt19937_64& random) {
  if (key.name == "numbers.input") return fmt::format("-{}/{}", random() % 1000, random() % 9 + 1);
  if (key.name == "view.plot") return fmt::format("plot_{}", random() % 100);
  if (key.name == "view.layer" || key.name == "view.step" || key.name == "view.look")
    return fmt::format("{}", random() % 200 + 1);
  if (key.name == "view.element" || key.name == "view.windows")
    return fmt::format("{}[{}, 3]", random() % 100 + 1, random() % 100);
  if (key.name == "compare") return fmt::format("seed={}; init.gain=0.5", random() % 100);
  if (key.name == "view.zoom" || key.name == "view.lock")
    return fmt::format("plot_a x -{} 20 y 1e-3 1e5", random() % 100);
  if (key.name == "view.pins")
    return fmt::format("plot_a x -{} y 1e-3; plot_b x 1 y 2.5", random() % 100);
  if (key.name == "costs.x" || key.name == "costs.w") return fmt::format("1.5,-{}", random() % 100);
  if (key.name == "optimizers.shown") return fmt::format("lion,adam lr=0.{}", random() % 9 + 1);
  const std::string format = fmt::format("e{}m{}", random() % 6 + 2, random() % 10 + 1);
  return key.name == "numbers.formats" ? "fp16," + format : format;
}

inline KeyValue random_value(const Key& key, std::mt19937_64& random) {
  switch (key.type) {
    case KeyType::whole_number: {
      const auto span = static_cast<std::uint64_t>(std::min(key.range.high - key.range.low, 1e15));
      return static_cast<std::uint64_t>(key.range.low) + random() % (span + 1);
    }
    case KeyType::number:
      return std::uniform_real_distribution<double>(key.range.low, key.range.high)(random);
    case KeyType::flag:
      return random() % 2 == 0;
    case KeyType::choice:
      return std::string(key.choices[random() % key.choices.size()]);
    case KeyType::text:
      if (key.check) return checked_text(key, random);
      return "a \"path\"/\\ with \t everything \u00fc " + std::to_string(random() % 100);
  }
  return false;
}

/// Every key random, in range; small enough to pass the checks across keys.
inline Experiment random_experiment(std::mt19937_64& random) {
  Experiment experiment;
  for (const Key& key : key_table()) key.set(experiment, random_value(key, random));
  experiment.network.networks = 1;
  return experiment;
}

/// A folder that is removed with everything in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
    if (!mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace nanscope::testing
