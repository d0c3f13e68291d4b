#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "engine/data/parse.h"

// Tables written in random dialects, and read back.
namespace nanscope {
namespace {

enum class HeaderKind { none, words, years, quoted_years };

/// How a table is written.
struct WrittenDialect {
  char separator = ',';
  char decimal = '.';
  std::string group;  ///< between thousands; "" for none
  std::string line_end = "\n";
  std::string encoding = "UTF-8";
  HeaderKind header = HeaderKind::none;
  bool mark = false;  ///< of the byte order
  bool index = false;
  bool quotes = false;
  bool trailing = false;
  bool blanks = false;
  bool remarks = false;
};

class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  WrittenDialect dialect() {
    WrittenDialect made;
    made.separator = one_of(std::string(",;\t| "));
    made.decimal = one_in(2) ? ',' : '.';
    made.header = static_cast<HeaderKind>(below(4));
    made.line_end = one_of(std::vector<std::string>{"\n", "\r\n", "\r"});
    made.encoding = one_of(std::vector<std::string>{"UTF-8", "UTF-16 LE", "UTF-16 BE"});
    made.mark = made.encoding != "UTF-8" || one_in(3);
    made.index = made.header != HeaderKind::none && made.separator != ' ' && one_in(3);
    // A comma between decimals is told from one between fields by quotes.
    made.quotes = one_in(4) || (made.separator == ',' && made.decimal == ',');
    if (made.header == HeaderKind::quoted_years) made.quotes = made.separator == ',' && made.quotes;
    if (one_in(3)) {
      made.group =
          one_of(std::vector<std::string>{made.decimal == ',' ? "." : ",", "'", "\xc2\xa0"});
      if (made.group == "," && made.separator == ',') made.quotes = true;
    }
    made.trailing = made.separator != ' ' && one_in(4);
    made.blanks = made.separator != ' ' && one_in(4);
    made.remarks = one_in(4);
    return made;
  }

  /// A number with decimals (1, 2 or 4: three may be a group of thousands) as it is written, and
  /// its digits with a point.
  std::pair<std::string, std::string> number(const WrittenDialect& as) {
    const std::string sign = one_in(3) ? "-" : "";
    const std::string whole = std::to_string(below(one_in(2) ? 10 : 2000000));
    std::string decimals = std::to_string(1 + below(9));
    if (one_in(2)) decimals = "0" + decimals;
    if (one_in(3)) decimals += "25";
    if (decimals.size() == 3) decimals += "5";
    const std::string exponent = one_in(5) ? "e-3" : "";
    std::string grouped = whole;
    if (!as.group.empty())
      for (int at = static_cast<int>(whole.size()) - 3; at > 0; at -= 3)
        grouped.insert(static_cast<std::size_t>(at), as.group);
    return {sign + grouped + as.decimal + decimals + exponent,
            sign + whole + "." + decimals + exponent};
  }

  std::string field(const std::string& text, const WrittenDialect& as) {
    const std::string blank = as.blanks ? std::string(below(3), ' ') : "";
    return blank + (as.quotes ? "\"" + text + "\"" : text) + blank;
  }

  std::string header(int columns, const WrittenDialect& as) {
    std::string line = as.index ? std::string(1, as.separator) : "";
    for (int i = 0; i < columns; ++i) {
      const std::string year = std::to_string(2015 + i);
      if (i > 0) line += as.separator;
      if (as.header == HeaderKind::words)
        line += as.separator == ' ' ? fmt::format("name{}", i)
                                    : fmt::format("\"a {}name \"\"{}\"\"\"", as.separator, i);
      else
        line += as.header == HeaderKind::quoted_years ? "\"" + year + "\"" : year;
    }
    return line + (as.trailing ? std::string(1, as.separator) : "") + as.line_end;
  }

  template <class Choices>
  typename Choices::value_type one_of(const Choices& choices) {
    return choices[below(static_cast<unsigned>(choices.size()))];
  }
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
  bool one_in(unsigned count) { return below(count) == 0; }

 private:
  std::mt19937 random_;
};

std::string encoded(const std::string& text, const WrittenDialect& as) {
  if (as.encoding == "UTF-8") return (as.mark ? "\xef\xbb\xbf" : "") + text;
  std::string bytes;
  const auto add = [&](unsigned unit) {
    const char low = static_cast<char>(unit & 255), high = static_cast<char>(unit >> 8);
    bytes += as.encoding == "UTF-16 LE" ? low : high;
    bytes += as.encoding == "UTF-16 LE" ? high : low;
  };
  if (as.mark) add(0xfeff);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) add(c);
    if (c == 0xc2) add(static_cast<unsigned char>(text[++i]));  // U+0080 to U+00BF
  }
  return bytes;
}

TEST(CsvDialects, TwoHundredRandomOnesAreReadAsTheyWereWritten) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Writer writer(seed);
    const WrittenDialect as = writer.dialect();
    // One column of decimal commas needs a header to be sure of; years need a second one.
    const int columns = 2 + static_cast<int>(writer.below(5));
    const int rows = 3 + static_cast<int>(writer.below(6));
    std::string text;
    if (as.remarks) text += "# made by a test" + as.line_end + as.line_end;
    if (as.header != HeaderKind::none) text += writer.header(columns, as);
    std::vector<double> expected;
    for (int row = 0; row < rows; ++row) {
      if (as.index) text += std::to_string(row) + as.separator;
      for (int column = 0; column < columns; ++column) {
        const auto [written, plain] = writer.number(as);
        if (column > 0) text += as.separator;
        text += writer.field(written, as);
        expected.push_back(std::strtof(plain.c_str(), nullptr));
      }
      if (as.trailing) text += as.separator;
      if (row + 1 < rows || writer.one_in(2)) text += as.line_end;
      if (as.remarks && writer.one_in(3)) text += as.line_end + "# more" + as.line_end;
    }
    const auto table = parse_csv(encoded(text, as));
    ASSERT_TRUE(table) << "seed " << seed << ": " << table.error().message() << "\n" << text;
    EXPECT_EQ(table->rows, rows) << "seed " << seed << "\n" << text;
    EXPECT_EQ(table->columns, columns) << "seed " << seed << "\n" << text;
    ASSERT_EQ(table->values.size(), expected.size()) << text;
    for (std::size_t i = 0; i < expected.size(); ++i)
      // fp32 by way of fp64, as every reader of CSV has it: half an ulp more than strtof().
      ASSERT_NEAR(table->values[i], expected[i], std::abs(expected[i]) * 0x1p-23)
          << "seed " << seed << "\n"
          << text;
    const TableReading& reading = table->reading;
    EXPECT_EQ(reading.has_header, as.header != HeaderKind::none) << "seed " << seed << text;
    EXPECT_EQ(reading.index_dropped, as.index) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.separator, as.separator) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.decimal, as.decimal) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.encoding, as.encoding) << "seed " << seed << "\n" << text;
    EXPECT_EQ(reading.trailing, as.trailing) << "seed " << seed << "\n" << text;
  }
}

}  // namespace
}  // namespace nanscope
