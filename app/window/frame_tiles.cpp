#include "app/window/frame_tiles.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace nanscope {
namespace {

PixelBox common(const PixelBox& a, const PixelBox& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

PixelBox around(const PixelBox& a, const PixelBox& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

/// From Dear ImGui's coordinates to pixels, as its OpenGL backend has them.
class PixelGrid {
 public:
  explicit PixelGrid(const ImDrawData& data)
      : origin_(data.DisplayPos),
        scale_(data.FramebufferScale),
        all_{0, 0, static_cast<int>(data.DisplaySize.x * scale_.x + 0.5f),
             static_cast<int>(data.DisplaySize.y * scale_.y + 0.5f)} {}

  const PixelBox& all() const { return all_; }

  /// The pixels of a command's clip rectangle: the backend's numbers for glScissor().
  PixelBox clip_of(const ImDrawCmd& command) const {
    const ImVec4 rect = command.ClipRect;
    const float left = (rect.x - origin_.x) * scale_.x, top = (rect.y - origin_.y) * scale_.y;
    const float right = (rect.z - origin_.x) * scale_.x, bottom = (rect.w - origin_.y) * scale_.y;
    if (!(right > left) || !(bottom > top)) return {};
    const int x = static_cast<int>(left);
    const int below = static_cast<int>(static_cast<float>(all_.bottom) - bottom);
    const int low = all_.bottom - below;
    return common(
        all_, {x, low - static_cast<int>(bottom - top), x + static_cast<int>(right - left), low});
  }

  /// The clip rectangle of which the backend makes these pixels; quarters keep it from rounding to
  /// others.
  ImVec4 clip_rectangle(const PixelBox& box) const {
    const auto x = [&](int pixel, float more) {
      return (static_cast<float>(pixel) + more) / scale_.x + origin_.x;
    };
    const auto y = [&](int pixel, float more) {
      return (static_cast<float>(pixel) + more) / scale_.y + origin_.y;
    };
    return {x(box.left, 0.25f), y(box.top, -0.75f), x(box.right, 0.75f), y(box.bottom, -0.25f)};
  }

  /// The pixels that a triangle can reach.
  PixelBox reach(const ImVec2& a, const ImVec2& b, const ImVec2& c) const {
    return {pixel((std::min({a.x, b.x, c.x}) - origin_.x) * scale_.x, all_.right),
            pixel((std::min({a.y, b.y, c.y}) - origin_.y) * scale_.y, all_.bottom),
            pixel((std::max({a.x, b.x, c.x}) - origin_.x) * scale_.x, all_.right) + 1,
            pixel((std::max({a.y, b.y, c.y}) - origin_.y) * scale_.y, all_.bottom) + 1};
  }

 private:
  static int pixel(float place, int end) {
    return place > 0 ? static_cast<int>(std::min(place, static_cast<float>(end))) : 0;
  }

  ImVec2 origin_, scale_;
  PixelBox all_;
};

const ImDrawVert* vertices_of(const ImDrawList& list, const ImDrawCmd& command) {
  return list.VtxBuffer.Data + command.VtxOffset;
}

/// Calls `visit` with the three indices of every triangle of a command.
template <class Visit>
void for_each_triangle(const ImDrawList& list, const ImDrawCmd& command, const Visit& visit) {
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
  for (const ImDrawIdx* end = index + command.ElemCount; index < end; index += 3) visit(index);
}

/// Both halves of a product of 128 bits, as in wyhash: every bit of both numbers counts, and so
/// does their order.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0xa0761d6478bd642fu) * (b ^ 0xe7037ed1a0b428dbu);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t bits_of(const ImVec2& pair) {
  std::uint64_t bits = 0;
  static_assert(sizeof pair == sizeof bits);
  std::memcpy(&bits, &pair, sizeof bits);
  return bits;
}

std::vector<std::uint64_t> hashes_of(const ImVector<ImDrawVert>& vertices) {
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(vertices.Size));
  std::ranges::transform(vertices, hashes.begin(), [](const ImDrawVert& vertex) {
    return mixed(mixed(bits_of(vertex.pos), bits_of(vertex.uv)), vertex.col);
  });
  return hashes;
}

std::uint64_t hash_of(const ImDrawCmd& command, const PixelBox& clip) {
  const auto pair = [](int a, int b) {
    return static_cast<std::uint64_t>(a) << 32 | static_cast<std::uint64_t>(b);
  };
  return mixed(mixed(pair(clip.left, clip.top), pair(clip.right, clip.bottom)),
               static_cast<std::uint64_t>(command.GetTexID()));
}

/// Fewer boxes that cover the same, where drawing what lies between two costs less than one more
/// box. None has a pixel in common with another.
std::vector<PixelBox> merged(std::vector<PixelBox> boxes) {
  // A box costs as much as so many pixels: all vertices in it are transformed again.
  constexpr int kBoxCost = 8 * FrameTiles::kSide * FrameTiles::kSide;
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const PixelBox both = around(boxes[i], boxes[k]);
      if (common(boxes[i], boxes[k]).empty() &&
          both.area() > boxes[i].area() + boxes[k].area() + kBoxCost)
        continue;
      boxes[k] = both;
      boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;  // it may reach others now
      break;
    }
  return boxes;
}

/// A draw list that is cut.
struct CutList {
  ImVector<ImDrawCmd> commands;
  ImVector<ImDrawIdx> indices;
};

/// Appends what a command draws in the boxes.
void append_cut(const ImDrawList& list, const ImDrawCmd& command, const PixelGrid& grid,
                std::span<const PixelBox> boxes, CutList& cut) {
  const PixelBox clip = grid.clip_of(command);
  const ImDrawVert* vertices = vertices_of(list, command);
  for (const PixelBox& box : boxes) {
    const PixelBox part = common(clip, box);
    if (part.empty()) continue;
    const int first = cut.indices.Size;
    for_each_triangle(list, command, [&](const ImDrawIdx* index) {
      const PixelBox reach =
          grid.reach(vertices[index[0]].pos, vertices[index[1]].pos, vertices[index[2]].pos);
      if (common(reach, part).empty()) return;
      for (int i = 0; i < 3; ++i) cut.indices.push_back(index[i]);
    });
    if (cut.indices.Size == first) continue;
    ImDrawCmd one = command;
    one.ClipRect = grid.clip_rectangle(part);
    one.IdxOffset = static_cast<unsigned>(first);
    one.ElemCount = static_cast<unsigned>(cut.indices.Size - first);
    cut.commands.push_back(one);
  }
}

}  // namespace

FrameTiles::FrameTiles(const ImDrawData& data) {
  const PixelGrid grid(data);
  width_ = grid.all().right;
  height_ = grid.all().bottom;
  columns_ = (width_ + kSide - 1) / kSide;
  hashes_.resize(static_cast<std::size_t>(columns_) *
                 static_cast<std::size_t>((height_ + kSide - 1) / kSide));
  for (const ImDrawList* list : data.CmdLists) {
    const std::vector<std::uint64_t> vertex_hashes = hashes_of(list->VtxBuffer);
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const PixelBox clip = grid.clip_of(command);
      const std::uint64_t command_hash = hash_of(command, clip);
      const ImDrawVert* vertices = vertices_of(*list, command);
      const std::uint64_t* hashes = vertex_hashes.data() + command.VtxOffset;
      for_each_triangle(*list, command, [&](const ImDrawIdx* index) {
        const ImDrawIdx a = index[0], b = index[1], c = index[2];
        const PixelBox box = common(clip, grid.reach(vertices[a].pos, vertices[b].pos,  //
                                                     vertices[c].pos));
        if (box.empty()) return;
        const std::uint64_t hash = mixed(mixed(mixed(hashes[a], hashes[b]), hashes[c]),  //
                                         command_hash);
        for (int row = box.top / kSide; row <= (box.bottom - 1) / kSide; ++row)
          for (int column = box.left / kSide; column <= (box.right - 1) / kSide; ++column) {
            std::uint64_t& tile = hashes_[static_cast<std::size_t>(row * columns_ + column)];
            tile = mixed(tile, hash);
          }
      });
    }
  }
}

std::vector<PixelBox> FrameTiles::changes_since(const FrameTiles& before) const {
  if (width_ != before.width_ || height_ != before.height_) return {{0, 0, width_, height_}};
  std::vector<PixelBox> boxes;
  const auto changed = [&](int row, int column) {
    const auto tile = static_cast<std::size_t>(row * columns_ + column);
    return hashes_[tile] != before.hashes_[tile];
  };
  for (int top = 0; top < height_; top += kSide)
    for (int column = 0; column < columns_; ++column) {
      const int first = column;
      while (column < columns_ && changed(top / kSide, column)) ++column;
      if (column == first) continue;
      const PixelBox run{first * kSide, top, std::min(column * kSide, width_),
                         std::min(top + kSide, height_)};
      boxes.push_back(run);
    }
  return merged(std::move(boxes));
}

void cut_to(ImDrawData& data, std::span<const PixelBox> boxes) {
  const PixelGrid grid(data);
  for (ImDrawList* list : data.CmdLists) {
    CutList cut;
    for (const ImDrawCmd& command : list->CmdBuffer) append_cut(*list, command, grid, boxes, cut);
    list->CmdBuffer.swap(cut.commands);
    list->IdxBuffer.swap(cut.indices);
  }
  const auto rest = std::remove_if(data.CmdLists.begin(), data.CmdLists.end(),
                                   [](const ImDrawList* list) { return list->CmdBuffer.empty(); });
  data.CmdLists.resize(static_cast<int>(rest - data.CmdLists.begin()));
}

}  // namespace nanscope
