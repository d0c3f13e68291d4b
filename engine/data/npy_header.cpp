#include "engine/data/npy_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <optional>

namespace nanscope {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);

/// A value of the dict: what a header holds, and no more of Python.
struct Literal {
  enum class Kind { text, truth, sizes, list } kind = Kind::text;
  std::string text;
  bool truth = false;
  std::vector<std::uint64_t> sizes;
};

/// Reads the Python literals of a header. Every function leaves the place behind what it has read.
class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : rest_(text) {}

  /// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, and nothing but blanks behind it.
  std::optional<std::map<std::string, Literal>> dict() {
    std::map<std::string, Literal> values;
    if (!take('{')) return std::nullopt;
    while (!take('}')) {
      auto key = quoted();
      if (!key || !take(':')) return std::nullopt;
      auto value = literal();
      if (!value) return std::nullopt;
      values[*std::move(key)] = *std::move(value);
      if (take(',')) continue;
      if (!take('}')) return std::nullopt;
      break;
    }
    skip_blanks();
    if (!rest_.empty()) return std::nullopt;
    return values;
  }

 private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n\f"), rest_.size()));
  }
  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  /// Between quotes of either kind; Python 2 may write u'' or b''.
  std::optional<std::string> quoted() {
    skip_blanks();
    if (rest_.starts_with('u') || rest_.starts_with('b')) rest_.remove_prefix(1);
    const char quote = rest_.empty() ? '\0' : rest_.front();
    if (quote != '\'' && quote != '"') return std::nullopt;
    const auto end = rest_.find(quote, 1);
    if (end == rest_.npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::optional<Literal> literal() {
    skip_blanks();
    Literal value;
    if (rest_.starts_with('[')) {  // a list of fields: not read, only named
      value.kind = Literal::Kind::list;
      return skip_list() ? std::optional(value) : std::nullopt;
    }
    if (rest_.starts_with('(')) {
      value.kind = Literal::Kind::sizes;
      auto read = sizes();
      if (!read) return std::nullopt;
      value.sizes = *std::move(read);
      return value;
    }
    value.kind = Literal::Kind::truth;
    if (take("True")) {
      value.truth = true;
      return value;
    }
    if (take("False")) return value;
    value.kind = Literal::Kind::text;
    auto text = quoted();
    if (!text) return std::nullopt;
    value.text = *std::move(text);
    return value;
  }

  bool skip_list() {
    int depth = 0;
    do {
      if (rest_.empty()) return false;
      if (rest_.front() == '\'' || rest_.front() == '"') {
        if (!quoted()) return false;
        continue;
      }
      depth += rest_.front() == '[' ? 1 : rest_.front() == ']' ? -1 : 0;
      rest_.remove_prefix(1);
    } while (depth > 0);
    return true;
  }

  /// A tuple: "()", "(3,)", "(3, 4)", "(3L, 4L)". "(3)" is a number to Python, and no shape.
  std::optional<std::vector<std::uint64_t>> sizes() {
    constexpr std::size_t kMostDimensions = 64;  // numpy's own limit
    std::vector<std::uint64_t> shape;
    take('(');
    bool comma = true;
    while (!take(')')) {
      std::uint64_t size = 0;
      skip_blanks();
      const auto [stop, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (!comma || code != std::errc() || shape.size() == kMostDimensions) return std::nullopt;
      rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
      if (rest_.starts_with('L')) rest_.remove_prefix(1);
      shape.push_back(size);
      comma = take(',');
    }
    if (shape.size() == 1 && !comma) return std::nullopt;
    return shape;
  }

  std::string_view rest_;
};

/// What an array of this kind holds, where that is no plain number: the first letter of its type.
const char* kind_that_is_not_read(char kind) {
  switch (kind) {
    case 'c':
      return "complex numbers";
    case 'O':
      return "Python objects";
    case 'S':
    case 'a':
    case 'U':
      return "texts";
    case 'M':
    case 'm':
      return "dates";
    case 'V':
      return "records or raw bytes, as bfloat16 is saved";
    default:
      return nullptr;
  }
}

/// "<f4" -> "f4". '<' little-endian, '>' big-endian, '=' the writer's own, '|' a single byte.
Result<void> read_type(const Literal& value, NpyHeader& header) {
  if (value.kind == Literal::Kind::list)
    return input_error("", "this .npy holds records; only plain arrays of numbers are read.");
  const std::string& type = value.text;
  if (value.kind != Literal::Kind::text || type.empty())
    return input_error("", "the header of this .npy cannot be read.");
  const bool has_order = std::string_view("<>=|").find(type.front()) != std::string_view::npos;
  header.type = type.substr(has_order ? 1 : 0);
  header.big_endian = type.front() == '>';
  if (header.type == "?") header.type = "b1";
  if (header.type == "f16" || header.type == "f12")
    return input_error("", "this .npy holds long doubles; save it with array.astype('f8').");
  const char* kind = header.type.empty() ? nullptr : kind_that_is_not_read(header.type.front());
  if (kind != nullptr)
    return input_error("",
                       "numbers of type {} are not read, which are {}; allowed are f2 f4 f8, i1 "
                       "i2 i4 i8, u1 u2 u4 u8, b1.",
                       fmt::format("{:.12}", has_order && type[0] != '|' ? header.type : type),
                       kind);
  return {};
}

}  // namespace

Result<NpyHeader> read_npy_header(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return input_error("", "this is not a .npy file.");
  if (bytes.size() < 12) return input_error("", "this .npy ends within its header.");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3 || bytes[7] != 0)
    return input_error("", ".npy version {}.{} is not read; allowed are 1.0, 2.0 and 3.0.", version,
                       static_cast<int>(static_cast<unsigned char>(bytes[7])));
  const std::size_t length_size = version == 1 ? 2 : 4;
  std::size_t length = 0;  // little-endian, whatever the numbers are
  std::memcpy(&length, bytes.data() + 8, length_size);
  NpyHeader header;
  header.data_at = 8 + length_size + length;
  if (header.data_at > bytes.size()) return input_error("", "this .npy ends within its header.");
  const auto dict = LiteralReader(bytes.substr(8 + length_size, length)).dict();
  if (!dict || dict->size() != 3 || !dict->contains("descr") || !dict->contains("fortran_order") ||
      !dict->contains("shape") || dict->at("fortran_order").kind != Literal::Kind::truth ||
      dict->at("shape").kind != Literal::Kind::sizes)
    return input_error("", "the header of this .npy cannot be read.");
  if (auto good = read_type(dict->at("descr"), header); !good) return tl::unexpected(good.error());
  header.fortran = dict->at("fortran_order").truth;
  header.shape = dict->at("shape").sizes;
  return header;
}

}  // namespace nanscope
