#include "engine/base/message.h"

#include <gtest/gtest.h>

#include "engine/base/result.h"

namespace nanscope {
namespace {

TEST(Message, FillsItsPlacesInOrder) {
  EXPECT_EQ(message("nothing to fill").text(), "nothing to fill");
  EXPECT_EQ(message("{} is not allowed; it takes {} to {}.", "-1", 0, 65536).text(),
            "-1 is not allowed; it takes 0 to 65536.");
  EXPECT_EQ(message("{}{}{}", 0.1, 'x', std::string("{}")).text(), "0.1x{}");
}

TEST(Message, AnArgumentMayBeAMessage) {
  const Message inner = message("row {}", 3);
  EXPECT_EQ(message("{}: {}.", inner, message("empty")).text(), "row 3: empty.");
}

TEST(Message, AValueIsNoTemplate) {
  EXPECT_EQ(Message::value("{} is a set").text(), "{} is a set");
  EXPECT_TRUE(Message::value("x").is_value());
  EXPECT_FALSE(message("x").is_value());
  EXPECT_TRUE(Message().empty());
}

TEST(Message, CountsPlaces) {
  EXPECT_EQ(count_places("none"), 0);
  EXPECT_EQ(count_places("{} and {}"), 2);
  for (const char* wrong : {"{", "}", "{0}", "{:g}", "{name}", "}{"})
    EXPECT_EQ(count_places(wrong), -1) << wrong;
}

TEST(FillPlaces, TakesArgumentsInAnyOrder) {
  EXPECT_EQ(fill_places("{1} before {0}", {"a", "b"}), "b before a");
  EXPECT_EQ(fill_places("{0}{0}{}", {"a", "b"}), "aaa");
}

TEST(FillPlaces, KeepsWhatItCannotFill) {
  EXPECT_EQ(fill_places("{} {} {7} {x} {18446744073709551616} {", {"a"}),
            "a {} {7} {x} {18446744073709551616} {");
  EXPECT_EQ(fill_places("}{}", {"a"}), "}a");
  EXPECT_EQ(fill_places("", {"a"}), "");
}

TEST(Error, SaysWhereAndWhat) {
  const Error wrong = input_error("batch", "{} is not allowed.", 0).value();
  EXPECT_EQ(wrong.kind, Error::Kind::input);
  EXPECT_EQ(wrong.message(), "0 is not allowed.");
  EXPECT_EQ(to_string(wrong), "batch: 0 is not allowed.");
  EXPECT_EQ(to_string(work_error("", "no memory.").value()), "no memory.");
  EXPECT_EQ(cancelled_error().value().kind, Error::Kind::cancelled);
}

}  // namespace
}  // namespace nanscope
