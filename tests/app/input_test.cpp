// Wrong input: status 2, nothing on standard output, a message that names what is wrong, what is
// allowed and the nearest valid name. None of it needs the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct WrongInput {
  std::string name;
  std::vector<std::string> words;
  std::vector<std::string> says;
};

/// What a failure calls it.
void PrintTo(const WrongInput& input, std::ostream* out) { *out << input.name; }

class WrongInputTest : public testing::TestWithParam<WrongInput> {};

TEST_P(WrongInputTest, EndsWithStatusTwoAndAReason) {
  // With an engine that is not there: what is wrong is found before LibTorch is opened.
  const Outcome outcome = run(GetParam().words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
  EXPECT_EQ(outcome.status, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("nanscope: "));
  for (const std::string& words : GetParam().says) EXPECT_THAT(outcome.err, HasSubstr(words));
}

INSTANTIATE_TEST_SUITE_P(
    Words, WrongInputTest,
    testing::ValuesIn(std::vector<WrongInput>{
        {"command", {"sginal"}, {"sginal", "did you mean signal"}},
        {"far_command", {"frobnicate"}, {"signal", "plot", "doctor"}},
        {"demo_as_command", {"explode"}, {"nanscope open explode"}},
        {"script_command", {"test"}, {"./nanscope test"}},
        {"global_option", {"--hepl"}, {"--hepl", "did you mean --help"}},
        {"option", {"signal", "--jsno"}, {"--jsno", "did you mean --json"}},
        {"option_value", {"plot", "signal", "-o"}, {"--output"}},
        {"two_formats", {"signal", "--json", "--csv"}, {"--json", "--csv"}},
        {"extra_word", {"demos", "now"}, {"now"}},
        {"key", {"signal", "model.dpeth=3"}, {"model.dpeth", "did you mean model.depth"}},
        {"demo", {"signal", "explod"}, {"explod", "explode"}},
        {"depth_zero", {"signal", "model.depth=0"}, {"model.depth", "0", "1 to 200"}},
        {"width", {"signal", "model.width=1e9"}, {"model.width", "1e9", "8 to 4096"}},
        {"gain_nan", {"signal", "init.gain=nan"}, {"init.gain", "nan"}},
        {"gain_infinite", {"signal", "init.gain=1e999"}, {"init.gain"}},
        {"batch_text", {"signal", "batch=many"}, {"batch", "many"}},
        {"scheme", {"signal", "init.scheme=xavir"}, {"init.scheme", "id you mean xavier"}},
        {"precision", {"signal", "precision=fp15"}, {"precision", "fp15", "fp16"}},
        {"boolean", {"signal", "model.residual=perhaps"}, {"model.residual", "perhaps"}},
        {"missing_file", {"signal", "nowhere/e.json"}, {"nowhere/e.json"}},
        {"histogram", {"signal", "--histogram", "activatoin"}, {"did you mean activation"}},
        {"plot_nothing", {"plot"}, {"forward_variance"}},
        {"plot_name", {"plot", "histgram", "-o", "a.png"}, {"did you mean histogram"}},
        {"plot_no_output", {"plot", "signal"}, {"-o"}},
        {"plot_output_kind", {"plot", "signal", "-o", "a.jpg"}, {"a.jpg", ".png"}},
        {"plot_size", {"plot", "signal", "-o", "a.png", "--size", "12"}, {"--size", "1920x1080"}},
        {"plot_size_tail", {"plot", "signal", "-o", "a.png", "--size", "640x360x2"}, {"--size"}},
        {"plot_small", {"plot", "signal", "-o", "a.png", "--size", "10x10"}, {"320", "240"}},
        {"plot_large", {"plot", "signal", "-o", "a.png", "--size", "90000x90000"}, {"16384"}},
        {"plot_scale", {"plot", "signal", "-o", "a.png", "--scale", "nan"}, {"--scale", "nan"}},
        {"plot_theme", {"plot", "signal", "-o", "a.png", "--theme", "drk"}, {"did you mean dark"}},
        {"plot_no_roundoff",
         {"plot", "roundoff", "-o", "a.png"},
         {"numbers.view", "bits", "accumulation"}},
        {"plot_length",
         {"plot", "numbers", "numbers.view=condition", "numbers.length=100", "-o", "a.png"},
         {"numbers.length", "2 to 48"}},
        {"open_theme", {"open", "explode", "--theme", "drk"}, {"did you mean dark"}},
        {"open_missing", {"open", "nowhere.json"}, {"nowhere.json"}},
        {"open_missing_data", {"open", "nowhere.csv"}, {"nowhere.csv"}},
        {"pytorch_key", {"pytorch", "sede=1"}, {"did you mean seed"}},
    }),
    [](const auto& test) { return test.param.name; });

class WrongFileTest : public testing::Test {
 protected:
  Outcome run_with(const std::string& name, std::string_view bytes) {
    return run({"signal", folder_.write(name, bytes), "--json"});
  }
  TemporaryFolder folder_;
};

TEST_F(WrongFileTest, NewerSchema) {
  const Outcome outcome = run_with("e.json", R"({"schema":"nanscope.experiment/2"})");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("nanscope.experiment/2"), HasSubstr("newer")));
}

TEST_F(WrongFileTest, WrongType) {
  const Outcome outcome =
      run_with("e.json", R"({"schema":"nanscope.experiment/1","model":{"depth":"deep"}})");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("model.depth"), HasSubstr("deep")));
}

TEST_F(WrongFileTest, BrokenJsonNamesTheLine) {
  const Outcome outcome = run_with("e.json", "{\n  \"seed\": 1,\n  oops\n}");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("e.json"), HasSubstr("line 3")));
}

TEST_F(WrongFileTest, TruncatedPicture) {
  const Outcome outcome =
      run_with("cut.png", std::string_view("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("cut.png"));
}

TEST_F(WrongFileTest, EmptyFile) { EXPECT_EQ(run_with("empty.json", "").status, 2); }

}  // namespace
}  // namespace nanscope
