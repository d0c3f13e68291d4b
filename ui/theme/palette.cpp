#include <cstdint>

#include "ui/theme/theme.h"

// The colours. Series colours are Okabe & Ito's, darkened on light and lightened on dark grounds
// until they reach a contrast of 3:1 (a test measures it). The formats' further ones were searched
// for the greatest least distance in Oklab, to who sees all colours and to who does not.
namespace nanscope {
namespace {

constexpr ImVec4 rgb(std::uint32_t hex, float alpha = 1) {
  return {static_cast<float>(hex >> 16 & 255) / 255.0f, static_cast<float>(hex >> 8 & 255) / 255.0f,
          static_cast<float>(hex & 255) / 255.0f, alpha};
}

constexpr Palette kLight{
    .window = rgb(0xf6f7f9),
    .surface = rgb(0xffffff),
    .raised = rgb(0xebeef2),
    .border = rgb(0xc9cfd7),
    .grid = rgb(0xe4e8ed),
    .text = rgb(0x1c232b),
    .muted = rgb(0x56616d),
    .accent = rgb(0x0b62b0),
    .on_accent = rgb(0xffffff),
    .measured = rgb(0x0072b2),
    .predicted = rgb(0x1c232b),
    .limit = rgb(0x8a4b00),
    .good = rgb(0x00734f),
    .caution = rgb(0x8a5a00),
    .bad = rgb(0xb3261e),
    .series = {rgb(0x0072b2), rgb(0xd55e00), rgb(0x008a63), rgb(0xb0568d), rgb(0xa87000),
               rgb(0x5b6670)},
    .formats = {rgb(0x0072b2), rgb(0xd55e00), rgb(0x008a63), rgb(0xb0568d), rgb(0xa87000),
                rgb(0x5b6670), rgb(0x050798), rgb(0x83000d), rgb(0x9e41fe), rgb(0x5317d7),
                rgb(0x8688db), rgb(0x6b3371), rgb(0x864a00), rgb(0x9b8a93)},
};

constexpr Palette kDark{
    .window = rgb(0x14181d),
    .surface = rgb(0x191e24),
    .raised = rgb(0x252c35),
    .border = rgb(0x3a424b),
    .grid = rgb(0x2b323a),
    .text = rgb(0xdde3ea),
    .muted = rgb(0x9aa6b2),
    .accent = rgb(0x56b4e9),
    .on_accent = rgb(0x0b1117),
    .measured = rgb(0x56b4e9),
    .predicted = rgb(0xe8edf2),
    .limit = rgb(0xe0b070),
    .good = rgb(0x35c08f),
    .caution = rgb(0xe6b54a),
    .bad = rgb(0xff7b72),
    .series = {rgb(0x56b4e9), rgb(0xf08c3c), rgb(0x2fbf8f), rgb(0xdc90ba), rgb(0xf0e442),
               rgb(0xaab4be)},
    .formats = {rgb(0x56b4e9), rgb(0xf08c3c), rgb(0x2fbf8f), rgb(0xdc90ba), rgb(0xf0e442),
                rgb(0xaab4be), rgb(0xa505fd), rgb(0xd51052), rgb(0x0c759b), rgb(0x10fea9),
                rgb(0x8976d8), rgb(0xaf7c09), rgb(0xf305be), rgb(0x4a9582)},
};

// For a lecture hall: black on white, colours of at least 4.5:1.
constexpr Palette kProjector{
    .window = rgb(0xffffff),
    .surface = rgb(0xffffff),
    .raised = rgb(0xe9edf2),
    .border = rgb(0x767d86),
    .grid = rgb(0xd3d9e0),
    .text = rgb(0x000000),
    .muted = rgb(0x2e353d),
    .accent = rgb(0x00529b),
    .on_accent = rgb(0xffffff),
    .measured = rgb(0x00609c),
    .predicted = rgb(0x000000),
    .limit = rgb(0x7a3e00),
    .good = rgb(0x00633f),
    .caution = rgb(0x7a4b00),
    .bad = rgb(0xb00014),
    .series = {rgb(0x00609c), rgb(0xbf4600), rgb(0x00714c), rgb(0x9c3575), rgb(0x855700),
               rgb(0x444c55)},
    .formats = {rgb(0x00609c), rgb(0xbf4600), rgb(0x00714c), rgb(0x9c3575), rgb(0x855700),
                rgb(0x444c55), rgb(0x9441fd), rgb(0x19047c), rgb(0x6b0003), rgb(0x4f034f),
                rgb(0x5107d4), rgb(0x660599), rgb(0x6970a0), rgb(0xba31cf)},
};

ImVec4 towards(const ImVec4& color, const ImVec4& ground, float share) {
  return {color.x + (ground.x - color.x) * share, color.y + (ground.y - color.y) * share,
          color.z + (ground.z - color.z) * share, color.w};
}

}  // namespace

const Palette& palette_of(ThemeId theme) {
  switch (theme) {
    case ThemeId::dark:
      return kDark;
    case ThemeId::projector:
      return kProjector;
    case ThemeId::light:
      break;
  }
  return kLight;
}

Palette faded(Palette palette, float share) {
  const ImVec4 ground = palette.surface;
  const auto fade = [&](ImVec4& color) { color = towards(color, ground, share); };
  for (ImVec4* color : {&palette.border, &palette.grid, &palette.text, &palette.muted,
                        &palette.accent, &palette.measured, &palette.predicted, &palette.limit,
                        &palette.good, &palette.caution, &palette.bad})
    fade(*color);
  for (ImVec4& color : palette.series) fade(color);
  for (ImVec4& color : palette.formats) fade(color);
  palette.fading = 1 - (1 - palette.fading) * (1 - share);
  return palette;
}

ImVec4 veiled(const ImVec4& color, const Palette& palette) {
  return towards(color, palette.surface, palette.fading);
}

}  // namespace nanscope
