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

TEST(Message, AnArgumentThatIsTypedCannotMoveTheCursor) {
  EXPECT_EQ(printable("plain, \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "plain, \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(printable("\x1b[2J\n\t\x7f"), "\\x1b[2J\\x0a\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  // CSI as one character, half a character, a byte that is none, an overlong one.
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc0\xaf\xe0\x80\xaf"), "\\xc0\\xaf\\xe0\\x80\\xaf");
  EXPECT_EQ(message("{} is wrong.", "\x1b[31m").text(), "\\x1b[31m is wrong.");
  EXPECT_EQ(message("{}{}{}", '\x1b', std::string("\r"), std::string_view("\b")).text(),
            "\\x1b\\x0d\\x08");
}

TEST(Message, OfALongArgumentItShowsBothEnds) {
  const std::string path = "/begin" + std::string(100000, 'x') + "/end.csv";
  const std::string shown = message("{}", path).text();
  EXPECT_LE(shown.size(), kLongestShown + 3);
  EXPECT_EQ(shown.substr(0, 7), "/beginx");
  EXPECT_EQ(shown.substr(shown.size() - 9), "x/end.csv");
  EXPECT_EQ(printable(std::string(kLongestShown, 'x')), std::string(kLongestShown, 'x'));
  // No character is cut in two.
  std::string euros;
  for (int i = 0; i < 1000; ++i) euros += "\xe2\x82\xac";
  EXPECT_EQ(printable(euros).find("\\x"), std::string::npos);
  EXPECT_EQ(message("{}", name_list(std::vector<std::string>(1000, "name"))).text().size(), 5998u);
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
