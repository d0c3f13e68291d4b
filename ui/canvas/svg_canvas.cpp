#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "ui/canvas/canvas.h"

namespace nanscope {
namespace {

/// "#0072b2", and how opaque it is.
struct SvgColor {
  std::string hex;
  float alpha = 1;
};

SvgColor svg_color(ImU32 color) {
  const auto channel = [&](int shift) { return color >> shift & 255u; };
  return {fmt::format("#{:02x}{:02x}{:02x}", channel(IM_COL32_R_SHIFT), channel(IM_COL32_G_SHIFT),
                      channel(IM_COL32_B_SHIFT)),
          static_cast<float>(channel(IM_COL32_A_SHIFT)) / 255.0f};
}

/// ` fill="#0072b2"`, with the opacity where there is one.
std::string paint(std::string_view what, ImU32 color) {
  const SvgColor svg = svg_color(color);
  const char* suffix = what == "stop" ? "-color" : "";
  std::string words = fmt::format(" {}{}=\"{}\"", what, suffix, svg.hex);
  if (svg.alpha < 1) words += fmt::format(" {}-opacity=\"{:.3g}\"", what, svg.alpha);
  return words;
}

std::string escaped(std::string_view words) {
  std::string result;
  for (const char c : words) switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += c;
    }
  return result;
}

std::string points_text(std::span<const ImVec2> points) {
  std::string words;
  for (const ImVec2& point : points)
    words += fmt::format("{}{:.7g},{:.7g}", words.empty() ? "" : " ", point.x, point.y);
  return words;
}

std::string rectangle(ImVec2 low, ImVec2 high, float rounding) {
  std::string words = fmt::format(R"(<rect x="{:.7g}" y="{:.7g}" width="{:.7g}" height="{:.7g}")",
                                  low.x, low.y, high.x - low.x, high.y - low.y);
  if (rounding > 0) words += fmt::format(" rx=\"{:.7g}\"", rounding);
  return words;
}

/// A face as SVG has it. Dear ImGui's size of a font is the height of a line, ascent and descent
/// together; SVG's is the em.
struct SvgFace {
  const char* family;
  float ems_of_line;  ///< of the font file's own ascent and descent
};

SvgFace svg_face(Face face) {
  if (face == Face::mono)
    return {"'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace", 1.32f};
  return {"Inter, 'Helvetica Neue', Arial, sans-serif", 1.21f};
}

const char* anchor_word(Anchor anchor) {
  switch (anchor) {
    case Anchor::middle:
      return "middle";
    case Anchor::right:
      return "end";
    case Anchor::left:
      break;
  }
  return "start";
}

}  // namespace

SvgCanvas::SvgCanvas(const Style& style, ImVec2 size) : Canvas(style), size_(size) {
  SvgCanvas::fill({0, 0}, size, ink(style.palette.surface), 0);
}

void SvgCanvas::fill(ImVec2 low, ImVec2 high, ImU32 color, float rounding) {
  // Renderers would leave hairlines between rectangles that touch.
  const char* edges = rounding > 0 ? "" : R"( shape-rendering="crispEdges")";
  body_ += rectangle(low, high, rounding) + paint("fill", color) + edges + "/>\n";
}

void SvgCanvas::fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) {
  // Named by what it is: where documents are nested, the same name is the same gradient.
  const std::string name = fmt::format("fade-{:08x}-{:08x}", left, right);
  if (defined_.insert(name).second)
    body_ += fmt::format(
        R"(<linearGradient id="{}"><stop offset="0"{}/><stop offset="1"{}/></linearGradient>)",
        name, paint("stop", left), paint("stop", right));
  body_ += rectangle(low, high, 0) + fmt::format(" fill=\"url(#{})\"/>\n", name);
}

void SvgCanvas::outline(ImVec2 low, ImVec2 high, ImU32 color, float width, float rounding) {
  body_ += rectangle(low, high, rounding) + paint("stroke", color) +
           fmt::format(" fill=\"none\" stroke-width=\"{:.7g}\"/>\n", width);
}

void SvgCanvas::path(std::span<const ImVec2> points, ImU32 color, float width,
                     std::string_view dash) {
  body_ += fmt::format(R"(<polyline points="{}" fill="none"{} stroke-width="{:.7g}"{}/>)",
                       points_text(points), paint("stroke", color), width, dash);
  body_ += '\n';
}

void SvgCanvas::run(std::span<const ImVec2> points, ImU32 color, float width) {
  path(points, color, width, "");
}

void SvgCanvas::dashed_run(std::span<const ImVec2> points, ImU32 color, float width, Dash dash,
                           double skipped) {
  const float on = units(style(), dash.on), off = units(style(), dash.off);
  std::string pattern = fmt::format(R"( stroke-dasharray="{:.7g} {:.7g}")", on, off);
  if (const double phase = std::fmod(skipped, on + off); phase > 0)
    pattern += fmt::format(R"( stroke-dashoffset="{:.7g}")", phase);
  path(points, color, width, pattern);
}

void SvgCanvas::area(std::span<const ImVec2> upper, std::span<const ImVec2> lower, ImU32 color) {
  std::vector<ImVec2> outline(upper.begin(), upper.end());
  outline.insert(outline.end(), lower.rbegin(), lower.rend());
  polygon(outline, color);
}

void SvgCanvas::begin_clip(ImVec2 low, ImVec2 high) {
  // Named by what it is, as a fade.
  const std::string name =
      fmt::format("clip-{:.7g}-{:.7g}-{:.7g}-{:.7g}", low.x, low.y, high.x, high.y);
  if (defined_.insert(name).second)
    body_ += fmt::format("<clipPath id=\"{}\">{}/></clipPath>\n", name, rectangle(low, high, 0));
  body_ += fmt::format("<g clip-path=\"url(#{})\">\n", name);
}

void SvgCanvas::end_clip() { body_ += "</g>\n"; }

void SvgCanvas::polygon(std::span<const ImVec2> points, ImU32 color) {
  body_ += fmt::format("<polygon points=\"{}\"{}/>\n", points_text(points), paint("fill", color));
}

void SvgCanvas::text(ImVec2 at, std::string_view words, const TextLook& look) {
  const SvgFace face = svg_face(look.face);
  // Where Dear ImGui puts the baseline of a font.
  const float ascent = font_of(style(), look.face)->GetFontBaked(look.size)->Ascent;
  body_ += fmt::format(
      R"(<text x="{:.7g}" y="{:.7g}" font-family="{}" font-size="{:.5g}" font-weight="{}"{} )"
      R"(text-anchor="{}" xml:space="preserve"{}>{}</text>)",
      at.x, at.y + ascent, face.family, look.size / face.ems_of_line,
      look.face == Face::semibold ? 600 : 400,
      look.face == Face::italic ? R"( font-style="italic")" : "", anchor_word(look.anchor),
      paint("fill", look.color), escaped(words));
  body_ += '\n';
}

void SvgCanvas::nest(const std::string& document, ImVec2 at) {
  constexpr std::string_view kOpening = "<svg ";
  body_ += fmt::format(R"(<svg x="{:.7g}" y="{:.7g}" {})", at.x, at.y,
                       std::string_view(document).substr(kOpening.size()));
}

void SvgCanvas::note(std::string_view element, std::string_view attributes,
                     std::string_view words) {
  body_ += fmt::format("<{0}{1}>{2}</{0}>\n", element, attributes, escaped(words));
}

bool SvgCanvas::visible(ImVec2 low, ImVec2 high) const {
  return high.x >= 0 && high.y >= 0 && low.x <= size_.x && low.y <= size_.y;
}

std::string SvgCanvas::document() const {
  return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.7g}" height="{1:.7g}" )"
                     R"(viewBox="0 0 {0:.7g} {1:.7g}">)",
                     size_.x, size_.y) +
         "\n" + body_ + "</svg>\n";
}

}  // namespace nanscope
