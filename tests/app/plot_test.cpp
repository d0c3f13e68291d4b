// nanscope plot, and the window's commands without a display: files, not pixels (tests/picture).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "engine/experiment/keys.h"
#include "engine/experiment/png_text.h"
#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kPngSignature = "\x89PNG\r\n\x1a\n";

/// Width and height out of a PNG's header.
std::pair<unsigned, unsigned> png_size(const std::string& png) {
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i)
      value = value << 8 | static_cast<unsigned char>(png.at(i));
    return value;
  };
  return {number(16), number(20)};
}

class PlotTest : public testing::Test {
 protected:
  Outcome plot(const std::string& what, std::vector<std::string> words) {
    std::vector<std::string> all{"plot",           what, "explode", "model.depth=5",
                                 "model.width=32", "-o", picture_};
    std::ranges::move(words, std::back_inserter(all));
    return run(all);
  }
  TemporaryFolder folder_;
  std::string picture_ = folder_.file("slide.png");
};

TEST_F(PlotTest, WritesAPictureAndPrintsItsName) {
  const Outcome outcome = plot("signal", {"--size", "640x360"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, picture_ + "\n");
  const std::string png = file_bytes(picture_);
  EXPECT_TRUE(png.starts_with(kPngSignature));
  EXPECT_EQ(png_size(png), std::pair(640u, 360u));
}

TEST_F(PlotTest, WithoutAPlotsNameItDrawsWhatThePictureShows) {
  ASSERT_EQ(plot("histogram", {"view.histogram=weight", "--size", "640x360"}).status, 0);
  const std::string again = folder_.file("again.png");
  const Outcome outcome = run({"plot", picture_, "-o", again, "--size", "640x360"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto shown = [](const std::string& path) {
    return read_png_text(file_bytes(path), kPngExperimentKeyword).value_or("");
  };
  EXPECT_THAT(shown(again), HasSubstr(R"("plot":"histogram")"));
  EXPECT_EQ(shown(again), shown(picture_));
  EXPECT_EQ(run({"plot", "tenth", "-o", again, "--size", "640x480"}).status, 0);
  EXPECT_THAT(shown(again), HasSubstr(R"("lab":"numbers")"));
}

/// How often a picture says something.
std::size_t count_of(const std::string& words, const std::string& picture) {
  std::size_t count = 0;
  for (std::size_t at = picture.find(words); at != std::string::npos;
       at = picture.find(words, at + 1))
    ++count;
  return count;
}

TEST_F(PlotTest, HowARunIsDrawnAreKeysThatItsPictureCarries) {
  picture_ = folder_.file("slide.svg");
  const auto training = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"data.kind=digits", "steps=8", "statistics=4"});
    const Outcome outcome = plot("training", words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return file_bytes(picture_);
  };
  const std::string plain = training({});
  for (const char* words : {"Loss by step", "Variance of activations"})
    EXPECT_THAT(plain, HasSubstr(words));
  const std::string drawn =
      training({"view.x=epoch", "view.map=update", "view.smoothing=0.5", "view.log=false"});
  for (const char* words : {"Loss by epoch", "Update / weights"})
    EXPECT_THAT(drawn, HasSubstr(words));
  const std::string again = folder_.file("again.svg");
  ASSERT_EQ(run({"plot", picture_, "-o", again}).status, 0);
  EXPECT_EQ(file_bytes(again), drawn);
}

TEST_F(PlotTest, GradientsOfAnyFormatAreDrawnWhereTheyAreAskedFor) {
  picture_ = folder_.file("slide.svg");
  const Outcome outcome =
      plot("gradient_magnitudes", {"lab=training", "data.kind=digits", "steps=2"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(file_bytes(picture_), HasSubstr("Gradient magnitudes at step 1"));
  EXPECT_THAT(plot("step_layers", {"data.kind=digits", "steps=2"}).err,
              HasSubstr("view.plot: this run has no step_layers: view.look has to be a step"));
}

TEST_F(PlotTest, PinsAreReadOutOfWhatIsPictured) {
  picture_ = folder_.file("slide.svg");
  const std::string pins =
      "view.pins=forward_variance x 2 y 3; forward_variance x 4 y 5; histogram x 3 y 2";
  ASSERT_EQ(plot("signal", {}).status, 0);
  const std::string without = file_bytes(picture_);
  const Outcome outcome = plot("signal", {pins});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const std::string with = file_bytes(picture_);
  for (const char* words : {"1  linear 2", "2  linear 4", "2 / 1", "1  linear 3"}) {
    EXPECT_EQ(count_of(words, without), 0u) << words;
    EXPECT_EQ(count_of(words, with), 1u) << words;
  }
  // The picture is drawn again from what it carries.
  const std::string again = folder_.file("again.svg");
  ASSERT_EQ(run({"plot", picture_, "-o", again}).status, 0);
  EXPECT_EQ(file_bytes(again), with);
}

TEST_F(PlotTest, APinThatIsNotThereIsRefused) {
  const auto refusal = [&](const std::string& pins) {
    const Outcome outcome = plot("signal", {"view.pins=" + pins});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_FALSE(std::filesystem::exists(picture_));
    return outcome.err;
  };
  EXPECT_THAT(refusal("forward_variance x 12 y 0"),
              AllOf(HasSubstr("view.pins: x 12 is outside of forward_variance"),
                    HasSubstr("from 0.5 to 5.5")));
  EXPECT_THAT(refusal("forward_variance x 2 y 1e9"), HasSubstr("view.pins: y "));
}

TEST_F(PlotTest, ChartsOfAllLabsArePinnedAndLockedByKeys) {
  picture_ = folder_.file("slide.svg");
  const auto picture = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "plot");
    words.insert(words.end(), {"-o", picture_});
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return file_bytes(picture_);
  };
  EXPECT_THAT(picture({"number_ranges", "view.pins=number_ranges x 0 y 0.5"}), HasSubstr(">1  "));
  EXPECT_THAT(picture({"number_line", "view.pins=number_line x 0 y 0.5"}), HasSubstr(">1  "));
  const std::vector<std::string> stall{"roundoff", "numbers.view=accumulation"};
  const auto of_stall = [&](const std::string& key) {
    std::vector<std::string> words = stall;
    words.push_back(key);
    return picture(words);
  };
  EXPECT_THAT(of_stall("view.pins=roundoff x 2 y 0"), HasSubstr(">1  "));
  const std::string free = of_stall("numbers.length=10000"),
                    locked = of_stall("view.lock=roundoff y -1000 1000");
  EXPECT_EQ(count_of(">1000<", locked), count_of(">1000<", free) + 1);  // x has one, too
}

TEST_F(PlotTest, ALockedAxisIsThatOfThePicture) {
  picture_ = folder_.file("slide.svg");
  ASSERT_EQ(plot("forward_variance", {"view.lock=forward_variance y -40 80"}).status, 0);
  const std::string locked = file_bytes(picture_);
  EXPECT_THAT(locked, HasSubstr("10⁸⁰"));
  EXPECT_THAT(locked, HasSubstr("10⁻⁴⁰"));
}

TEST_F(PlotTest, ItsHelpListsWhatCanBeLookedAt) {
  const Outcome help = run({"plot", "--help"});
  EXPECT_EQ(help.status, 0);
  for (const Key& key : key_table())
    if (key.name.starts_with("view.")) {
      EXPECT_THAT(help.out, HasSubstr(std::string(key.name)));
    }
}

TEST_F(PlotTest, EachOutputHasAFileOfItsOwn) {
  std::filesystem::create_symlink(picture_, folder_.file("link.csv"));
  folder_.write("slide.png", "old");
  for (const std::string& path :
       {picture_, folder_.path() + "/./slide.png", folder_.file("link.csv")}) {
    const Outcome outcome = plot("signal", {"--csv", path});
    EXPECT_EQ(outcome.status, 2) << path;
    EXPECT_THAT(outcome.err, HasSubstr("--csv: "));
    EXPECT_EQ(file_bytes(picture_), "old");
  }
  const Outcome twice = plot("signal", {"--csv", "/dev/stdout", "--json", "/dev/fd/1"});
  EXPECT_EQ(twice.status, 2) << twice.err;
  EXPECT_EQ(plot("signal", {"--csv", "/dev/null", "--json", "/dev/null"}).status, 0);
}

TEST_F(PlotTest, EveryPlotAndTheme) {
  for (const char* what : {"forward_variance", "backward_variance", "histogram", "special_values"})
    for (const char* theme : {"light", "dark", "projector"}) {
      const Outcome outcome = plot(what, {"--size", "640x360", "--theme", theme});
      EXPECT_EQ(outcome.status, 0) << what << " " << theme << ": " << outcome.err;
    }
}

TEST_F(PlotTest, ANumbersBitsNeedNoEngine) {
  const Outcome outcome = run({"plot", "number_bits", "tenth", "-o", picture_, "--size", "640x360"},
                              {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(png_size(file_bytes(picture_)), std::pair(640u, 360u));
}

TEST_F(PlotTest, AnErrorThatFp64DoesNotHaveIsSaidInDigits) {
  const std::string csv = folder_.file("bits.csv"), svg = folder_.file("bits.svg");
  const Outcome outcome = run({"plot", "number_bits", "numbers.input=1e-400",
                               "numbers.formats=fp64", "-o", svg, "--csv", csv, "--scale", "2"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("--scale: an SVG has no pixels"));
  EXPECT_THAT(file_bytes(csv), HasSubstr(",5e-324,1e-400,1\n"));
  run({"plot", "number_bits", "numbers.input=1e400", "numbers.formats=e4m3", "-o", svg});
  EXPECT_THAT(file_bytes(svg), HasSubstr("off by 1e+400, 3.12e+398 ulp, relative 1"));
}

TEST_F(PlotTest, AStepThatGoesOnIsNoValueOfItsOwn) {
  const std::string svg = folder_.file("chain.svg");
  const Outcome outcome =
      run({"plot", "tensor_chain", "-o", svg,
           "tensors.expression=x = arange(12).view(3,4); y = x.t(); z = (arange(3))"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(file_bytes(svg), AllOf(HasSubstr(">x = ... .view(3,4)<"), HasSubstr(">y = x.t()<"),
                                     HasSubstr(">z = arange(3)<")));
}

TEST_F(PlotTest, KeysThatTheLabDoesNotReadAreRefused) {
  const Outcome bits =
      run({"plot", "numbers", "numbers.view=bits", "model.depth=3", "-o", picture_});
  EXPECT_EQ(bits.status, 2);
  EXPECT_THAT(bits.err, HasSubstr("model.depth has no effect in numbers; signal reads it"));
  EXPECT_THAT(run({"plot", "numbers", "numbers.view=bits", "seed=4", "-o", picture_}).err,
              HasSubstr("seed has no effect, as numbers.view is bits, which draws nothing."));
  const Outcome pass = plot("signal", {"numbers.input=0.1"});
  EXPECT_THAT(pass.err, HasSubstr("numbers.input has no effect in signal; numbers reads it"));
}

TEST_F(PlotTest, ScaleMakesMorePixels) {
  const Outcome outcome = plot("forward_variance", {"--scale", "2"});
  ASSERT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(png_size(file_bytes(picture_)), std::pair(3840u, 2160u));
}

TEST_F(PlotTest, ThePictureReopensItsExperiment) {
  ASSERT_EQ(plot("signal", {"seed=42", "init.gain=0.5", "--size", "640x360"}).status, 0);
  const auto text = read_png_text(file_bytes(picture_), kPngExperimentKeyword);
  ASSERT_TRUE(text) << text.error().message();
  const auto again = run_json({"signal", picture_, "--json"});
  EXPECT_EQ(again["experiment"], nlohmann::json::parse(*text));
  EXPECT_EQ(again["experiment"]["seed"], 42);
  EXPECT_EQ(again["experiment"]["init"]["gain"], 0.5);
  EXPECT_EQ(again["layers"].size(), 5u);
}

TEST_F(PlotTest, DataBesideIt) {
  const std::string csv = folder_.file("data.csv"), json_file = folder_.file("data.json");
  const Outcome outcome = plot("signal", {"--size", "640x360", "--csv", csv, "--json", json_file});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, picture_ + "\n" + csv + "\n" + json_file + "\n");
  EXPECT_EQ(nlohmann::json::parse(file_bytes(json_file))["schema"], "nanscope.signal/1");
  EXPECT_THAT(file_bytes(csv), HasSubstr("activation.var"));
}

TEST_F(PlotTest, AFolderThatCannotBeWritten) {
  // A folder below a file: refused even to root.
  const std::string file = folder_.write("file", "");
  picture_ = file + "/slide.png";
  const Outcome outcome = plot("signal", {"--size", "640x360"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr(picture_));
}

TEST_F(PlotTest, AFileThatCannotBeWrittenIsReportedBeforeThePass) {
  const std::string csv = folder_.file("no/data.csv");
  const std::vector<std::string> words{"plot", "signal", "explode", "-o", picture_, "--csv", csv};
  // A pass would say that there is no engine.
  const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(csv), HasSubstr("there is no folder")));
  EXPECT_THAT(outcome.err, Not(HasSubstr("engine")));
}

TEST_F(PlotTest, APlotOfTheNumbersLabBringsItsView) {
  for (const char* what : {"number_line", "number_ranges"}) {
    const Outcome outcome =
        run({"plot", what, "numbers.view=absorption", "-o", picture_, "--size", "640x360"});
    EXPECT_EQ(outcome.status, 0) << what << ": " << outcome.err;
  }
}

TEST_F(PlotTest, ATruncatedPictureIsNotOpened) {
  ASSERT_EQ(plot("signal", {"--size", "640x360"}).status, 0);
  const std::string png = file_bytes(picture_);
  // Behind the header, inside the experiment, and just before the end.
  for (const std::size_t length : {40ul, 120ul, png.size() - 6}) {
    const Outcome outcome = run({"signal", folder_.write("cut.png", png.substr(0, length))});
    EXPECT_EQ(outcome.status, 2) << length;
    EXPECT_THAT(outcome.err, HasSubstr("cut.png"));
  }
}

/// Neither X11 nor Wayland, and no settings of the person who runs the tests.
RunOptions without_display(const TemporaryFolder& folder) {
  return {.environment = {"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
                          "XDG_CONFIG_HOME=" + folder.path()},
          .folder = folder.path()};
}

TEST(WithoutADisplay, TheDemoIsDrawnIntoPictures) {
  const TemporaryFolder folder;
  const Outcome outcome = run({}, without_display(folder));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, StartsWith("No display"));
  std::istringstream names(outcome.out);
  int pictures = 0;
  for (std::string name; std::getline(names, name); ++pictures)
    EXPECT_TRUE(file_bytes(folder.file(name)).starts_with(kPngSignature)) << name;
  EXPECT_EQ(pictures, 5);  // the lab and its four plots
}

TEST(WithoutADisplay, OpenDrawsTheFile) {
  const TemporaryFolder folder;
  folder.write("mine.json", R"({"model":{"depth":3,"width":16}})");
  const Outcome outcome = run({"open", "mine.json"}, without_display(folder));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("mine-signal.png\n"), HasSubstr("mine-histogram.png\n")));
}

TEST(WithoutADisplay, AFileAloneIsOpened) {
  const TemporaryFolder folder;
  folder.write("mine.json", R"({"model":{"depth":3,"width":16}})");
  const Outcome outcome = run({"mine.json"}, without_display(folder));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("mine-signal.png\n"));
}

TEST(WithoutADisplay, OpenTakesAModelsConfig) {
  const TemporaryFolder folder;
  folder.write("config.json",
               R"({"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12,
                   "vocab_size": 50257, "n_positions": 1024})");
  const std::vector<std::vector<std::string>> ways{{"open", "config.json"}, {"config.json"}};
  for (const auto& words : ways) {
    const Outcome outcome = run(words, without_display(folder));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("config-transformer_memory.png\n"));
  }
  folder.write("broken.json", R"({"model_type": "qwen3"})");
  const Outcome broken = run({"open", "broken.json"}, without_display(folder));
  EXPECT_EQ(broken.status, 2);
  EXPECT_THAT(broken.err, HasSubstr("num_hidden_layers: the field is missing"));
}

TEST(WithoutADisplay, OpenTakesData) {
  const TemporaryFolder folder;
  std::string rows;
  for (int row = 0; row < 64; ++row) rows += "1,2,3\n";
  folder.write("rows.csv", rows);
  const Outcome outcome = run({"open", "rows.csv"}, without_display(folder));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("rows-signal.png\n"));
}

TEST(WithoutADisplay, OpenTakesATableOfFewRowsAndSaysAsWhat) {
  const TemporaryFolder folder;
  folder.write("rows.csv", "a;b\n1,5;2\n-3;4\n");
  const Outcome outcome = run({"open", "rows.csv"}, without_display(folder));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("2 rows x 2 columns, header a, b, separated by semicolons"));
}

TEST(WithoutADisplay, ABatchThatFollowsTheFileIsSaid) {
  const TemporaryFolder folder;
  folder.write("rows.csv", "1,2\n3,4\n5,6\n");
  const Outcome opened = run({"open", "rows.csv"}, without_display(folder));
  EXPECT_EQ(opened.status, 0) << opened.err;
  EXPECT_THAT(opened.err, HasSubstr("batch is 3: rows.csv has no more rows"));
  const Outcome plan =
      run({"plan", "data.kind=file", "data.path=rows.csv"}, {.folder = folder.path()});
  EXPECT_EQ(plan.status, 0) << plan.err;
  EXPECT_THAT(plan.err, HasSubstr("batch is 3: rows.csv has no more rows"));
  // A word that changes how the file is read changes what fits.
  const Outcome header = run({"open", "rows.csv", "data.header=yes"}, without_display(folder));
  EXPECT_EQ(header.status, 0) << header.err;
  EXPECT_THAT(header.err, AllOf(HasSubstr("batch is 2: rows.csv has no more rows"),
                                Not(HasSubstr("batch is 3"))));
}

TEST(WithoutADisplay, OpenShowsWeights) {
  const TemporaryFolder folder;
  const std::string header = R"({"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  folder.write("w.safetensors", bytes + header + std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  const Outcome outcome = run({"open", "w.safetensors"}, without_display(folder));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("w-roundoff.png\n"));
  EXPECT_THAT(outcome.err, HasSubstr("w.safetensors: w F32 (1, 2)"));
}

TEST(WithoutADisplay, OpenTakesACheckpointOrSaysWhatIsWrongWithIt) {
  const TemporaryFolder folder;
  const std::string state = folder.file("kept.safetensors");
  ASSERT_EQ(run({"train", "data.kind=teacher", "model.width=8", "model.depth=2", "steps=5",
                 "--checkpoint", state})
                .status,
            0);
  const Outcome outcome = run({"open", "kept.safetensors"}, without_display(folder));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("kept-training.png\n"));
  std::string bytes = file_bytes(state);
  bytes.resize(bytes.size() - 8);
  folder.write("half.safetensors", bytes);
  const Outcome half = run({"open", "half.safetensors"}, without_display(folder));
  EXPECT_EQ(half.status, 2);
  EXPECT_THAT(half.err, HasSubstr("half.safetensors"));
}

TEST(WithoutADisplay, EveryPlotOfTheExperimentIsDrawn) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"lab=numbers"},
       "nanscope-numbers.png\nnanscope-number_bits.png\nnanscope-number_line.png\n"},
      {{"lab=numbers", "numbers.view=absorption"},
       "nanscope-numbers.png\nnanscope-roundoff.png\nnanscope-roundoff_table.png\n"},
      {{"lab=tensors"},
       "nanscope-tensors.png\nnanscope-tensor_chain.png\nnanscope-tensor_memory.png\n"
       "nanscope-tensor_storage.png\n"}};
  for (const auto& [experiment, names] : cases) {
    const TemporaryFolder folder;
    std::vector<std::string> words{"open"};
    words.insert(words.end(), experiment.begin(), experiment.end());
    const Outcome outcome = run(words, without_display(folder));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, names);
  }
}

TEST(WithoutADisplay, AFolderThatCannotBeWritten) {
  const TemporaryFolder folder;
  RunOptions options = without_display(folder);
  options.folder = "/proc";
  const Outcome outcome = run({"open", "explode", "model.depth=2", "model.width=16"}, options);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace nanscope
