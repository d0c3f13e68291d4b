#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/encoded_text.h"

// Tables written in random dialects.
namespace nanscope {

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
  bool typeset = false;  ///< minus signs are U+2212
  bool latin = false;    ///< a name in the header is in Latin-1, and so no UTF-8
  bool dos_end = false;  ///< ^Z at the end
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
    made.typeset = one_in(4);
    made.latin = made.encoding == "UTF-8" && made.header == HeaderKind::words && one_in(3);
    made.dos_end = one_in(8);
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
    const std::string minus = as.typeset ? "\xe2\x88\x92" : "-";
    return {(sign.empty() ? sign : minus) + grouped + as.decimal + decimals + exponent,
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
        line += as.separator == ' '
                    ? fmt::format("name{}", i)
                    : fmt::format("\"a {}name \"\"{}\"\"{}\"", as.separator, i,
                                  as.latin ? as.line_end + "#\xe4" + as.line_end : "");
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

inline std::string encoded(const std::string& text, const WrittenDialect& as) {
  if (as.encoding == "UTF-8") return (as.mark ? "\xef\xbb\xbf" : "") + text;
  return utf16_of((as.mark ? "\xef\xbb\xbf" : "") + text, as.encoding == "UTF-16 BE");
}

/// A table's bytes and what they say.
struct WrittenTable {
  WrittenDialect as;
  int rows = 0, columns = 0;
  std::string text;                       ///< as UTF-8
  std::string bytes;                      ///< as it is encoded
  std::vector<std::string> numbers = {};  ///< row by row, as C writes them
};

inline WrittenTable random_table(unsigned seed) {
  Writer writer(seed);
  WrittenTable made{.as = writer.dialect(), .text = {}, .bytes = {}};
  const WrittenDialect& as = made.as;
  std::string& text = made.text;
  // One column of decimal commas needs a header to be sure of; years need a second one.
  made.columns = 2 + static_cast<int>(writer.below(5));
  made.rows = 3 + static_cast<int>(writer.below(6));
  if (as.remarks) text += "# made by a test" + as.line_end + as.line_end;
  if (as.header != HeaderKind::none) text += writer.header(made.columns, as);
  for (int row = 0; row < made.rows; ++row) {
    if (as.index) text += std::to_string(row) + as.separator;
    for (int column = 0; column < made.columns; ++column) {
      const auto [written, plain] = writer.number(as);
      if (column > 0) text += as.separator;
      text += writer.field(written, as);
      made.numbers.push_back(plain);
    }
    if (as.trailing) text += as.separator;
    if (row + 1 < made.rows || writer.one_in(2)) text += as.line_end;
    if (as.remarks && writer.one_in(3)) text += as.line_end + "# more" + as.line_end;
  }
  if (as.dos_end) text += '\x1a';
  made.bytes = encoded(text, as);
  return made;
}

}  // namespace nanscope
