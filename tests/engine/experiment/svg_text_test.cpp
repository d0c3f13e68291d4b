#include "engine/experiment/svg_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nanscope {
namespace {

using ::testing::HasSubstr;

TEST(SvgText, ReadsTheMetadataWithTheId) {
  const std::string svg =
      "<?xml version=\"1.0\"?>\n<svg><metadata id=\"other\">no</metadata>"
      "<metadata id=\"nanscope.experiment\">{&quot;a&quot;: &quot;1 &lt; 2 &amp;amp; 3\"}"
      "</metadata></svg>";
  EXPECT_EQ(read_svg_text(svg, kSvgExperimentId).value(), "{\"a\": \"1 < 2 &amp; 3\"}");
}

TEST(SvgText, SaysWhatIsMissing) {
  const auto error_of = [](std::string_view svg) {
    return to_string(read_svg_text(svg, kSvgExperimentId).error());
  };
  EXPECT_THAT(error_of("<svg/>"), HasSubstr("carries no experiment"));
  EXPECT_THAT(error_of(""), HasSubstr("carries no experiment"));
  EXPECT_THAT(error_of("<svg><metadata id=\"nanscope.experiment\">{"), HasSubstr("broken"));
  EXPECT_THAT(error_of("<svg><metadata id=\"nanscope.experiment\""), HasSubstr("broken"));
}

TEST(SvgText, AnSvgBeginsWithABracketAfterBlanks) {
  EXPECT_TRUE(looks_like_svg("<svg>"));
  EXPECT_TRUE(looks_like_svg("\xEF\xBB\xBF\n <?xml?>"));
  EXPECT_FALSE(looks_like_svg("{\"seed\":1}"));
  EXPECT_FALSE(looks_like_svg("\n "));
}

}  // namespace
}  // namespace nanscope
