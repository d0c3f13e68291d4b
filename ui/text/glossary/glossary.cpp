#include "ui/text/glossary/glossary.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>

#include "ui/text/text.h"

namespace nanscope {
namespace {

// One a row, sorted by key: its formula, and the texts that it stands as on the screen.
constexpr Term kTerms[] = {
    {"absmax",
     "s = max |x| / 127",
     {"roundoff.absmax_tensor", "roundoff.absmax_channel", "roundoff.absmax_block"}},
    {"absorption", "b < ulp / 2", {}},
    {"accumulator",
     "",
     {"roundoff.column.accumulator", "control.numbers.accumulator", "roundoff.accumulator"}},
    {"activation",
     "h' = act(z)",
     {"tensor.short.activation", "tensor.activation", "control.model.activation"}},
    {"activation_grad",
     "dL / dh = (dL / dz) W",
     {"tensor.short.activation_grad", "tensor.activation_grad"}},
    {"band", "", {"plot.predicted_band", "plot.predicted_some_bands", "plot.predicted_no_band"}},
    {"bf16", "", {}},
    {"block_scaled", "x = 2^k q", {"roundoff.block_scaled"}},
    {"broadcasting", "stride_d = 0", {}},
    {"cache_line", "", {"tensors.row.line"}},
    {"cancellation", "", {}},
    {"code", "", {"inspector.code"}},
    {"condition", "sigma_max / sigma_min", {"roundoff.condition", "control.numbers.condition"}},
    {"contiguous", "stride_d = size_e stride_e", {}},
    {"digits", "(m + 1) log10(2)", {"ranges.column.digits"}},
    {"dtype", "", {}},
    {"dynamic_map", "", {"roundoff.dynamic_tensor", "roundoff.dynamic_block"}},
    {"e2m1", "", {}},
    {"e2m3", "", {}},
    {"e3m2", "", {}},
    {"e4m3", "", {}},
    {"e4m3fnuz", "", {}},
    {"e5m2", "", {}},
    {"e5m2fnuz", "", {}},
    {"e8m0", "2^(e - 127)", {}},
    {"emulated", "", {"plot.emulated"}},
    {"epsilon", "epsilon = 2^-m", {"ranges.column.epsilon"}},
    {"exponent", "x = (-1)^s 2^(e - bias) (1 + f / 2^m)", {"numbers.field.exponent"}},
    {"fan_in", "Var z = fan_in Var W E[h^2]", {}},
    {"flop", "2 B C D", {"tensors.column.flops", "inspector.flops"}},
    {"fp16", "", {}},
    {"fp32", "", {}},
    {"fp64", "", {}},
    {"gain", "Var z = gain^2 fan_in Var W E[h^2]", {"control.init.gain"}},
    {"inf", "", {"special.infs", "inspector.inf_nan"}},
    {"init_scheme", "", {"control.init.scheme", "section.init"}},
    {"int8", "x = s q", {}},
    {"kahan", "error <= 2 u sum |x|", {"roundoff.kahan"}},
    {"layernorm", "u = (h - mean) / sqrt(var + 1e-5)", {"describe.norm.layernorm"}},
    {"loss_scaling", "g = (S g) / S", {"roundoff.axis.scale"}},
    {"mantissa", "x = (-1)^s 2^(e - bias) (1 + f / 2^m)", {"numbers.field.mantissa"}},
    {"measured", "", {"plot.measured"}},
    {"mfu", "FLOPs / (seconds peak)", {}},
    {"mixed_precision", "", {}},
    {"nan", "", {"special.nans"}},
    {"native", "", {"plot.native"}},
    {"norm", "", {"control.model.norm"}},
    {"normal",
     "2^(1 - bias)",
     {"ranges.column.smallest_normal", "roundoff.column.smallest_normal"}},
    {"offset", "cell = offset + sum index_d stride_d", {}},
    {"overflow",
     "",
     {"roundoff.column.overflow_unscaled", "roundoff.column.overflow", "control.numbers.overflow"}},
    {"pairwise", "error <= u log2(n) sum |x|", {"roundoff.pairwise"}},
    {"peak_memory", "", {"tensors.row.peak"}},
    {"preactivation",
     "z = h W^T + b",
     {"tensor.short.preactivation", "tensor.preactivation", "tensor.one.preactivation"}},
    {"predicted", "", {"plot.predicted"}},
    {"residual", "h' = h + act(h W^T)", {"control.model.residual"}},
    {"rms", "sqrt(E[x^2])", {"inspector.rms"}},
    {"rmsnorm", "u = h / sqrt(mean(h^2) + 1e-5)", {"describe.norm.rmsnorm"}},
    {"rounding", "|round(x) - x| <= ulp / 2", {"control.numbers.rounding"}},
    {"saturating", "", {"special.saturated"}},
    {"saturation", "act'(z) ~= 0", {}},
    {"sqnr", "10 log10(sum x^2 / sum (x - q)^2)", {"roundoff.column.sqnr", "roundoff.axis.sqnr"}},
    {"stochastic", "p = (x - below) / ulp", {"roundoff.stochastic_mean"}},
    {"storage", "", {"tensors.row.storage", "tensors.row.storages"}},
    {"stride", "cell = offset + sum index_d stride_d", {}},
    {"subnormal",
     "x = (-1)^s 2^(1 - bias) f / 2^m",
     {"numbers.class.subnormal", "inspector.subnormal", "special.subnormals",
      "ranges.column.smallest_subnormal"}},
    {"tf32", "", {}},
    {"ulp", "ulp = 2^(e - bias - m)", {"inspector.ulp"}},
    {"underflow", "", {"roundoff.column.underflow_unscaled", "roundoff.column.underflow"}},
    {"unit_roundoff", "u = 2^-m / 2", {"roundoff.column.unit_roundoff", "roundoff.unit_roundoff"}},
    {"variance", "Var x = E[x^2] - E[x]^2", {"inspector.variance", "plot.axis.variance"}},
    {"view", "", {"tensors.tag.view"}},
    {"weight", "z = h W^T", {"tensor.short.weight", "tensor.weight"}},
    {"weight_grad", "dL / dW = (dL / dz)^T h", {"tensor.short.weight_grad", "tensor.weight_grad"}},
};

std::string lower(std::string words) {
  std::ranges::transform(words, words.begin(), [](unsigned char c) { return std::tolower(c); });
  return words;
}

using TermsByWords = std::map<std::string, const Term*, std::less<>>;

TermsByWords terms_by_words(const Language& language) {
  TermsByWords terms;
  const auto add = [&](std::string_view key, const Term& term) {
    if (const char* words = language.find(key)) terms.emplace(words, &term);
  };
  for (const Term& term : kTerms) {
    add(fmt::format("term.{}", term.key), term);
    for (const std::string_view key : term.shown_as)
      if (!key.empty()) add(key, term);
  }
  return terms;
}

}  // namespace

std::span<const Term> glossary() { return kTerms; }

std::vector<const Term*> terms_by_name() {
  std::vector<const Term*> terms;
  for (const Term& term : kTerms) terms.push_back(&term);
  std::ranges::sort(terms, {}, [](const Term* term) { return lower(term_name(*term)); });
  return terms;
}

const Term* find_term(std::string_view key) {
  const auto found = std::ranges::find(kTerms, key, &Term::key);
  return found == std::end(kTerms) ? nullptr : found;
}

const Term* term_of_words(std::string_view words, const Language& language) {
  // Looked up for every label of every frame: each language's words are put in order once.
  static std::mutex mutex;
  static std::map<const Language*, TermsByWords> all;
  const std::scoped_lock lock(mutex);
  auto terms = all.find(&language);
  if (terms == all.end()) terms = all.emplace(&language, terms_by_words(language)).first;
  const auto found = terms->second.find(words);
  return found == terms->second.end() ? nullptr : found->second;
}

const Term* term_of_words(std::string_view words) {
  return term_of_words(words, spoken_language());
}

const char* term_name(const Term& term) { return text(fmt::format("term.{}", term.key)); }
const char* term_words(const Term& term) { return text(fmt::format("term.{}.is", term.key)); }

bool term_matches(const Term& term, const std::string& pattern) {
  const std::string wanted = lower(pattern);
  return lower(term_name(term)).find(wanted) != std::string::npos ||
         lower(term_words(term)).find(wanted) != std::string::npos;
}

}  // namespace nanscope
