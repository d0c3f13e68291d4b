#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "engine/base/nearest_name.h"
#include "engine/numbers/exact.h"
#include "engine/numbers/number_functions.h"

// number  = sum, with blanks anywhere between words
// sum     = product (("+" | "-") product)*
// product = sign (("*" | "/") sign)*
// sign    = ("+" | "-")* power
// power   = atom (("^" | "**") sign)?
// atom    = literal | word | function "(" sum ")" | "(" sum ")"
namespace nanscope {
namespace {

constexpr std::size_t kLongestNumber = 1000;
constexpr std::size_t kMostBits = 65536;
constexpr int kDeepest = 100;
/// The largest power of ten and of two below kMostBits.
constexpr long kLargestDecimalExponent = 19728;
constexpr long kLargestBinaryExponent = 65535;

/// Thrown inside this file only; parse_number() turns it into an Error.
struct Refusal {
  std::size_t at;  ///< bytes before it
  Message message;
};

std::size_t bits(const mpz_class& number) { return mpz_sizeinbase(number.get_mpz_t(), 2); }

bool is_finite(const ExactNumber& number) { return number.kind == ExactNumber::Kind::finite; }

ExactNumber sum(const ExactNumber& a, const ExactNumber& b) {
  const auto with_sign = [](const ExactNumber& number) {
    return number.negative ? mpq_class(-number.magnitude) : number.magnitude;
  };
  const mpq_class total = with_sign(a) + with_sign(b);
  ExactNumber result;
  result.negative = total == 0 ? a.negative && b.negative : total < 0;
  result.magnitude = abs(total);
  return result;
}

/// base^exponent; the caller has looked at the size.
mpq_class power(const mpq_class& base, unsigned long exponent) {
  mpq_class result;
  mpz_pow_ui(result.get_num_mpz_t(), base.get_num_mpz_t(), exponent);
  mpz_pow_ui(result.get_den_mpz_t(), base.get_den_mpz_t(), exponent);
  return result;
}

bool is_digit(char c, int base) {
  if (base == 16) return std::isxdigit(static_cast<unsigned char>(c)) != 0;
  return c >= '0' && c < '0' + base;
}

class NumberParser {
 public:
  explicit NumberParser(std::string_view text) : text_(text) {}

  ExactNumber parse() {
    ExactNumber number = parse_sum();
    skip_blanks();
    if (at_ < text_.size()) refuse(after_number());
    return number;
  }

 private:
  [[noreturn]] void refuse(Message why) const { throw Refusal{at_, std::move(why)}; }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(std::string_view symbol) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    at_ += symbol.size();
    return true;
  }

  // The signs that a text processor puts in place of - and * are read as well.
  bool take_minus() { return take("-") || take("\xE2\x88\x92"); }
  bool take_power() { return take("^") || take("**"); }
  bool take_times() {
    skip_blanks();
    return !text_.substr(at_).starts_with("**") && (take("*") || take("\xC3\x97"));
  }

  /// The word or sign at this place, for messages.
  Message found() const {
    return at_ < text_.size() ? argument(quoted_word()) : message("the end");
  }

  std::string quoted_word() const {
    std::size_t end = at_;
    while (end < text_.size() && std::isalnum(static_cast<unsigned char>(text_[end]))) ++end;
    if (end == at_) ++end;
    while (end < text_.size() && (text_[end] & 0xC0) == 0x80) ++end;  // a whole character of UTF-8
    constexpr std::size_t kShown = 20;
    return fmt::format("\"{}\"", text_.substr(at_, std::min(end - at_, kShown)));
  }

  Message after_number() const {
    if (text_[at_] == ',') return message("a decimal point is written as \".\", not as a comma");
    if (text_[at_] == ')') return message("there is no \"(\" to this \")\"");
    return message("expected an operator (+ - * / ^) or the end, found {}", found());
  }

  ExactNumber checked(ExactNumber number, std::size_t start) const {
    if (bits(number.magnitude.get_num()) > kMostBits ||
        bits(number.magnitude.get_den()) > kMostBits)
      refuse_size(start);
    return number;
  }

  [[noreturn]] void refuse_size(std::size_t start) const {
    throw Refusal{start, message("this number is too large or too fine: at most {} bits, which "
                                 "is about 1e{} and 1e-{}; infinity is written as inf",
                                 kMostBits, kLargestDecimalExponent, kLargestDecimalExponent)};
  }

  void require_finite(const ExactNumber& number, std::size_t start) const {
    if (!is_finite(number))
      throw Refusal{start, message("inf and nan stand alone, with a sign at most")};
  }

  ExactNumber parse_sum() {
    skip_blanks();
    const std::size_t start = at_;
    ExactNumber left = parse_product();
    while (true) {
      const bool plus = take("+");
      if (!plus && !take_minus()) return left;
      ExactNumber right = parse_product();
      require_finite(left, start);
      require_finite(right, start);
      right.negative ^= !plus;
      left = checked(sum(left, right), start);
    }
  }

  ExactNumber parse_product() {
    skip_blanks();
    const std::size_t start = at_;
    ExactNumber left = parse_sign();
    while (true) {
      const bool times = take_times();
      if (!times && !take("/")) return left;
      const std::size_t at = at_;
      const ExactNumber right = parse_sign();
      require_finite(left, start);
      require_finite(right, at);
      if (!times && right.magnitude == 0)
        throw Refusal{at, message("division by 0; infinity is written as inf")};
      left.negative ^= right.negative;
      if (times)
        left.magnitude *= right.magnitude;
      else
        left.magnitude /= right.magnitude;
      left = checked(std::move(left), start);
    }
  }

  ExactNumber parse_sign() {
    bool negative = false;
    while (true) {
      if (take_minus())
        negative = !negative;
      else if (!take("+"))
        break;
    }
    ExactNumber number = parse_power();
    number.negative ^= negative;
    return number;
  }

  ExactNumber parse_power() {
    skip_blanks();
    const std::size_t start = at_;
    ExactNumber base = parse_atom();
    if (!take_power()) return base;
    if (++depth_ > kDeepest) refuse(message("this is nested too deeply"));
    const std::size_t at = at_;
    const ExactNumber exponent = parse_sign();
    --depth_;
    require_finite(base, start);
    require_finite(exponent, at);
    if (exponent.magnitude.get_den() != 1)
      throw Refusal{at,
                    message("an exponent has to be a whole number; a root is written as sqrt(2)")};
    return raised(std::move(base), exponent, start);
  }

  ExactNumber raised(ExactNumber base, const ExactNumber& exponent, std::size_t start) const {
    const mpz_class times = exponent.magnitude.get_num();
    if (base.magnitude == 0 && exponent.negative && times != 0)
      throw Refusal{start, message("0 has no negative powers; infinity is written as inf")};
    base.negative = base.negative && mpz_odd_p(times.get_mpz_t()) != 0;
    if (base.magnitude == 1) return base;
    if (base.magnitude == 0) {
      if (times == 0) base = {.magnitude = 1};
      return base;
    }
    // A number of n bits is 2^(n-1) at least, so that its power has (n - 1) * times bits at least.
    const std::size_t longest =
        std::max(bits(base.magnitude.get_num()), bits(base.magnitude.get_den()));
    if ((longest - 1) * times > kMostBits) refuse_size(start);
    base.magnitude = power(base.magnitude, times.get_ui());
    if (exponent.negative) base.magnitude = 1 / base.magnitude;
    return checked(std::move(base), start);
  }

  ExactNumber parse_atom() {
    if (take("(")) return parse_brackets();
    skip_blanks();
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (is_digit(next, 10) || next == '.') return parse_literal();
    if (std::isalpha(static_cast<unsigned char>(next))) return parse_word();
    refuse(
        message("expected a number such as 0.1, 1/3, 2^-24, 0xff or 0x1.8p3, found {}", found()));
  }

  /// The rest after "(".
  ExactNumber parse_brackets() {
    if (++depth_ > kDeepest) refuse(message("this is nested too deeply"));
    ExactNumber inner = parse_sum();
    --depth_;
    if (!take(")")) refuse(message("expected \")\", found {}", found()));
    return inner;
  }

  ExactNumber parse_word() {
    take_module();
    std::string word = quoted_word();
    word = word.substr(1, word.size() - 2);
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
    if (is_number_function(word)) return parse_call(word);
    ExactNumber number;
    if (word == "inf" || word == "infinity")
      number.kind = ExactNumber::Kind::infinity;
    else if (word == "nan")
      number.kind = ExactNumber::Kind::nan;
    else if (const auto constant = named_constant(word))
      number = *constant;
    else
      refuse(unknown_word(word));
    at_ += word.size();
    return number;
  }

  /// "math.", as people are used to write before the names.
  void take_module() {
    for (const std::string_view module : {"math.", "numpy.", "np.", "torch."})
      if (text_.substr(at_).starts_with(module)) at_ += module.size();
  }

  ExactNumber parse_call(const std::string& name) {
    const std::size_t start = at_;
    at_ += name.size();
    if (!take("(")) refuse(message("expected \"(\" after {}, found {}", name, found()));
    const std::size_t at = at_;
    const ExactNumber argument = parse_brackets();
    require_finite(argument, at);
    FunctionResult value = call_function(name, argument);
    if (!value) throw Refusal{start, value.error()};
    return *std::move(value);
  }

  Message unknown_word(const std::string& word) const {
    const std::string nearest = nearest_name(word, number_words());
    if (!nearest.empty()) return message("{} is no number; did you mean {}?", found(), nearest);
    return message(
        "{} is no number; the words are inf and nan, the constants pi and e, the "
        "functions sqrt, exp, log, log2, log10 and abs",
        found());
  }

  ExactNumber parse_literal() {
    const std::size_t start = at_;
    const auto starts = [&](std::string_view low, std::string_view high) {
      return text_.substr(at_).starts_with(low) || text_.substr(at_).starts_with(high);
    };
    const int base = starts("0x", "0X") ? 16 : starts("0b", "0B") ? 2 : 10;
    if (base != 10) at_ += 2;
    std::string digits = take_digits(base);
    const std::size_t whole = digits.size();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      digits += take_digits(base);
    }
    if (digits.empty())
      refuse(message("expected {} digits, found {}",
                     base == 16  ? message("hexadecimal")
                     : base == 2 ? message("binary")
                                 : message("decimal"),
                     found()));
    const auto fraction = static_cast<long>(digits.size() - whole);
    const std::optional<long> exponent = take_exponent(base, start);

    ExactNumber number;
    number.magnitude = mpz_class(digits, base);
    if (number.magnitude == 0) return number;
    // digits * base^-fraction * radix^exponent, where a hexadecimal digit is four bits
    const long shift = exponent.value_or(0) - fraction * (base == 16 ? 4 : 1);
    const mpq_class factor =
        power(mpq_class(base == 10 ? 10 : 2), static_cast<unsigned long>(std::abs(shift)));
    if (shift < 0)
      number.magnitude /= factor;
    else
      number.magnitude *= factor;
    return checked(std::move(number), start);
  }

  bool is_digit_at(std::size_t at, int base) const {
    return at < text_.size() && is_digit(text_[at], base);
  }

  /// Digits with "_" between them.
  std::string take_digits(int base) {
    std::string digits;
    while (is_digit_at(at_, base)) {
      digits += text_[at_++];
      if (text_.substr(at_, 1) == "_" && is_digit_at(at_ + 1, base)) ++at_;
    }
    return digits;
  }

  /// The exponent that follows e, or p in hexadecimal and binary numbers.
  std::optional<long> take_exponent(int base, std::size_t start) {
    const char letter = base == 10 ? 'e' : 'p';
    if (at_ >= text_.size() || std::tolower(static_cast<unsigned char>(text_[at_])) != letter)
      return std::nullopt;
    ++at_;
    const bool negative = at_ < text_.size() && text_[at_] == '-';
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
    const std::string digits = take_digits(10);
    if (digits.empty())
      refuse(message("expected digits of the exponent after \"{}\", found {}", letter, found()));
    const mpz_class exponent(digits, 10);
    if (exponent > (base == 10 ? kLargestDecimalExponent : kLargestBinaryExponent))
      refuse_size(start);
    return negative ? -exponent.get_si() : exponent.get_si();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// The first byte's place, counted in characters from 1, as an editor shows it.
std::size_t position(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::ranges::count_if(
                 text.substr(0, at), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

Result<ExactNumber> parse_number(std::string_view text) {
  if (text.size() > kLongestNumber)
    return input_error("number", "it has {} characters; at most {} are read.", text.size(),
                       kLongestNumber);
  try {
    return NumberParser(text).parse();
  } catch (const Refusal& refusal) {
    std::string where = fmt::format("\"{}\"", text);
    const std::size_t place = position(text, refusal.at);
    return refusal.message.words().ends_with('?')
               ? input_error(std::move(where), "position {}: {}", place, refusal.message)
               : input_error(std::move(where), "position {}: {}.", place, refusal.message);
  }
}

}  // namespace nanscope
