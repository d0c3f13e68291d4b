// Wrong input: status 2, nothing on standard output, a message that names what is wrong, what is
// allowed and the nearest valid name. None of it needs the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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
        {"option_as_value",
         {"plot", "signal", "--csv", "--json", "-o", "x.png"},
         {"--csv: its FILE is missing; --json behind it is an option"}},
        {"rate_without_a_number",
         {"plot", "optimizers", "optimizers.shown=sgd lr=,adam", "-o", "x.png"},
         {"optimizers.shown", "lr= is not allowed behind sgd", "as in adam lr=0.1"}},
        {"optimizer_between_commas",
         {"plot", "optimizers", "optimizers.shown=sgd,,adam", "-o", "x.png"},
         {"optimizers.shown: sgd,,adam has a comma without an optimizer beside it"}},
        {"rate_with_a_comma",
         {"plot", "optimizers", "optimizers.shown=sgd lr=0,1", "-o", "x.png"},
         {"optimizers.shown: sgd lr=0,1 has a comma in a number; a decimal point is a point"}},
        {"misspelt_optimizer",
         {"plot", "optimizers", "optimizers.shown=sgd,adm", "-o", "x.png"},
         {"adm is no optimizer; did you mean adam?"}},
        {"no_format_of_a_path",
         {"plot", "optimizers", "optimizers.format=", "-o", "x.png"},
         {"optimizers.format: an empty value is not allowed; take one of fp64"}},
        {"condition_without_one",
         {"plot", "optimizers", "optimizers.condition=10", "optimizers.surface=beale", "-o",
          "x.png"},
         {"optimizers.condition=10: ", "has no effect, as optimizers.surface is beale",
          "quadratic has a condition number"}},
        {"setting_of_none_that_is_shown",
         {"plot", "optimizers", "optimizers.shown=sgd,momentum", "optimizers.beta1=0.5", "-o",
          "x.png"},
         {"optimizers.beta1 has no effect, as optimizers.shown has sgd, momentum; adam, adamw, "
          "amsgrad, lion, lamb, adabelief read it"}},
        {"rate_that_none_takes",
         {"plot", "optimizers", "optimizers.shown=adam lr=1", "optimizers.lr=0.5", "-o", "x.png"},
         {"optimizers.lr has no effect, as each in optimizers.shown (adam) has a rate"}},
        {"setting_that_stands_for_each_ones_own",
         {"plot", "optimizers", "optimizers.shown=sgd,adamw", "optimizers.weight_decay=0", "-o",
          "x.png"},
         {"optimizers.weight_decay is 0 where each optimizer has its own, which is 0.01 for adamw",
          "as 1e-12"}},
        {"watched_and_not_shown",
         {"plot", "optimizers", "optimizers.shown=sgd,adam", "optimizers.watched=lion", "-o",
          "x.png"},
         {"lion is not among optimizers.shown, sgd,adam"}},
        {"step_behind_the_last",
         {"plot", "optimizers", "optimizers.steps=20", "optimizers.step=21", "-o", "x.png"},
         {"21 is behind the last step, as optimizers.steps is 20"}},
        {"network_that_nothing_shows",
         {"plot", "training", "networks=3", "view.network=2", "-o", "x.png"},
         {"view.network=2: view.network has no effect, as statistics is 0"}},
        {"network_of_one",
         {"plot", "training", "statistics=5", "view.network=1", "-o", "x.png"},
         {"view.network has no effect, as networks is 1; networks=8 trains eight"}},
        {"lines_twice_to_output",
         {"train", "steps=2", "--json", "--out", "/dev/stdout"},
         {"--out: /dev/stdout is standard output, to which --json writes the same lines"}},
        {"lines_and_summary_to_output",
         {"train", "steps=2", "--out", "/dev/fd/1"},
         {"--out: /dev/fd/1 is standard output, to which the summary goes, too; --json"}},
        {"field_that_does_not_fit",
         {"cost", "--model", "llama-3-8b", "heads=33"},
         {"nanscope: heads: a width of 4096 does not divide into 33"}},
        {"field_beside_others",
         {"cost", "--model", "llama-3-8b", "width=4224", "heads=33"},
         {"heads: 33 heads do not divide among 8"}},
        {"field_that_another_one_needs",
         {"cost", "--model", "llama-3-8b", "layers=3", "heads=4", "context=100"},
         {"heads: 8 kv_heads are more than the 4 heads"}},
        {"field_of_a_width",
         {"cost", "--model", "gpt2", "layers=3", "width=800"},
         {"width: a width of 800 does not divide into 12 heads"}},
        {"option_as_pair",
         {"cost", "napkin", "paramters=7e9"},
         {"\"paramters=7e9\" is one word too many; did you mean --parameters 7e9?"}},
        {"option_of_a_format",
         {"number", "1", "--format", "e5m7:bais=3"},
         {"bais=3: no such option; did you mean bias?; allowed are bias=N"}},
        {"device_in_part",
         {"cost", "--model", "gpt2", "--device", "h100"},
         {"h100 is not in the table of devices; did you mean h100-sxm?"}},
        {"csv_to_output", {"plot", "signal", "-o", "x.png", "--csv", "-"}, {"--csv: - is no file"}},
        {"lines_of_csv", {"tensor", "--lines", "--csv"}, {"--csv", "--lines"}},
        {"two_expressions",
         {"tensor", "ones(2)", "ones(3)"},
         {"there are 2", "'ones(2); ones(3)'"}},
        {"view_as_plot",
         {"plot", "accumulation", "-o", "x.png"},
         {"nanscope plot numbers numbers.view=accumulation"}},
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
        {"pytorch_rounding",
         {"pytorch", "lab=numbers", "numbers.view=accumulation"},
         {"lab: ", "numbers", "lab=tensors"}},
        {"pytorch_chain",
         {"pytorch", "lab=tensors", "tensors.expression=arange("},
         {"tensors.expression: "}},
        {"plot_chain",
         {"plot", "tensors", "tensors.expression=aragne(3)", "-o", "a.png"},
         {"tensors.expression: ", "did you mean arange"}},
        {"plot_no_histogram",
         {"plot", "roundoff_histogram", "numbers.view=tiny", "-o", "a.png"},
         {"\"tiny\" has no plot roundoff_histogram", "loss_scaling, quantization"}},
        {"plot_one_file",
         {"plot", "signal", "-o", "a.png", "--csv", "b.csv", "--json", "./a.png"},
         {"--json: ./a.png is what -o writes, too"}},
        {"view_zoom",
         {"plot", "signal", "view.zoom=frward_variance x 0 1", "-o", "a.png"},
         {"view.zoom: ", "frward_variance", "did you mean forward_variance"}},
        {"view_lock", {"signal", "view.lock=zzzzzzzz y 0 1"}, {"view.lock: ", "forward_variance"}},
        {"view_pins",
         {"signal", "view.pins=forward_varance x 1 y 0"},
         {"view.pins: ", "did you mean forward_variance"}},
        {"view_pins_without_axes",
         {"plot", "numbers", "view.pins=number_bits x 12 y 0", "-o", "a.png"},
         {"view.pins: number_bits has no axes"}},
        {"view_layer", {"signal", "view.layer=51"}, {"view.layer: 51 is not there", "1 to 50"}},
        {"view_input_layer", {"signal", "view.layer=0"}, {"view.layer: 0 is not there"}},
        {"view_plot",
         {"plan", "view.plot=number_bts"},
         {"view.plot: ", "did you mean number_bits"}},
        {"view_plot_of_another_lab",
         {"plot", "signal", "view.plot=number_bits", "-o", "a.png"},
         {"view.plot: number_bits is a plot of the lab numbers", "add lab=numbers",
          "forward_variance"}},
        {"view_row",
         {"plot", "numbers", "view.row=e2m1", "-o", "a.png"},
         {"view.row: e2m1 is not there", "bf16"}},
        {"view_epochs",
         {"plot", "training", "steps=1", "model.depth=1", "model.width=8", "view.x=epoch", "-o",
          "a.png"},
         {"view.x: this run has no epochs"}},
        {"view_element", {"plot", "tensors", "view.element=2(1)", "-o", "a.png"}, {"2[1, 0]"}},
        {"compare_nothing", {"signal", "compare=="}, {"compare: ", "init.gain=2"}},
        {"compare_of_b", {"signal", "compare=init.gain=1e9"}, {"compare: B's init.gain: 1e9"}},
        {"escape", {"signal", "batch=\x1b[2J"}, {"batch: \\x1b[2J is not allowed"}},
        {"escape_in_a_word", {"signal", "\x1b[31m"}, {"\\x1b[31m: no such demo or file"}},
        {"number_that_fp64_lacks",
         {"cost", "napkin", "--parameters", "1e-400"},
         {"--parameters: 1e-400 is not allowed; fp64 has only 0 for it"}},
        {"look_behind_the_last_step",
         {"plot", "training", "steps=30", "statistics=5", "view.look=30", "-o", "x.png"},
         {"view.look is 30, and the last step is 29"}},
        {"pair_that_a_demo_behind_it_does_not_hold",
         {"plot", "optimizers", "optimizers.surface=run", "train_explodes", "-o", "x.png"},
         {"optimizers.surface=run: has no effect in front of train_explodes", "put it behind"}},
        {"escape_in_an_option", {"plot", "signal", "--size", "\x1b[2J"}, {"\\x1b[2J"}},
    }),
    [](const auto& test) { return test.param.name; });

TEST(WrongInput, IsRepeatedInPart) {
  const std::string long_word(100000, 'y');
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {long_word},
           {"signal", long_word},
           {"signal", "batch=" + long_word},
           {"signal", long_word + "=1"},
           {"signal", "compare=" + long_word},
           {"signal", "compare=init.gain=" + long_word},
           {"signal", "view.zoom=" + long_word},
           {"signal", "view.plot=" + long_word},
           {"signal", "--" + long_word},
           {"plot", long_word, "-o", "a.png"},
           {"plot", "signal", "-o", long_word},
           {"plot", "signal", "-o", "a.png", "--size", long_word},
           {"plot", "numbers", "numbers.input=" + long_word, "-o", "a.png"},
           {"plot", "numbers", "numbers.formats=" + long_word, "-o", "a.png"},
           {"number", long_word},
           {"number", "1", "--format", long_word},
           {"tensor", long_word},
           {"tensor", "arange(" + long_word + ")"},
           {"open", long_word + ".npy"}}) {
    const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << outcome.err.substr(0, 500);
    EXPECT_LT(outcome.err.size(), 2500u) << words[0] << " " << words.back().substr(0, 40);
  }
}

/// Opening a pipe that nobody writes to would wait for ever.
TEST(WrongInput, APipeIsNamedAndNotWaitedFor) {
  const TemporaryFolder folder;
  for (const char* name : {"e.json", "x.csv", "x.npy", "w.safetensors", "p.png"})
    ASSERT_EQ(mkfifo(folder.file(name).c_str(), 0600), 0);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"plan", folder.file("e.json")},
           {"plan", folder.file("p.png")},
           {"plan", "data.kind=file", "data.path=" + folder.file("x.csv")},
           {"plan", "data.kind=file", "data.path=" + folder.file("x.npy")},
           {"open", folder.file("x.npy")},
           {"open", folder.file("w.safetensors")},
           {"plan", "/dev/zero"}}) {
    const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, testing::AnyOf(HasSubstr(": this is a pipe, not a file"),
                                            HasSubstr(": this is a device, not a file")));
  }
}

TEST(WrongInput, APipeThatNobodyReadsIsNotWrittenTo) {
  const TemporaryFolder folder;
  const std::string pipe = folder.file("x.png");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"plot", "number_bits", "-o", pipe}, {"pytorch", "model.depth=2", "-o", pipe}}) {
    const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_NE(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("that nobody reads"));
  }
}

// These used to answer about the network of the defaults, which nobody had asked for.
TEST(WrongInput, ANetworkIsNotMadeUpForAnExperimentOfAnotherLab) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"plan", "tenth"},
                                             {"plan", "view_refused"},
                                             {"plan", "lab=tensors"},
                                             {"plan", "numbers.view=bits"},
                                             {"signal", "tenth"},
                                             {"pytorch", "numbers.view=accumulation"}}) {
    const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << words[0] << " " << words[1] << outcome.out.substr(0, 200);
  }
  EXPECT_EQ(run({"plan", "tenth", "model.depth=2"}).status, 0);
  EXPECT_EQ(run({"signal", "tensors.view=memory"}).status, 2);
  EXPECT_THAT(run({"pytorch", "tensors.expression=arange(3)"}).out, HasSubstr("arange(3)"));
}

TEST(WrongInput, ASeedBeyond64BitsIsRefused) {
  for (const char* seed : {"99999999999999999999", "1.5", "-9223372036854775809"})
    EXPECT_EQ(run({"tensor", "--seed", seed, "rand(2)"}).status, 2) << seed;
  EXPECT_EQ(run({"tensor", "--seed", "-1", "rand(2)"}).out,
            run({"tensor", "--seed", "18446744073709551615", "rand(2)"}).out);
}

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
