#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "engine/optimizers/equation.h"

namespace nanscope {

/// Reads an equation from left to right into its nodes.
class EquationReader {
 public:
  EquationReader(std::string_view text, Equation& equation) : text_(text), equation_(equation) {}

  void read() {
    do {
      const int place = place_of(name());
      expect('=');
      equation_.assignments_.push_back({place, sum()});
    } while (take(';'));
    if (at_ < text_.size()) wrong();
  }

 private:
  using Kind = Equation::Kind;
  using Node = Equation::Node;

  [[noreturn]] void wrong() const {
    throw std::logic_error("no equation: " + std::string(text_.substr(at_)));
  }
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  char next() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char sign) {
    if (next() != sign) return false;
    ++at_;
    return true;
  }
  void expect(char sign) {
    if (!take(sign)) wrong();
  }
  std::string_view name() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (at_ == begin) wrong();
    return text_.substr(begin, at_ - begin);
  }
  int place_of(std::string_view name) {
    if (const int place = equation_.place(name); place >= 0) return place;
    equation_.names_.emplace_back(name);
    return static_cast<int>(equation_.names_.size()) - 1;
  }
  int add(Node node, std::size_t begin) {
    node.text = text_.substr(begin, at_ - begin);
    equation_.nodes_.push_back(std::move(node));
    return static_cast<int>(equation_.nodes_.size()) - 1;
  }
  template <class Read>
  Equation::Part part(char sign, Read read) {
    skip_blanks();
    const std::size_t begin = at_;
    const int node = read();
    return {node, sign, std::string(text_.substr(begin, at_ - begin))};
  }
  /// A node of several parts; of one it is that one.
  int joined(Kind kind, std::vector<Equation::Part> parts, std::size_t begin) {
    if (parts.size() == 1) return parts.front().node;
    const bool has_norm = std::ranges::any_of(parts, [&](const Equation::Part& one) {
      return equation_.nodes_[static_cast<std::size_t>(one.node)].kind == Kind::norm;
    });
    return add({.kind = kind, .parts = std::move(parts), .has_norm = has_norm}, begin);
  }

  int sum() {
    skip_blanks();
    const std::size_t begin = at_;
    std::vector<Equation::Part> parts{part('+', [&] { return product(); })};
    while (next() == '+' || next() == '-') {
      const char sign = text_[at_++];
      parts.push_back(part(sign, [&] { return product(); }));
    }
    return joined(Kind::sum, std::move(parts), begin);
  }
  bool begins_factor(char sign) const {
    return std::isalnum(static_cast<unsigned char>(sign)) || sign == '(' ||
           (sign == '|' && !within_bars_);
  }
  int product() {
    const std::size_t begin = at_;
    std::vector<Equation::Part> parts{part('*', [&] { return power(); })};
    // Blanks in front of what does not belong to it are left to others.
    for (std::size_t end = at_;; end = at_) {
      const bool divides = take('/');
      if (!divides && !begins_factor(next())) {
        at_ = end;
        return joined(Kind::product, std::move(parts), begin);
      }
      parts.push_back(part(divides ? '/' : '*', [&] { return power(); }));
    }
  }
  int power() {
    const std::size_t begin = at_;
    const Equation::Part base = part('+', [&] { return factor(); });
    if (at_ >= text_.size() || text_[at_] != '^') return base.node;
    ++at_;
    return add({.kind = Kind::power, .parts = {base, part('+', [&] { return factor(); })}}, begin);
  }
  int factor() {
    const std::size_t begin = at_;
    if (take('(')) {
      const bool bars = std::exchange(within_bars_, false);
      const int inner = sum();
      within_bars_ = bars;
      expect(')');
      return inner;
    }
    if (take('|')) {
      within_bars_ = true;
      std::vector<Equation::Part> parts{part('+', [&] { return sum(); })};
      within_bars_ = false;
      expect('|');
      return add({.kind = Kind::norm, .parts = std::move(parts)}, begin);
    }
    if (std::isdigit(static_cast<unsigned char>(next()))) return number();
    const std::string_view word = name();
    constexpr std::pair<std::string_view, Kind> kFunctions[] = {{"sqrt", Kind::root},
                                                                {"sign", Kind::sign},
                                                                {"max", Kind::largest},
                                                                {"orthogonal", Kind::orthogonal}};
    const auto* function =
        std::ranges::find(kFunctions, word, &std::pair<std::string_view, Kind>::first);
    if (function == std::end(kFunctions) || at_ >= text_.size() || text_[at_] != '(')
      return add({.kind = Kind::name, .place = place_of(word)}, begin);
    if (function->second == Kind::orthogonal) place_of("eps");  // which it reads, too
    return call(function->second, begin);
  }
  int call(Kind kind, std::size_t begin) {
    expect('(');
    std::vector<Equation::Part> parts;
    do parts.push_back(part('+', [&] { return sum(); }));
    while (take(','));
    expect(')');
    return add({.kind = kind, .parts = std::move(parts)}, begin);
  }
  int number() {
    const std::size_t begin = at_;
    double value = 0;
    const char* end = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value).ptr;
    at_ = static_cast<std::size_t>(end - text_.data());
    return add({.kind = Kind::number, .number = value}, begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool within_bars_ = false;  ///< the next bar closes
  Equation& equation_;
};

Equation::Equation(std::string_view text) { EquationReader(text, *this).read(); }

int Equation::place(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
}

}  // namespace nanscope
