#include "ui/labs/costs/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "engine/costs/requests/cost_requests.h"
#include "engine/costs/transformer/architecture_words.h"
#include "imgui.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr std::string_view kKey = "costs.architecture";

std::int64_t number_in(const std::string& words) {
  std::int64_t number = 0;
  std::from_chars(words.data(), words.data() + words.size(), number);
  return number;
}

/// The model as the words make it, and what they are.
class Building {
 public:
  Building(const Transformer& base, ControlScope& scope)
      : base_(base), scope_(scope), one_(base), words_(scope.draft.costs.architecture) {
    if (auto changed = with_architecture_words(base, architecture_words(words_)))
      one_ = *std::move(changed);
  }

  const Transformer& one() const { return one_; }
  std::string value(std::string_view key) const { return architecture_text(one_, key); }
  std::string own_value(std::string_view key) const { return architecture_text(base_, key); }
  bool differs(std::string_view key) const { return value(key) != own_value(key); }

  /// What was refused of a field, or null; and what was typed into it.
  const RefusedInput* refusal_of(std::string_view key, std::string& typed) const {
    const RefusedInput* refused = scope_.view.refused;
    if (!refused || refused->key != kKey) return nullptr;
    for (const std::string& word : architecture_words(refused->typed))
      if (word.starts_with(fmt::format("{}=", key)) && word.substr(key.size() + 1) != value(key)) {
        typed = word.substr(key.size() + 1);
        return refused;
      }
    return nullptr;
  }

  void set(std::string_view key, std::string_view value) {
    take(with_architecture_word(base_, words_, key, value));
  }
  /// Several at once, as a part has them.
  void set(std::initializer_list<std::pair<std::string_view, std::int64_t>> values) {
    std::string words = words_;
    for (const auto& [key, value] : values)
      words = with_architecture_word(base_, words, key, std::to_string(value));
    take(words);
  }
  /// Without what stands of a part in the words, and without the part.
  void take_away(std::string_view group, std::string_view first) {
    take(with_architecture_word(base_, words_without(group), first, "0"));
  }
  /// As the model has it.
  void forget(std::string_view group) { take(words_without(group)); }

 private:
  std::string words_without(std::string_view group) const {
    std::string kept;
    for (const std::string& word : architecture_words(words_))
      if (!word.starts_with(group)) kept += (kept.empty() ? "" : " ") + word;
    return kept;
  }
  void take(const std::string& words) {
    const auto changed = with_architecture_words(base_, architecture_words(words));
    if (changed) return set_key(kKey, words, scope_);
    scope_.requests.refused = changed.error();
    scope_.requests.refused_input = {std::string(kKey), words, message_text(changed.error().what)};
  }

  const Transformer& base_;
  ControlScope& scope_;
  Transformer one_;
  std::string words_;
};

/// Beside one another on a slider: those that divide, or else all from `low` to `high`.
struct SizeRow {
  std::string_view key;
  std::int64_t low = 1, high = 1;
  bool logarithmic = true;
};

/// The values that a slider goes through where not all of them can be; empty where they can.
std::vector<std::int64_t> values_of(const SizeRow& row, const Transformer& one) {
  std::vector<std::int64_t> values;
  const bool hangs = !one.latent && one.head_dim * one.heads == one.width;
  const auto add_if = [&](auto allowed) {
    for (std::int64_t n = row.low; n <= row.high; ++n)
      if (allowed(n)) values.push_back(n);
  };
  if (row.key == "heads")
    add_if([&](std::int64_t n) {
      return (!hangs || one.width % n == 0) && (one.kv_heads == one.heads || n % one.kv_heads == 0);
    });
  if (row.key == "kv_heads") add_if([&](std::int64_t n) { return one.heads % n == 0; });
  if (row.key == "width") {
    const std::int64_t step = std::lcm(hangs ? one.heads : 1, std::int64_t{64});
    for (std::int64_t n = step; n <= row.high; n += step) values.push_back(n);
  }
  return values;
}

/// Where a value has its place among sorted ones.
double place_of(std::int64_t value, const std::vector<std::int64_t>& values) {
  return static_cast<double>(std::ranges::lower_bound(values, value) - values.begin());
}

void size_slider(const SizeRow& row, float width, Building& building, const Style& style) {
  std::vector<std::int64_t> values = values_of(row, building.one());
  const std::int64_t now = number_in(building.value(row.key)),
                     own = number_in(building.own_value(row.key));
  if (values.empty()) {
    const SliderSpec spec{.low = static_cast<double>(row.low),
                          .high = static_cast<double>(row.high),
                          .logarithmic = row.logarithmic && row.low > 0,
                          .integer = true,
                          .mark = static_cast<double>(own)};
    auto value = static_cast<double>(now);
    if (slider("##slider", spec, width, style, &value))
      building.set(row.key, fmt::format("{:.0f}", value));
    return;
  }
  if (!std::ranges::binary_search(values, now))
    values.insert(std::ranges::upper_bound(values, now), now);
  SliderSpec spec{.low = 0, .high = static_cast<double>(values.size()) - 1, .integer = true};
  if (std::ranges::binary_search(values, own)) spec.mark = place_of(own, values);
  double place = place_of(now, values);
  if (values.size() == 1) return ImGui::Dummy({width, ImGui::GetFrameHeight()});
  if (slider("##slider", spec, width, style, &place))
    building.set(row.key, std::to_string(values[static_cast<std::size_t>(place)]));
}

const char* words_of(std::string_view key, const char* what = "") {
  return text(fmt::format("costs.field.{}{}", key, what));
}

/// The name, which goes back to the model's own value.
void field_label(std::string_view key, float height, Building& building,
                 const ControlScope& scope) {
  if (control_label(words_of(key), building.differs(key), {control_label_width(), height},
                    scope.view.style))
    building.set(key, building.own_value(key));
  item_tooltip(words_of(key, ".help"));
  ImGui::SameLine(0, unit(scope.view.style));
}

void size_row(const SizeRow& row, Building& building, ControlScope& scope) {
  const Style& style = scope.view.style;
  ImGui::PushID(row.key.data(), row.key.data() + row.key.size());
  const float gap = unit(style), full = ImGui::GetContentRegionAvail().x;
  field_label(row.key, ImGui::GetFrameHeight(), building, scope);
  size_slider(row, full - control_label_width() - control_field_width() - 2 * gap, building, style);
  item_tooltip(words_of(row.key, ".help"));
  ImGui::SameLine(0, gap);
  std::string shown = building.value(row.key);
  const RefusedInput* refused = building.refusal_of(row.key, shown);
  const auto typed = text_field("##value", shown, control_field_width(), refused != nullptr, style);
  if (refused && ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape, false))
    scope.requests.refusal_ends = true;
  item_tooltip(words_of(row.key, ".help"));
  if (typed) building.set(row.key, *typed);
  if (refused) wrapped_text(refused->reason, style.fonts.regular, 0.875f, style.palette.bad);
  ImGui::PopID();
}

/// One of two kinds: the index of the one that was clicked.
std::optional<int> kind_row(std::string_view key, std::array<std::string_view, 2> names,
                            bool second, Building& building, ControlScope& scope) {
  const Style& style = scope.view.style;
  ImGui::PushID(key.data(), key.data() + key.size());
  const float full = ImGui::GetContentRegionAvail().x;
  const std::string_view group = key == "attention"  ? "latent."
                                 : key == "position" ? "positions"
                                                     : key;
  const std::string_view field = key == "attention" ? "latent.key_value_rank" : group;
  if (control_label(words_of(key), building.differs(field),
                    {control_label_width(), choice_height(style)}, style))
    building.forget(group);
  item_tooltip(words_of(key, ".help"));
  ImGui::SameLine(0, unit(style));
  std::vector<std::string> labels;
  for (const std::string_view name : names)
    labels.push_back(fmt::format("{}###{}", words_of(name), name));
  const auto clicked = choice_grid("##choice", labels, second ? 1 : 0,
                                   full - control_label_width() - unit(style), style);
  item_tooltip(words_of(key, ".help"));
  ImGui::PopID();
  return clicked;
}

void attention_rows(Building& building, ControlScope& scope) {
  const Transformer& one = building.one();
  if (const auto kind =
          kind_row("attention", {"own_heads", "latent"}, one.latent.has_value(), building, scope)) {
    // DeepSeek-V2's proportions, of heads of 128 numbers: d_c = 4 d, d_R = d / 2.
    const std::int64_t d = one.head_dim > 0 ? one.head_dim : 128;
    if (*kind == 0) return building.take_away("latent.", "latent.key_value_rank");
    return building.set({{"latent.key_value_rank", 4 * d},
                         {"latent.rope_dim", std::max<std::int64_t>(d / 2, 1)},
                         {"latent.nope_dim", d},
                         {"latent.value_dim", d}});
  }
  if (one.latent) {
    for (const SizeRow& row :
         {SizeRow{"latent.key_value_rank", 16, 4096}, SizeRow{"latent.query_rank", 0, 4096, false},
          SizeRow{"latent.nope_dim", 16, 512}, SizeRow{"latent.rope_dim", 0, 256, false},
          SizeRow{"latent.value_dim", 16, 512}})
      size_row(row, building, scope);
    return;
  }
  size_row({"kv_heads", 1, 256}, building, scope);
  size_row({"head_dim", 16, 512}, building, scope);
}

/// A part that is there or not, with what it has.
bool part_toggle(std::string_view key, bool on, const ControlScope& scope) {
  const bool flipped =
      toggle(fmt::format("{}###{}", words_of(key), key).c_str(), on, scope.view.style);
  item_tooltip(words_of(key, ".help"));
  return flipped;
}

void mlp_rows(Building& building, ControlScope& scope) {
  const Transformer& one = building.one();
  if (const auto kind = kind_row("gated", {"plain", "gated_mlp"}, one.gated, building, scope))
    building.set("gated", *kind == 1 ? "true" : "false");
  size_row({"mlp_width", 64, 131072}, building, scope);
  if (part_toggle("experts", one.experts.has_value(), scope)) {
    if (one.experts) return building.take_away("experts.", "experts.count");
    return building.set(
        {{"experts.count", 8}, {"experts.active", 2}, {"experts.width", one.mlp_width}});
  }
  if (!one.experts) return;
  const std::int64_t count = one.experts->count;
  for (const SizeRow& row :
       {SizeRow{"experts.count", 1, 512},
        SizeRow{"experts.active", 1, std::max<std::int64_t>(count, 2)},
        SizeRow{"experts.width", 64, 65536}, SizeRow{"experts.shared_width", 0, 32768, false},
        SizeRow{"experts.dense_layers", 0, one.layers, false},
        SizeRow{"experts.every", 1, 8, false}})
    size_row(row, building, scope);
}

void window_rows(Building& building, ControlScope& scope) {
  const Transformer& one = building.one();
  if (part_toggle("window", one.window.has_value(), scope)) {
    if (one.window) return building.take_away("window.", "window.size");
    return building.set({{"window.size", 4096}});
  }
  if (!one.window) return;
  size_row({"window.size", 64, 131072}, building, scope);
  size_row({"window.global_every", 0, 16, false}, building, scope);
}

void token_rows(Building& building, ControlScope& scope) {
  const Transformer& one = building.one();
  size_row({"vocabulary", 256, 524288}, building, scope);
  if (const auto kind = kind_row("tied", {"untied", "tied_head"}, one.tied, building, scope))
    building.set("tied", *kind == 1 ? "true" : "false");
  if (const auto kind =
          kind_row("position", {"rotary", "learned"}, one.positions > 0, building, scope))
    return building.set("positions", std::to_string(*kind == 1 ? one.context : 0));
  if (one.positions > 0) size_row({"positions", 64, 131072}, building, scope);
}

/// The same as words, for those that have no control.
void words_field(const Building& building, ControlScope& scope) {
  const Style& style = scope.view.style;
  styled_text(text("control.costs.architecture"), style.fonts.regular, 0.875f, style.palette.muted);
  key_tooltip(kKey, scope.view);
  ImGui::PushID(kKey.data(), kKey.data() + kKey.size());
  key_field("##value", kKey, ImGui::GetContentRegionAvail().x, scope);
  key_tooltip(kKey, scope.view);
  key_menu("menu", kKey, scope);
  // A field that has said why does not have to be seconded.
  std::string typed;
  const bool said = std::ranges::any_of(architecture_keys(), [&](const std::string& key) {
    return building.refusal_of(key, typed) != nullptr;
  });
  if (!said) key_refusal(kKey, scope);
  ImGui::PopID();
}

}  // namespace

std::optional<Transformer> base_of_model(const ControlScope& scope) {
  const JobResults& results = scope.view.session.results;
  const std::string& model = scope.draft.costs.model;
  if (const auto names = results.latest<CostNamesRequest>())
    for (const CostNames::Model& one : names->models)
      if (one.name == model) return one.architecture;
  if (const auto costs = results.latest<TransformerCostsRequest>();
      costs && costs->of.model == model)
    return costs->base;
  return std::nullopt;
}

void draw_builder(const Transformer& base, ControlScope& scope) {
  Building building(base, scope);
  for (const SizeRow& row :
       {SizeRow{"layers", 1, 160, false}, SizeRow{"width", 64, 32768}, SizeRow{"heads", 1, 256}})
    size_row(row, building, scope);
  attention_rows(building, scope);
  mlp_rows(building, scope);
  window_rows(building, scope);
  token_rows(building, scope);
  words_field(building, scope);
}

}  // namespace nanscope
