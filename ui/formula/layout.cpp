#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/formula/formula.h"
#include "ui/formula/tree.h"

namespace nanscope {
namespace {

// In ems, of which Dear ImGui's size of a font is 1.21 (ascent and descent of Inter together).
constexpr float kLinesOfEm = 1 / 1.21f;
constexpr float kSignAscent = 0.76f, kSignDescent = 0.22f;  // of letters, digits, brackets
constexpr float kAxis = 0.35f;                              // of "-" above the base line
constexpr float kRule = 0.055f;                             // how thick bars are
constexpr float kFractionGap = 0.13f;
constexpr float kScriptSize = 0.72f, kLeastScript = 0.55f;  // of the base's, of the formula's
constexpr float kRaise = 0.40f, kLower = 0.18f;
constexpr float kSumSize = 1.35f;
// Blanks.
constexpr float kThin = 0.17f, kAroundBinary = 0.22f, kAroundRelation = 0.28f, kWord = 0.27f;

/// Puts a box into another one, its base line's left end at `at`.
void put(FormulaBox& into, FormulaBox part, ImVec2 at) {
  for (FormulaBox::Sign& sign : part.signs) {
    sign.at = {sign.at.x + at.x, sign.at.y + at.y};
    into.signs.push_back(std::move(sign));
  }
  for (FormulaBox::Line& line : part.lines) {
    for (ImVec2& point : line.points) point = {point.x + at.x, point.y + at.y};
    into.lines.push_back(std::move(line));
  }
  into.width = std::max(into.width, at.x + part.width);
  into.ascent = std::max(into.ascent, part.ascent - at.y);
  into.descent = std::max(into.descent, part.descent + at.y);
}

/// Sets nodes for text of one size; scripts are set by a smaller one.
class Setter {
 public:
  Setter(const Style& style, float size, float smallest)
      : style_(style), size_(size), em_(size * kLinesOfEm), smallest_(smallest) {}

  FormulaBox set(const FormulaNode& node) const;
  /// A row's parts beside one another.
  FormulaBox row(const std::vector<FormulaNode>& parts) const;
  /// What stands between two parts of a row, in pixels.
  float blank(const FormulaNode* before, const FormulaNode& node) const;

 private:
  Setter script() const { return {style_, std::max(size_ * kScriptSize, smallest_), smallest_}; }
  FormulaBox sign(const std::string& text, Face face, float relative_size = 1) const;
  FormulaBox fraction(const FormulaNode& node) const;
  FormulaBox root(const FormulaNode& node) const;
  FormulaBox scripts(const FormulaNode& node) const;
  FormulaBox group(const FormulaNode& node) const;
  FormulaBox sum() const;
  /// A bracket as high as what it is around.
  FormulaBox bracket(char kind, bool opens, float ascent, float descent) const;

  const Style& style_;
  float size_, em_, smallest_;
};

bool is_empty(const FormulaNode& node) { return node.parts.empty() && node.text.empty(); }

/// Of a row, its first or last part, and so on inward: what a neighbour stands beside.
const FormulaNode& outermost(const FormulaNode& node, bool last) {
  if (node.kind == FormulaKind::row && !node.parts.empty())
    return outermost(last ? node.parts.back() : node.parts.front(), last);
  if (node.kind == FormulaKind::script && !last) return outermost(node.parts.front(), last);
  return node;
}

bool is_operator(const FormulaNode* node) {
  return !node || node->kind == FormulaKind::binary || node->kind == FormulaKind::relation ||
         node->kind == FormulaKind::comma;
}

/// More than one letter: a word, or the name of a function.
bool is_word(const FormulaNode& node) {
  return node.kind == FormulaKind::upright && node.text.size() > 1 && node.text[0] >= 'A';
}

float Setter::blank(const FormulaNode* before, const FormulaNode& node) const {
  if (!before) return 0;
  if (node.kind == FormulaKind::comma) return 0;
  if (before->kind == FormulaKind::comma) return kThin * em_ * 1.3f;
  if (node.kind == FormulaKind::relation || before->kind == FormulaKind::relation)
    return kAroundRelation * em_;
  if (node.kind == FormulaKind::binary || before->kind == FormulaKind::binary)
    return kAroundBinary * em_;
  if (!node.apart) return 0;
  const bool words = is_word(outermost(*before, true)) || is_word(outermost(node, false));
  return (words ? kWord : kThin) * em_;
}

FormulaBox Setter::sign(const std::string& text, Face face, float relative_size) const {
  FormulaBox box;
  const float size = size_ * relative_size;
  box.signs.push_back({{0, 0}, text, face, size});
  box.width = text_extent(style_, face, size, text).x;
  box.ascent = kSignAscent * em_ * relative_size;
  box.descent = kSignDescent * em_ * relative_size;
  return box;
}

FormulaBox Setter::row(const std::vector<FormulaNode>& parts) const {
  FormulaBox box;
  float x = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const FormulaNode* before = i > 0 ? &parts[i - 1] : nullptr;
    // Behind a sign such as the minus of "-1" there is no blank.
    const bool after_unary = before && before->kind == FormulaKind::binary &&
                             is_operator(i > 1 ? &parts[i - 2] : nullptr);
    if (!after_unary) x += blank(before, parts[i]);
    FormulaBox part = set(parts[i]);
    const float width = part.width;
    put(box, std::move(part), {x, 0});
    x += width;
  }
  box.width = x;
  return box;
}

FormulaBox Setter::fraction(const FormulaNode& node) const {
  FormulaBox above = set(node.parts[0]), below = set(node.parts[1]);
  const float rule = kRule * em_, gap = kFractionGap * em_, side = 0.12f * em_;
  const float width = std::max(above.width, below.width) + 2 * side, axis = -kAxis * em_;
  FormulaBox box;
  const float above_x = (width - above.width) / 2, below_x = (width - below.width) / 2;
  const float above_y = axis - gap - above.descent, below_y = axis + gap + below.ascent;
  put(box, std::move(above), {above_x, above_y});
  put(box, std::move(below), {below_x, below_y});
  box.lines.push_back({{{side / 2, axis}, {width - side / 2, axis}}, rule});
  box.width = width;
  return box;
}

FormulaBox Setter::root(const FormulaNode& node) const {
  FormulaBox inside = set(node.parts[0]);
  const float rule = kRule * em_, gap = 0.12f * em_, hook = 0.62f * em_;
  const float top = -inside.ascent - gap, bottom = inside.descent;
  const float width = inside.width, descent = inside.descent;
  FormulaBox box;
  put(box, std::move(inside), {hook + 0.06f * em_, 0});
  const float middle = bottom - std::min(0.45f * em_, (bottom - top) * 0.45f);
  const float right = hook + width + 0.14f * em_;
  box.lines.push_back({{{0.04f * em_, middle + 0.06f * em_}, {0.16f * em_, middle}}, rule});
  box.lines.push_back({{{0.16f * em_, middle}, {0.34f * em_, bottom}}, rule * 1.7f});
  box.lines.push_back({{{0.34f * em_, bottom}, {hook, top}, {right, top}}, rule});
  box.width = right + 0.04f * em_;
  box.ascent = -top + rule;
  box.descent = std::max(descent, bottom);
  return box;
}

FormulaBox Setter::scripts(const FormulaNode& node) const {
  FormulaBox base = set(node.parts[0]);
  const Setter small = script();
  const float tall = std::max(0.0f, base.ascent - kSignAscent * em_);
  const float deep = std::max(0.0f, base.descent - kSignDescent * em_);
  const float right = base.width + 0.03f * em_;
  FormulaBox box = std::move(base);
  FormulaBox lower, raised;
  if (!is_empty(node.parts[1])) lower = small.set(node.parts[1]);
  if (!is_empty(node.parts[2])) raised = small.set(node.parts[2]);
  float low = kLower * em_ + deep, high = -kRaise * em_ - tall;
  // Where scripts are no smaller than can be read, the two would lie on one another.
  const float over = high + raised.descent - (low - lower.ascent);
  if (lower.width > 0 && raised.width > 0 && over > 0) {
    low += over / 2;
    high -= over / 2;
  }
  box.width = right + std::max(lower.width, raised.width) + 0.03f * em_;
  put(box, std::move(lower), {right, low});
  put(box, std::move(raised), {right, high});
  return box;
}

FormulaBox Setter::bracket(char kind, bool opens, float ascent, float descent) const {
  const float width = (kind == '|' ? 0.22f : 0.34f) * em_, rule = kRule * em_ * 1.2f;
  FormulaBox box;
  box.width = width;
  box.ascent = ascent;
  box.descent = descent;
  FormulaBox::Line line{{}, rule};
  const float middle = width / 2, reach = kind == '|' ? 0.0f : 0.11f * em_;
  const float near = opens ? middle + reach : middle - reach;  // towards what it is around
  const float far = opens ? middle - reach : middle + reach;
  if (kind == '[') {
    line.points = {{near, -ascent}, {far, -ascent}, {far, descent}, {near, descent}};
  } else if (kind == '|') {
    line.points = {{middle, -ascent}, {middle, descent}};
  } else {
    constexpr int kSteps = 12;
    for (int i = 0; i <= kSteps; ++i) {
      const float share = static_cast<float>(i) / kSteps;
      const float bend = std::sin(share * std::numbers::pi_v<float>);
      line.points.push_back({near + (far - near) * bend, -ascent + share * (ascent + descent)});
    }
  }
  box.lines.push_back(std::move(line));
  return box;
}

FormulaBox Setter::group(const FormulaNode& node) const {
  FormulaBox inside = set(node.parts[0]);
  if (node.text == "{}") return inside;
  const float over = inside.ascent, under = inside.descent;
  const bool high = over > 1.1f * kSignAscent * em_ || under > 1.6f * kSignDescent * em_;
  const std::string opening = node.text.substr(0, 1), closing = node.text.substr(1);
  FormulaBox box;
  FormulaBox left = high ? bracket(opening[0], true, over, under) : sign(opening, Face::regular);
  FormulaBox right = high ? bracket(opening[0], false, over, under) : sign(closing, Face::regular);
  float x = left.width;
  const float width = inside.width;
  put(box, std::move(left), {0, 0});
  put(box, std::move(inside), {x, 0});
  x += width;
  put(box, std::move(right), {x, 0});
  return box;
}

FormulaBox Setter::sum() const {
  // Its middle stands on the axis.
  FormulaBox box;
  put(box, sign("\u2211", Face::regular, kSumSize), {0, 0.12f * em_});
  box.width += 0.04f * em_;
  return box;
}

FormulaBox Setter::set(const FormulaNode& node) const {
  switch (node.kind) {
    case FormulaKind::row:
      return row(node.parts);
    case FormulaKind::variable:
      return sign(node.text, Face::italic);
    case FormulaKind::fraction:
      return fraction(node);
    case FormulaKind::root:
      return root(node);
    case FormulaKind::script:
      return scripts(node);
    case FormulaKind::group:
      return group(node);
    case FormulaKind::sum:
      return sum();
    case FormulaKind::upright:
    case FormulaKind::binary:
    case FormulaKind::relation:
    case FormulaKind::comma:
      break;
  }
  return sign(node.text, Face::regular);
}

bool has_script(const FormulaNode& node) {
  return node.kind == FormulaKind::script || std::ranges::any_of(node.parts, has_script);
}

/// No sign is smaller than the style's least text, and scripts are smaller than their base.
Setter setter(const Style& style, const FormulaNode& formula, float size) {
  const float least = style.least_text;
  size = std::max(size, has_script(formula) ? least / kScriptSize : least);
  return {style, size, std::max(size * kLeastScript, least)};
}

/// A row's parts; brackets that are wider than a line are parts beside what stands in them.
std::vector<FormulaNode> opened(const Setter& set, const std::vector<FormulaNode>& parts,
                                float room) {
  std::vector<FormulaNode> all;
  for (const FormulaNode& part : parts) {
    if (part.kind != FormulaKind::group || part.text == "{}" || set.set(part).width <= room) {
      all.push_back(part);
      continue;
    }
    const FormulaNode& inside = part.parts[0];
    const bool row = inside.kind == FormulaKind::row;
    all.push_back({FormulaKind::upright, part.text.substr(0, 1), {}, part.apart});
    for (FormulaNode& one : opened(set, row ? inside.parts : part.parts, room))
      all.push_back(std::move(one));
    all.push_back({FormulaKind::upright, part.text.substr(1)});
  }
  return all;
}

/// A row's parts in groups that stay on one line: a break is before an operator and behind a comma.
std::vector<std::vector<FormulaNode>> unbreakable(const std::vector<FormulaNode>& parts) {
  std::vector<std::vector<FormulaNode>> pieces;
  for (const FormulaNode& part : parts) {
    const bool breaks = part.kind == FormulaKind::binary || part.kind == FormulaKind::relation ||
                        (part.apart && is_word(outermost(part, false)));
    const bool after_comma = !pieces.empty() && pieces.back().back().kind == FormulaKind::comma;
    if (pieces.empty() || breaks || after_comma) pieces.emplace_back();
    pieces.back().push_back(part);
  }
  return pieces;
}

}  // namespace

FormulaBox set_formula(const Style& style, std::string_view source, float size) {
  const FormulaNode formula = parse_formula(source);
  return setter(style, formula, size).set(formula);
}

std::vector<FormulaBox> set_formula_lines(const Style& style, std::string_view source, float size,
                                          float room) {
  const FormulaNode formula = parse_formula(source);
  const Setter set = setter(style, formula, size);
  if (formula.kind != FormulaKind::row) return {set.set(formula)};
  std::vector<FormulaBox> lines;
  std::vector<FormulaNode> line;
  for (std::vector<FormulaNode>& piece : unbreakable(opened(set, formula.parts, room))) {
    std::vector<FormulaNode> longer = line;
    longer.insert(longer.end(), piece.begin(), piece.end());
    if (!line.empty() && set.row(longer).width > room) {
      lines.push_back(set.row(line));
      line = std::move(piece);
    } else {
      line = std::move(longer);
    }
  }
  lines.push_back(set.row(line));
  return lines;
}

float base_line(const Style& style, Face face, float size) {
  return font_of(style, face)->GetFontBaked(size)->Ascent;
}

void draw_formula(Canvas& canvas, const FormulaBox& box, ImVec2 corner, ImU32 color) {
  const ImVec2 origin{corner.x, corner.y + box.ascent};
  for (const FormulaBox::Sign& sign : box.signs)
    canvas.text({origin.x + sign.at.x,
                 origin.y + sign.at.y - base_line(canvas.style(), sign.face, sign.size)},
                sign.text, {sign.face, sign.size, color});
  for (const FormulaBox::Line& line : box.lines) {
    std::vector<ImVec2> points = line.points;
    for (ImVec2& point : points) point = {origin.x + point.x, origin.y + point.y};
    canvas.polyline(points, color, std::max(1.0f, line.width));
  }
}

}  // namespace nanscope
