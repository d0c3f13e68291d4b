#include "ui/labs/tensors/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/canvas/number_at.h"
#include "ui/labs/tensors/looked_at.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr float kSightHeight = 0.2f;  // where a step that is scrolled to stands in the page

/// An invisible item over a part of a card, which the keyboard reaches.
bool item_over(const std::string& id, ImVec2 corner, ImVec2 low, ImVec2 high) {
  ImGui::SetCursorScreenPos({corner.x + low.x, corner.y + low.y});
  return ImGui::InvisibleButton(id.c_str(),
                                {std::max(1.0f, high.x - low.x), std::max(1.0f, high.y - low.y)},
                                ImGuiButtonFlags_EnableNav);
}

ImVec2 pointer_in(ImVec2 corner) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  return {mouse.x - corner.x, mouse.y - corner.y};
}

/// Whether a card is seen from top to bottom.
bool in_sight(const CardLayout& card, ImVec2 corner) {
  const float top = ImGui::GetWindowPos().y, bottom = top + ImGui::GetWindowSize().y;
  return corner.y + card.low.y >= top && corner.y + card.high.y <= bottom;
}

/// The last place at which a window can begin along a dimension and still be full.
std::int64_t last_begin(const TensorStep& step, const GridLayout& grid, std::size_t dimension) {
  return std::max<std::int64_t>(step.shape[dimension] - grid.shown[dimension], 0);
}

}  // namespace

void TensorsPage::show(const ViewSpec& view, const TensorChain& chain) {
  if (const int step = step_of(view); step != chosen_step_) choose_step(step);
  pinned_ = element_of(view, chain);
  if (GridBegins begins = begins_of(view, chain); begins != begins_) {
    begins_ = std::move(begins);
    begins_moved_ = true;
  }
}

ViewSpec TensorsPage::looked_at(ViewSpec view) const {
  view.step.reset();
  if (chosen_step_ >= 0) view.step = chosen_step_ + 1;
  view.element.reset();
  if (pinned_) view.element = view_element(*pinned_);
  view.windows = view_windows(begins_);
  return view;
}

/// A track moves the window to where the pointer drags it; the arrow keys by one, Page Up and Page
/// Down by what is shown.
void TensorsPage::scroll(const CardLayout& card, const WindowScroll& scroll, ImVec2 corner) {
  const std::size_t d = scroll.dimension;
  const TensorStep& step = chain_->steps[static_cast<std::size_t>(card.step)];
  const std::int64_t last = last_begin(step, card.grid, d), shown = card.grid.shown[d];
  item_over(fmt::format("scroll {} {}", card.step + 1, d), corner, scroll.low, scroll.high);
  std::int64_t& begin = begins_[static_cast<std::size_t>(card.step)][d];
  std::int64_t wanted = begin;
  if (ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    const float thumb = scroll.thumb_high.x - scroll.thumb_low.x;
    const float room = std::max(1.0f, scroll.high.x - scroll.low.x - thumb);
    const float share = (pointer_in(corner).x - scroll.low.x - thumb / 2) / room;
    wanted = std::llround(static_cast<double>(share) * static_cast<double>(last));
  }
  if (ImGui::IsItemFocused()) {
    const ImGuiID id = ImGui::GetItemID();
    for (const auto& [key, by] : {std::pair<ImGuiKey, std::int64_t>{ImGuiKey_LeftArrow, -1},
                                  {ImGuiKey_RightArrow, 1},
                                  {ImGuiKey_PageUp, -shown},
                                  {ImGuiKey_PageDown, shown}}) {
      if (ImGui::GetIO().KeyCtrl) break;  // the window's own keys
      ImGui::SetKeyOwner(key, id);        // or the focus would move on
      if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) wanted = begin + by;
    }
  }
  wanted = std::clamp<std::int64_t>(wanted, 0, last);
  begins_moved_ = begins_moved_ || wanted != begin;
  begin = wanted;
}

/// Dragging a grid that is not shown whole moves the window over the tensor.
void TensorsPage::drag_window(const CardLayout& card) {
  const GridLayout& grid = card.grid;
  if (!grid.cropped || !ImGui::IsItemActive() || !ImGui::IsMouseDragging(ImGuiMouseButton_Left))
    return;
  const TensorStep& step = chain_->steps[static_cast<std::size_t>(card.step)];
  Index& begin = begins_[static_cast<std::size_t>(card.step)];
  const ImVec2 moved = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left);
  bool any = false;
  const std::size_t rank = begin.size();
  for (std::size_t d = rank >= 2 ? rank - 2 : 0; d < rank; ++d) {
    const ImVec2 pitch = grid.pitch[d];
    const float steps = pitch.x > 0 ? moved.x / pitch.x : moved.y / pitch.y;
    const std::int64_t next = std::clamp<std::int64_t>(
        grid.begin[d] - static_cast<std::int64_t>(steps), 0, last_begin(step, grid, d));
    any = any || next != begin[d];
    begin[d] = next;
  }
  if (!any) return;
  begins_moved_ = true;
  ImGui::ResetMouseDragDelta(ImGuiMouseButton_Left);
}

/// Moves the window so that the chosen element is in it.
void TensorsPage::reveal(const CardLayout& card) {
  if (!pinned_ || pinned_->step != card.step || card.grid.local(pinned_->index)) return;
  const TensorStep& step = chain_->steps[static_cast<std::size_t>(card.step)];
  Index& begin = begins_[static_cast<std::size_t>(card.step)];
  for (std::size_t d = 0; d < begin.size(); ++d) {
    const std::int64_t at = pinned_->index[d], shown = card.grid.shown[d];
    if (at < card.grid.begin[d]) begin[d] = at;
    if (at >= card.grid.begin[d] + shown)
      begin[d] = std::min(at - shown + 1, last_begin(step, card.grid, d));
  }
  begins_moved_ = true;
}

void TensorsPage::choose_step(int step) {
  chosen_step_ = step;
  wanted_step_ = step;
}

int TensorsPage::only_step(const TensorChain& chain) const {
  const int steps = static_cast<int>(chain.steps.size());
  return chosen_step_ < 0 && shows_refusal(chain) ? steps : step_in_sight(chain);
}

bool TensorsPage::moving() const { return motion_.moving(ImGui::GetTime()); }

std::optional<MemoryCell> TensorsPage::lit() const {
  if (hovered_memory_) return hovered_memory_;
  const std::optional<TensorCell> cell = selected();
  if (!cell || !chain_) return std::nullopt;
  return memory_cell(*chain_, chain_->steps[static_cast<std::size_t>(cell->step)], cell->index);
}

void TensorsPage::drop_what_is_gone() {
  if (pinned_ && !is_element(*chain_, *pinned_)) pinned_.reset();
  if (hovered_ && !is_element(*chain_, *hovered_)) hovered_.reset();
  if (hovered_memory_ && hovered_memory_->storage >= static_cast<int>(chain_->storages.size()))
    hovered_memory_.reset();
  if (chosen_step_ >= static_cast<int>(chain_->steps.size())) chosen_step_ = -1;
}

void TensorsPage::lay_out(const std::shared_ptr<const TensorChain>& chain, const Style& style,
                          Options options) {
  ImVec2 room = ImGui::GetContentRegionAvail();
  if (!options.one_step) room.y = 0;  // it is scrolled
  const float em = px(style.font_size);
  std::optional<int> only;
  if (options.one_step) only = only_step(*chain);
  const bool same_room = room.x == laid_room_.x && room.y == laid_room_.y && em == laid_em_;
  if (chain == chain_ && same_room && only == laid_step_ && !begins_moved_) return;
  begins_moved_ = false;
  fit_begins(*chain, begins_);
  ChainLayout next = only ? fit_step(*chain, style, room, *only, begins_)
                          : layout_chain(*chain, style, {.width = room.x}, begins_);
  // A page of another width or of one step is another page: nothing moves there.
  const bool same_page = chain_ && same_room && !only && !laid_step_;
  if (!options.animated || !same_page)
    motion_.stop();
  else if (chain->expression != chain_->expression)
    motion_.change(*chain_, layout_, *chain, next, ImGui::GetTime());
  if (chain->error && (!chain_ || chain_->expression != chain->expression))
    wanted_step_ = static_cast<int>(chain->steps.size());  // that refuses
  chain_ = chain;
  layout_ = std::move(next);
  laid_room_ = room;
  laid_em_ = em;
  laid_step_ = only;
  drop_what_is_gone();
}

/// Arrow keys go from cell to cell of the last two dimensions, over the edges of blocks.
void TensorsPage::move_selection(const CardLayout& card, std::int64_t rows, std::int64_t columns) {
  const TensorStep& step = chain_->steps[static_cast<std::size_t>(card.step)];
  if (step.numel() == 0) return;
  if (!pinned_ || pinned_->step != card.step) {
    pinned_ = TensorCell{card.step, card.grid.begin};
    return;
  }
  Index& index = pinned_->index;
  const std::size_t rank = index.size();
  const auto move = [&](std::size_t dimension, std::int64_t by) {
    // Past the end of a dimension the next one out goes on.
    for (std::size_t d = dimension; by != 0; --d) {
      const std::int64_t size = step.shape[d];
      const std::int64_t next = index[d] + by;
      if (next >= 0 && next < size) {
        index[d] = next;
        return;
      }
      if (d == 0) return;
      bool outer = false;
      for (std::size_t e = 0; e < d; ++e)
        outer = outer || (by > 0 ? index[e] + 1 < step.shape[e] : index[e] > 0);
      if (!outer) return;
      index[d] = by > 0 ? 0 : size - 1;
    }
  };
  if (columns != 0 && rank >= 1) move(rank - 1, columns);
  if (rows != 0 && rank >= 2) move(rank - 2, rows);
}

void TensorsPage::keys(const CardLayout& card) {
  if (ImGui::GetIO().KeyCtrl) return;  // the window's own keys
  const ImGuiID id = ImGui::GetItemID();
  const auto pressed = [&](ImGuiKey key) {
    ImGui::SetKeyOwner(key, id);  // or the focus would move on
    return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
  };
  const std::optional<TensorCell> before = pinned_;
  if (pressed(ImGuiKey_LeftArrow)) move_selection(card, 0, -1);
  if (pressed(ImGuiKey_RightArrow)) move_selection(card, 0, 1);
  if (pressed(ImGuiKey_UpArrow)) move_selection(card, -1, 0);
  if (pressed(ImGuiKey_DownArrow)) move_selection(card, 1, 0);
  if (pinned_ != before) reveal(card);
  // The same cell of memory in the step before and after. Where one step is shown those keys are
  // the lab's.
  for (const auto& [key, by] : {std::pair{ImGuiKey_PageUp, -1}, {ImGuiKey_PageDown, 1}}) {
    if (laid_step_ || !pressed(key)) continue;
    const int other = std::clamp(card.step + by, 0, static_cast<int>(chain_->steps.size()) - 1);
    const std::optional<MemoryCell> memory = lit();
    choose_step(other);
    if (!memory) continue;
    if (const auto index = first_reader(*chain_, other, *memory))
      pinned_ = TensorCell{other, *index};
  }
  if (pinned_ && ImGui::IsKeyPressed(ImGuiKey_Enter, false)) inspect_ = true;
}

void TensorsPage::grid(const CardLayout& card, ImVec2 corner) {
  const bool clicked =
      item_over(fmt::format("grid {}", card.step + 1), corner, card.grid.low, card.grid.high);
  if (wanted_step_ == card.step && pinned_ && pinned_->step == card.step)
    ImGui::SetKeyboardFocusHere(-1);
  if (ImGui::IsItemFocused()) keys(card);
  drag_window(card);
  const bool over = ImGui::IsItemHovered();
  const std::optional<Index> local = over ? card.grid.under(pointer_in(corner)) : std::nullopt;
  if (!local) {
    if (clicked) chosen_step_ = card.step;
    return;
  }
  TensorCell cell{card.step, *local};
  for (std::size_t d = 0; d < cell.index.size(); ++d) cell.index[d] += card.grid.begin[d];
  hovered_ = cell;
  if (clicked) {
    pinned_ = pinned_ == cell ? std::nullopt : std::optional(cell);
    chosen_step_ = card.step;
  }
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    pinned_ = cell;
    inspect_ = true;
  }
}

void TensorsPage::strip(const CardLayout& card, ImVec2 corner) {
  const bool clicked =
      item_over(fmt::format("strip {}", card.step + 1), corner, card.strip.low, card.strip.high);
  if (!ImGui::IsItemHovered()) return;
  const std::optional<std::int64_t> cell = card.strip.under(pointer_in(corner));
  if (!cell) return;
  hovered_memory_ = MemoryCell{chain_->steps[static_cast<std::size_t>(card.step)].storage, *cell};
  const std::optional<Index> reader = first_reader(*chain_, card.step, *hovered_memory_);
  if (reader) hovered_ = TensorCell{card.step, *reader};
  if (clicked && reader) pinned_ = hovered_;
}

void TensorsPage::cards(ImVec2 corner) {
  hovered_.reset();
  hovered_memory_.reset();
  for (const CardLayout& card : layout_.cards) {
    const bool refuses = card.step >= static_cast<int>(chain_->steps.size());
    if (sight_ == card.step && !(refuses && in_sight(card, corner)))
      ImGui::SetScrollFromPosY(corner.y + card.low.y - ImGui::GetWindowPos().y, kSightHeight);
    if (refuses) continue;
    grid(card, corner);
    for (const WindowScroll& one : card.scrolls) scroll(card, one, corner);
    strip(card, corner);
  }
}

/// Lights the number of a card's words that the pointer is on.
void TensorsPage::point_at_number(ImVec2 corner, const Style& style) {
  number_.clear();
  number_clicked_ = false;
  if (!ImGui::IsWindowHovered() || ImGui::IsAnyItemHovered()) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  for (const CardLayout& card : layout_.cards) {
    if (!ImRect(plus(corner, card.low), plus(corner, card.high)).Contains(mouse)) continue;
    for (const CardText& line : card.texts) {
      const TextLook look{card_face(line.role), card_text_size(line.role, layout_.metrics.em)};
      const auto number = number_in(style, plus(corner, line.at), line.words, look, mouse);
      if (!number) continue;
      number_ = number->words;
      number_clicked_ = clicked_to_copy(number->low, number->high, style);
    }
  }
}

void TensorsPage::draw(const std::shared_ptr<const TensorChain>& chain, const Style& style,
                       Options options) {
  if (ImGui::BeginChild(
          "cards", ImGui::GetContentRegionAvail(), ImGuiChildFlags_NavFlattened,
          options.one_step ? ImGuiWindowFlags_None : ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
    lay_out(chain, style, options);
    sight_ = wanted_step_;
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    cards(corner);
    if (wanted_step_ && options.animated && !options.one_step &&
        *wanted_step_ < static_cast<int>(chain_->steps.size()))
      motion_.replay(*chain_, layout_, *wanted_step_, ImGui::GetTime());
    wanted_step_.reset();
    ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
    ChainView view;
    view.lit = lit();
    view.element = selected();
    view.chosen_step = chosen_step_;
    view.addresses = options.addresses;
    view.shifts = motion_.at(ImGui::GetTime());
    draw_chain(canvas, *chain_, layout_, corner, view);
    point_at_number(corner, style);
    ImGui::SetCursorScreenPos(corner);
    ImGui::Dummy(layout_.size);
  }
  ImGui::EndChild();
}

}  // namespace nanscope
