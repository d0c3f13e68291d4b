#include "engine/pytorch/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/experiment/json.h"

// That the scripts print the right numbers is shown with PyTorch, by tests/reference.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string script_of(const Experiment& experiment) {
  const auto script = pytorch_signal_script(experiment);
  EXPECT_TRUE(script.has_value());
  return script.value_or("");
}

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// Runs Python code with the folder as its argument; 0 if it found nothing to complain about.
int python(const Folder& folder, const std::string& code) {
  folder.write("check.py", code);
  return std::system(("python3 " + folder.path() + "/check.py " + folder.path()).c_str());
}

/// Every script parses, uses no name that it does not define, and holds its experiment.
constexpr const char* kCheckScripts = R"(
import ast, builtins, glob, json, sys
for path in glob.glob(sys.argv[1] + "/script*.py"):
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read(), path)
    defined, used, experiment = set(dir(builtins)), set(), None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else defined).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined.add(node.name)
        elif isinstance(node, ast.arg):
            defined.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            defined.update((name.asname or name.name).split(".")[0] for name in node.names)
        elif isinstance(node, ast.ExceptHandler):
            defined.add(node.name)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "experiment":
            experiment = json.loads(node.value.args[0].value)
    assert used <= defined, (path, used - defined)
    with open(path[:-3] + ".json", encoding="utf-8") as file:
        assert experiment == json.load(file), path
)";

/// One experiment for each combination of what changes the script.
std::vector<Experiment> all_kinds() {
  std::vector<Experiment> experiments;
  for (const auto& [precision, precision_name] : Names<Precision>::all)
    for (const auto& [norm, norm_name] : Names<Norm>::all)
      for (const auto& [activation, activation_name] : Names<Activation>::all)
        for (const bool residual : {false, true})
          for (const DataKind data : {DataKind::normal, DataKind::digits}) {
            Experiment experiment;
            experiment.network.precision = precision;
            experiment.network.model.norm = norm;
            experiment.network.model.activation = activation;
            experiment.network.model.residual = residual;
            experiment.network.model.bias = residual;
            experiment.data.kind = data;
            experiments.push_back(experiment);
          }
  for (const auto& [scheme, scheme_name] : Names<InitScheme>::all) {
    Experiment experiment;
    experiment.network.init.scheme = scheme;
    experiment.network.execution = Execution::emulated;
    experiment.network.precision = Precision::mixed_fp16;
    experiment.data.kind = DataKind::constant_norm;
    experiments.push_back(experiment);
  }
  for (const char* path :
       {"a.csv", "folder/B.NPY", "it's '''quoted''' \"twice\" \\ \n \xc3\xa4.csv"}) {
    Experiment experiment;
    experiment.data = {DataKind::file, path};
    experiments.push_back(experiment);
  }
  return experiments;
}

TEST(PytorchScript, IsSoundPythonForEveryKindOfExperiment) {
  const Folder folder;
  int index = 0;
  for (const Experiment& experiment : all_kinds()) {
    const std::string name = "script" + std::to_string(index++);
    folder.write(name + ".py", script_of(experiment));
    folder.write(name + ".json", to_json(experiment));
  }
  EXPECT_EQ(python(folder, kCheckScripts), 0);
}

TEST(PytorchScript, SaysInItsLayerWhatTheExperimentSays) {
  Experiment experiment;
  experiment.network.model.norm = Norm::layernorm;
  experiment.network.model.residual = true;
  experiment.network.model.activation = Activation::gelu;
  experiment.network.precision = Precision::fp32;
  EXPECT_THAT(script_of(experiment), HasSubstr(R"(
    """h + gelu(norm(h) W^T). Returns z, a = act(z) and the layer's output."""
    u = F.layer_norm(h, h.shape[-1:], eps=1e-5)
    z = F.linear(u, weight)
    a = F.gelu(z)
    return z, a, h + a
)"));
}

TEST(PytorchScript, RoundsOnlyWhereThePrecisionIsEmulated) {
  Experiment experiment;
  experiment.network.precision = Precision::fp16;
  experiment.network.execution = Execution::native;
  EXPECT_THAT(script_of(experiment), HasSubstr("dtype = torch.float16"));
  EXPECT_THAT(script_of(experiment), Not(HasSubstr("rounded(")));
  experiment.network.execution = Execution::emulated;
  EXPECT_THAT(script_of(experiment), HasSubstr("z = rounded(F.linear(u, rounded(weight)))"));
}

TEST(PytorchScript, KeepsEveryDigitOfTheGain) {
  Experiment experiment;
  experiment.network.init.gain = 0.1 + 0.2;
  EXPECT_THAT(script_of(experiment), HasSubstr("gain = 0.30000000000000004\n"));
}

TEST(PytorchScript, RefusesWhatCannotRun) {
  Experiment experiment;
  experiment.network.model.depth = 0;
  auto script = pytorch_signal_script(experiment);
  ASSERT_FALSE(script.has_value());
  EXPECT_EQ(script.error().where, "model.depth");

  experiment = {};
  experiment.network.precision = Precision::e4m3;
  experiment.network.execution = Execution::native;
  script = pytorch_signal_script(experiment);
  ASSERT_FALSE(script.has_value());
  EXPECT_EQ(script.error().where, "execution");
}

}  // namespace
}  // namespace nanscope
