#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/experiment/json.h"
#include "engine/pytorch/experiment_script.h"

// That the scripts print the right numbers is shown with PyTorch, by tests/reference.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string script_of(const Experiment& experiment) {
  const auto script = pytorch_script(experiment);
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
    if experiment is not None:
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

std::string chain_script(const std::string& expression) {
  Experiment experiment;
  experiment.lab = LabName::tensors;
  experiment.tensors.expression = expression;
  experiment.network.seed = 7;
  const auto script = pytorch_script(experiment);
  EXPECT_TRUE(script) << (script ? "" : to_string(script.error()));
  return script.value_or("");
}

/// Every chain whose results PyTorch has said: tests/reference.
std::vector<std::string> reference_expressions() {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/tensor.tsv");
  std::vector<std::string> expressions;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#')) expressions.push_back(line.substr(0, line.find('\t')));
  return expressions;
}

TEST(PytorchChain, IsSoundPython) {
  const Folder folder;
  int index = 0, written = 0;
  std::vector<std::string> expressions = reference_expressions();
  ASSERT_GT(expressions.size(), 1000u);
  const auto known = static_cast<std::ptrdiff_t>(expressions.size());
  for (const char* more :
       {"x: \"batch seq\" = arange(6).view(2,3)\nx.T", "a, b = arange(6).chunk(2); a + b",
        "x = arange(4.)\nx[1:3] = 9\nx += 1", "rearrange(arange(6), '(h w) -> h w', h=2)",
        "gelu(arange(3.)) * pi", "F.softmax(tensor([1., inf]), 0)", "torch.zeros(2, dtype=bf16)",
        "arange(3).to(int)", "math.pi * ones(2)", "relu(randn(3)).max(), 3",
        "repeat(ones(2), 'a -> a 3')"})
    expressions.emplace_back(more);
  for (const std::string& expression : expressions) {
    Experiment experiment;
    experiment.lab = LabName::tensors;
    experiment.tensors.expression = expression;
    const auto script = pytorch_script(experiment);
    if (!script) continue;  // PyTorch refuses some by their text, too
    const bool ours = &expression - expressions.data() >= known;  // all of these
    if (index++ % 5 == 0 || ours) {
      folder.write("script" + std::to_string(index) + ".py", *script);
      ++written;
    }
  }
  EXPECT_GT(written, 200);
  EXPECT_EQ(python(folder, kCheckScripts), 0);
}

TEST(PytorchChain, ShowsEveryCharacterOfItsTexts) {
  EXPECT_THAT(chain_script("len('\xc3\xa4\xf0\x9f\x98\x80')"),
              HasSubstr("show(\"len('\xc3\xa4\xf0\x9f\x98\x80')\""));
}

TEST(PytorchChain, ImportsWhatTheLanguageHasByItself) {
  EXPECT_THAT(
      chain_script("arange(6).view(2,3).t().view(6)"),
      testing::AllOf(HasSubstr("from torch import arange\n"), HasSubstr("torch.manual_seed(7)\n"),
                     HasSubstr("show(\"arange(6).view(2,3).t().view(6)\", (\n"
                               "arange(6).view(2,3).t().view(6)\n))\n")));
  EXPECT_THAT(chain_script("zeros(2, dtype=bf16)"), HasSubstr("\nbf16 = torch.bfloat16\n"));
  EXPECT_THAT(
      chain_script("x = rearrange(ones(6), '(a b) -> b a', a=2)"),
      testing::AllOf(HasSubstr("from einops import rearrange\n"),
                     HasSubstr("show(\"x = rearrange(ones(6), '(a b) -> b a', a=2)\", x)")));
  EXPECT_THAT(chain_script("silu(ones(2)) * inf"),
              testing::AllOf(HasSubstr("from torch.nn.functional import silu\n"),
                             HasSubstr("from math import inf\n")));
  // Python takes a line that goes on with a dot in brackets only.
  EXPECT_THAT(chain_script("arange(6)\n  .view(2,3)"), HasSubstr("(\narange(6)\n  .view(2,3)\n))"));
  EXPECT_THAT(chain_script("x = arange(6)  # six\n  .view(2,3)\nx"),
              HasSubstr("\nx = arange(6).view(2,3)\n"));
  EXPECT_THAT(chain_script("torch.nn.functional.relu(torch.ones(2))"),
              Not(HasSubstr("from torch import")));
}

/// Stands for PyTorch, whose functions take tensors and nothing else.
constexpr const char* kStandIn = R"(
class Size(tuple):
    pass
class Tensor:
    shape, dtype = (), "float32"
    def stride(self): return ()
    def storage_offset(self): return 0
    def __init__(self, words): self.words = words
    def __repr__(self): return self.words
    def __iter__(self): return iter(range(3))
    def __abs__(self): return 1
def manual_seed(seed): pass
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    def call(*values, **named):
        if name not in ("tensor", "arange") and not isinstance(values[0], Tensor):
            raise TypeError(f"{name}(): argument 'input' must be Tensor")
        return Tensor(f"torch.{name}")
    return call
)";
/// Each script runs, and its last line but one is what stands beside it.
constexpr const char* kRunScripts = R"(
import glob, subprocess, sys
scripts = glob.glob(sys.argv[1] + "/script*.py")
assert len(scripts) > 10
for path in scripts:
    done = subprocess.run([sys.executable, path], capture_output=True, text=True)
    assert done.returncode == 0, (path, done.stderr, open(path).read())
    with open(path[:-3] + ".txt", encoding="utf-8") as file:
        assert done.stdout.rstrip().endswith(file.read()), (path, done.stdout)
)";

TEST(PytorchChain, CallsPythonsFunctionsWithNumbersAndPyTorchsWithTensors) {
  const Folder folder;
  folder.write("torch.py", kStandIn);
  constexpr std::pair<const char*, const char*> kChains[] = {
      {"sqrt(2)", "\n1.4142135623730951"},
      {"max(2, 3)", "\n3"},
      {"max([2, 5, 3])", "\n5"},
      {"sqrt(tensor(4.))", "\ntorch.sqrt"},
      {"max(arange(3))", "\n2"},
      {"torch.max(arange(3))", "\ntorch.max"},
      {"min(2, sqrt(16), abs(-3))", "\n2"},
      {"x = arange(3); y = max(x); min(1, 2)", "\n1"},
      {"abs(tensor(-1)), abs(-1)", "\n(1, 1)"},
      {"floor(2.5), round(2.5), log(1), gcd(12, 18)", "\n(2, 2, 0.0, 6)"},
      {"pow(2, 5), sum([1, 2])", "\n(32, 3)"},
      {"float('-inf'), int(2.5), len([1, 2])", "\n(-inf, 2, 2)"},
      {"Size([2, 3])[0]", "\n2"},
      {"math.sqrt(4), math.pi > 3", "\n(2.0, True)"},
      {"any(arange(3)), exp(0)", "\n(True, 1.0)"}};
  int index = 0;
  for (const auto& [expression, printed] : kChains) {
    const std::string name = fmt::format("script{}", index++);
    folder.write(name + ".py", chain_script(expression));
    folder.write(name + ".txt", printed);
  }
  EXPECT_EQ(python(folder, kRunScripts), 0);
  EXPECT_THAT(chain_script("sqrt(2)"), HasSubstr("\nsqrt = either(torch.sqrt, math.sqrt)\n"));
  EXPECT_THAT(chain_script("max(2, 3)"), Not(HasSubstr("either")));
  EXPECT_THAT(chain_script("relu(arange(3.))"), Not(HasSubstr("either")));
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

TEST(PytorchScript, GivesAdamFloatsForItsBetas) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.training.optimizer.beta1 = 0;
  EXPECT_THAT(script_of(experiment), HasSubstr("betas=(0.0, 0.999)"));
}

TEST(PytorchScript, KeepsEveryDigitOfTheGain) {
  Experiment experiment;
  experiment.network.init.gain = 0.1 + 0.2;
  EXPECT_THAT(script_of(experiment), HasSubstr("gain = 0.30000000000000004\n"));
}

TEST(PytorchScript, RefusesWhatCannotRun) {
  Experiment experiment;
  experiment.network.model.depth = 0;
  auto script = pytorch_script(experiment);
  ASSERT_FALSE(script.has_value());
  EXPECT_EQ(script.error().where, "model.depth");

  experiment = {};
  experiment.network.precision = Precision::e4m3;
  experiment.network.execution = Execution::native;
  script = pytorch_script(experiment);
  ASSERT_FALSE(script.has_value());
  EXPECT_EQ(script.error().where, "execution");
}

}  // namespace
}  // namespace nanscope
