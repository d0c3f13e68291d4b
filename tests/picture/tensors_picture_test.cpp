#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/headless/headless_context.h"
#include "engine/experiment/json.h"
#include "engine/experiment/png_text.h"
#include "tests/synthetic/synthetic_chain.h"
#include "ui/export/picture.h"
#include "ui/export/svg_picture.h"
#include "ui/labs/tensors/figure.h"
#include "ui/labs/tensors/timings.h"

namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TensorsPicture : public testing::Test {
 protected:
  TensorsPicture() : context_(HeadlessContext::create()) {
    experiment_.lab = LabName::tensors;
    experiment_.tensors.expression = chain_->expression;
  }
  void SetUp() override { ASSERT_TRUE(context_) << to_string(context_.error()); }
  Figure figure() const { return tensors_figure(experiment_, chain_); }

  Result<HeadlessContext> context_;
  std::shared_ptr<const TensorChain> chain_ =
      std::make_shared<const TensorChain>(synthetic_chain());
  Experiment experiment_;
};

TEST_F(TensorsPicture, EveryPlotIsDrawnInEveryThemeAndSize) {
  for (const char* plot : {"", "tensor_chain", "tensor_storage", "tensor_memory"})
    for (const auto& [theme, name] : Names<ThemeId>::all)
      for (const auto& [width, height] : {std::pair{320, 240}, {640, 360}, {360, 640}}) {
        const auto pixels = render_picture(figure(), {plot, width, height, 1, theme});
        ASSERT_TRUE(pixels) << to_string(pixels.error());
        // Something other than the ground is there.
        int inked = 0;
        for (std::size_t i = 0; i < pixels->rgba.size(); i += 4)
          inked += pixels->rgba[i] != pixels->rgba[0];
        EXPECT_GT(inked, width * height / 100) << plot << " " << name << " " << width;
      }
}

TEST_F(TensorsPicture, ThePngReopensTheChain) {
  const auto pixels = render_picture(figure(), {"tensor_chain", 640, 360, 1, ThemeId::light});
  ASSERT_TRUE(pixels);
  const auto png = encode_png(*pixels, to_json(figure().experiment));
  ASSERT_TRUE(png);
  const auto json = read_png_text(*png, kPngExperimentKeyword);
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(*from_json(*json), experiment_);
}

TEST_F(TensorsPicture, ItsDataSayWhatThePictureSays) {
  EXPECT_THAT(figure().json(), HasSubstr("nanscope.tensor/1"));
  EXPECT_THAT(figure().csv(), HasSubstr(".transpose(1, 2)"));
}

TEST_F(TensorsPicture, WhatIsLookedAtIsInThePicture) {
  ChainBuilder steps;
  steps.arange(12).view(".view(3, 4)", {3, 4}, {4, 1}).view(".t()", {4, 3}, {1, 4});
  auto matrix = std::make_shared<const TensorChain>(steps.build());
  const auto svg = [&] {
    const auto document = render_svg(tensors_figure(experiment_, matrix),
                                     {"tensor_chain", 1280, 720, 1, ThemeId::light});
    const std::string words = document ? *document : to_string(document.error());
    return words.substr(std::min(words.find("<text"), words.size()));  // behind the experiment
  };
  const std::string plain = svg();
  EXPECT_THAT(plain, Not(HasSubstr("= 9<")));
  // Element [1, 2] of the transpose reads cell 1 + 2 * 4; the card before it is chosen.
  experiment_.view.element = ViewElement{.step = 3, .index = {1, 2}};
  const std::string with_element = svg();
  EXPECT_THAT(with_element, HasSubstr("= 9<"));
  experiment_.view.step = 2;
  EXPECT_NE(svg(), with_element);
  EXPECT_EQ(*from_json(to_json(tensors_figure(experiment_, matrix).experiment)), experiment_);
  // Of another chain, none of it is there.
  experiment_.view = {};
  experiment_.view.element = ViewElement{.step = 9, .index = {1}};
  experiment_.view.step = 12;
  EXPECT_EQ(svg(), plain);
  experiment_.view = {};
  // In a copy of the transpose a cell's address is not its value.
  matrix = std::make_shared<const TensorChain>(steps.copy(".contiguous()").build());
  const std::string values = svg();
  experiment_.tensors.cells = CellLabel::addresses;
  EXPECT_NE(svg(), values);
}

MemoryTimings timings() {
  MemoryTimings timings;
  timings.cache_bytes = {32768, 2097152};
  timings.traversals = {{64, 64, 1e-6, 1.1e-6, 256, 256},
                        {4096, 4096, 5e-3, 4e-2, 1 << 20, 1 << 24}};
  timings.copies = {{CopyKind::memcpy, 1 << 26, 0.01, 0.011, 0},
                    {CopyKind::first_touch, 1 << 26, 0.04, 0.05, 16384}};
  timings.device_missing = "cuda needs an NVIDIA driver; use device=cpu";
  return timings;
}

TEST_F(TensorsPicture, TheMachinesMemoryIsDrawnAndSaysTheRatio) {
  experiment_.tensors.view = TensorsView::timings;
  const Figure figure =
      memory_timings_figure(experiment_, std::make_shared<const MemoryTimings>(timings()));
  EXPECT_THAT(figure.title, HasSubstr("takes 8 times as long"));
  EXPECT_THAT(figure.json(), HasSubstr("\"page_faults\": 16384"));
  EXPECT_THAT(figure.csv(), HasSubstr("columns,67108864,0.04,16777216,,\n"));
  EXPECT_TRUE(render_picture(figure, {"", 320, 240, 1, ThemeId::projector}));
}

TEST_F(TensorsPicture, CopiesToTheGpuAreDrawnOrTheirAbsenceIsExplained) {
  experiment_.tensors.view = TensorsView::timings;
  const auto svg = [&](const MemoryTimings& measured) {
    const Figure figure =
        memory_timings_figure(experiment_, std::make_shared<const MemoryTimings>(measured));
    const auto document = render_svg(figure, {"memory_copies", 1280, 720, 1, ThemeId::light});
    return document ? *document : to_string(document.error());
  };
  EXPECT_THAT(svg(timings()), HasSubstr("pageable and pinned: cuda needs an NVIDIA driver.<"));
  MemoryTimings with_gpu = timings();
  with_gpu.device_missing = "";
  with_gpu.device = "NVIDIA H100";
  with_gpu.copies.push_back({CopyKind::pageable, 1 << 26, 0.01, 0.011});
  with_gpu.copies.push_back({CopyKind::pinned, 1 << 26, 0.0025, 0.003});
  EXPECT_THAT(svg(with_gpu), AllOf(HasSubstr("26.8 GB/s: 64 MiB in 2.5 ms, median 3 ms"),
                                   HasSubstr("to GPU, pageable"), HasSubstr("NVIDIA H100")));
}

}  // namespace
}  // namespace nanscope
