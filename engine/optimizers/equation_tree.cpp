#include "engine/optimizers/equation_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace nanscope {
namespace {

template <class Function>
constexpr EquationFunction of_one(std::string_view name, Function function) {
  return {name, function, function};
}

constexpr auto kFunctions = std::to_array<EquationFunction>({
    of_one("sqrt", [](auto x) { return std::sqrt(x); }),
    of_one("exp", [](auto x) { return std::exp(x); }),
    of_one("log", [](auto x) { return std::log(x); }),
    of_one("tanh", [](auto x) { return std::tanh(x); }),
    of_one("sigmoid", [](auto x) { return 1 / (1 + std::exp(-x)); }),
    of_one("sign", [](auto x) { return x > 0   ? 1
                                       : x < 0 ? -1
                                               : x; }),
    of_one("Phi", [](auto x) { return std::erfc(-x / std::numbers::sqrt2_v<decltype(x)>) / 2; }),
    of_one("phi",
           [](auto x) {
             using Number = decltype(x);
             return std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<Number> /
                    std::numbers::sqrt2_v<Number>;
           }),
});

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Reads an equation from left to right into its nodes.
class EquationReader {
 public:
  explicit EquationReader(std::string_view text) : text_(text) { tree_.text = text; }

  EquationTree read() {
    do {
      const int place = place_of(word());
      expect('=');
      skip_blanks();
      const std::size_t begin = at_;
      const int node = sum();
      tree_.assignments.push_back({place, node, begin, at_});
    } while (take(';'));
    if (at_ < text_.size()) wrong();
    return std::move(tree_);
  }

 private:
  using Kind = EquationTree::Kind;
  using Node = EquationTree::Node;
  using Part = EquationTree::Part;

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
  std::string_view word() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    if (at_ == begin || is_digit(text_[begin])) wrong();
    return text_.substr(begin, at_ - begin);
  }
  int place_of(std::string_view name) {
    if (const int place = tree_.place(name); place >= 0) return place;
    tree_.names.emplace_back(name);
    return static_cast<int>(tree_.names.size()) - 1;
  }
  int add(Node node, std::size_t begin) {
    node.text = text_.substr(begin, at_ - begin);
    tree_.nodes.push_back(std::move(node));
    return static_cast<int>(tree_.nodes.size()) - 1;
  }
  template <class Read>
  Part part(char sign, Read read) {
    skip_blanks();
    const std::size_t begin = at_;
    const int node = read();
    return {node, sign, std::string(text_.substr(begin, at_ - begin))};
  }
  /// A node of several parts; of one it is that one.
  int joined(Kind kind, std::vector<Part> parts, std::size_t begin) {
    if (parts.size() == 1 && parts.front().sign != '-') return parts.front().node;
    const bool has_norm = std::ranges::any_of(parts, [&](const Part& one) {
      return tree_.nodes[static_cast<std::size_t>(one.node)].kind == Kind::norm;
    });
    return add({.kind = kind, .parts = std::move(parts), .has_norm = has_norm}, begin);
  }

  int sum() {
    skip_blanks();
    const std::size_t begin = at_;
    const char first = take('-') ? '-' : '+';
    std::vector<Part> parts{part(first, [&] { return product(); })};
    while (next() == '+' || next() == '-') {
      const char sign = text_[at_++];
      parts.push_back(part(sign, [&] { return product(); }));
    }
    return joined(Kind::sum, std::move(parts), begin);
  }
  bool begins_factor(char sign) const {
    return is_letter(sign) || sign == '(' || (sign == '|' && !within_bars_);
  }
  int product() {
    const std::size_t begin = at_;
    std::vector<Part> parts{part('*', [&] { return power(); })};
    // Blanks in front of what does not belong to it are left to others.
    for (std::size_t end = at_;; end = at_) {
      const bool divides = take('/');
      if (!divides && (!begins_factor(next()) || at_ == end)) {
        at_ = end;
        return joined(Kind::product, std::move(parts), begin);
      }
      if (!divides) tree_.marks.push_back({end, at_ - end});
      parts.push_back(part(divides ? '/' : '*', [&] { return power(); }));
    }
  }
  int power() {
    const std::size_t begin = at_;
    const Part base = part('+', [&] { return factor(); });
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
    if (take('|')) return norm(begin);
    if (is_digit(next())) return number();
    const std::string_view name = word();
    if (at_ < text_.size() && text_[at_] == '(') {
      if (name == "max") return call({.kind = Kind::largest}, 2, begin);
      if (name == "orthogonal") {
        place_of("eps");  // which it reads, too
        return call({.kind = Kind::orthogonal}, 2, begin);
      }
      const auto* function = std::ranges::find(kFunctions, name, &EquationFunction::name);
      if (function != kFunctions.end())
        return call({.kind = Kind::function, .function = function}, 1, begin);
    }
    tree_.marks.push_back({begin, at_ - begin});
    return add({.kind = Kind::name, .place = place_of(name)}, begin);
  }
  /// Behind its first bar. In words it is one thing.
  int norm(std::size_t begin) {
    const std::size_t marks = tree_.marks.size();
    within_bars_ = true;
    std::vector<Part> parts{part('+', [&] { return sum(); })};
    within_bars_ = false;
    expect('|');
    tree_.marks.resize(marks);
    tree_.marks.push_back({begin, at_ - begin});
    return add({.kind = Kind::norm, .parts = std::move(parts)}, begin);
  }
  int call(Node node, std::size_t arguments, std::size_t begin) {
    expect('(');
    do node.parts.push_back(part('+', [&] { return sum(); }));
    while (take(','));
    expect(')');
    if (node.parts.size() != arguments) wrong();
    return add(std::move(node), begin);
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
  EquationTree tree_;
};

}  // namespace

EquationTree read_equation(std::string_view text) { return EquationReader(text).read(); }

std::span<const EquationTree::Assignment> EquationTree::up_to(std::string_view of) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < assignments.size(); ++i)
    if (name(assignments[i].place) == of) count = i + 1;
  return std::span(assignments).first(count);
}

int EquationTree::place(std::string_view name) const {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

}  // namespace nanscope
