#include "engine/tensor_language/imports.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nanscope {
namespace {

/// A module, and the name under which it is known to check_names.h. "" where its names stand in
/// annotations only.
struct Module {
  std::string_view path;
  std::string_view name;
};
constexpr auto kModules = std::to_array<Module>({
    {"torch", "torch"},
    {"torch.nn", "nn"},
    {"torch.nn.functional", "F"},
    {"torch.functional", "functional"},
    {"einops", "einops"},
    {"math", "math"},
    {"jaxtyping", ""},
    {"typing", ""},
    {"__future__", ""},
});

/// What is Python's until it is imported from torch.
constexpr auto kOfPythonToo =
    std::to_array<std::string_view>({"abs", "all", "any", "max", "min", "pow", "round", "sum"});

class ImportReader {
 public:
  ImportReader(const std::vector<Token>& tokens, std::size_t place, OtherNames& names)
      : tokens_(tokens), place_(place), names_(names) {}

  Parsed<std::size_t> run() {
    const bool some_names = now().text == "from";
    ++place_;
    do {
      const Parsed<Module> module = this->module();
      if (!module) return tl::unexpected(module.error());
      if (some_names) {
        if (!take_word("import")) return expected(message("import"));
        if (auto taken = imported_names(module->name == "torch"); !taken)
          return tl::unexpected(taken.error());
        return place_;
      }
      if (auto taken = other_name(module->name); !taken) return tl::unexpected(taken.error());
    } while (take(","));
    return place_;
  }

 private:
  const Token& now() const { return tokens_[place_]; }
  bool take(std::string_view symbol) {
    const bool there = now().kind == TokenKind::symbol && now().text == symbol;
    place_ += there ? 1 : 0;
    return there;
  }
  bool take_word(std::string_view word) {
    const bool there = now().kind == TokenKind::name && now().text == word;
    place_ += there ? 1 : 0;
    return there;
  }
  tl::unexpected<SyntaxError> expected(const Message& what) const {
    return tl::unexpected(SyntaxError{now().begin, std::max(now().end, now().begin + 1),
                                      message("Expected {} here.", what), ""});
  }

  Parsed<Module> module() {
    const int begin = now().begin;
    std::string path;
    do {
      if (now().kind != TokenKind::name) return expected(message("the name of a module"));
      path += (path.empty() ? "" : ".") + now().text;
      ++place_;
    } while (take("."));
    const int end = tokens_[place_ - 1].end;
    const auto* const known = std::ranges::find(kModules, path, &Module::path);
    if (known != kModules.end()) return *known;
    const std::string_view library = other_library(path);
    return tl::unexpected(SyntaxError{
        begin, end,
        library.empty()
            ? message("There is no module {} here, only torch, torch.nn.functional, einops and "
                      "math; they need no import.",
                      path)
            : message("{} is not here; torch needs no import: write torch.arange for {}.arange.",
                      library, path),
        ""});
  }

  /// `as name`
  Parsed<bool> other_name(std::string_view name) {
    if (!take_word("as")) return true;
    if (now().kind != TokenKind::name) return expected(message("a name after as"));
    if (!name.empty() && now().text != name) names_[now().text] = name;
    ++place_;
    return true;
  }

  /// `*`, or names with commas between them.
  Parsed<bool> imported_names(bool of_torch) {
    if (take("*")) {
      for (const std::string_view name : kOfPythonToo)
        if (of_torch) names_[std::string(name)] = fmt::format("torch.{}", name);
      return true;
    }
    const bool bracket = take("(");
    do {
      if (now().kind != TokenKind::name) return expected(message("a name to import"));
      std::string name = now().text;
      if (of_torch && std::ranges::find(kOfPythonToo, name) != kOfPythonToo.end())
        name.insert(0, "torch.");
      ++place_;
      if (name.starts_with("torch.") && now().text != "as") names_[tokens_[place_ - 1].text] = name;
      if (auto taken = other_name(name); !taken) return taken;
    } while (take(","));
    if (bracket && !take(")")) return expected(message(")"));
    return true;
  }

  const std::vector<Token>& tokens_;
  std::size_t place_;
  OtherNames& names_;
};

}  // namespace

Parsed<std::size_t> read_import(const std::vector<Token>& tokens, std::size_t place,
                                OtherNames& names) {
  return ImportReader(tokens, place, names).run();
}

std::string_view other_library(std::string_view name) {
  if (name == "np" || name == "numpy") return "NumPy";
  if (name == "jnp" || name == "jax" || name == "jax.numpy") return "JAX";
  if (name == "tf" || name == "tensorflow") return "TensorFlow";
  if (name == "cp" || name == "cupy") return "CuPy";
  return "";
}

}  // namespace nanscope
