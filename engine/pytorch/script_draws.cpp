#include <fmt/format.h>
#include <strings.h>

#include <nlohmann/json.hpp>

#include "engine/data/table.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// A text as a Python literal; JSON's escapes are Python's too.
std::string literal(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', /*ensure_ascii=*/true,
                                   nlohmann::json::error_handler_t::replace);
}

std::string truncated_text(const Init& init) {
  const bool relative = init.cut_reading == CutReading::standard_deviations;
  return fmt::format(
      R"(    std = 1 / math.sqrt(fan_in)
    bound = {}{}
    return torch.nn.init.trunc_normal_(torch.empty(units, fan_in), 0, std, -bound, bound)
)",
      init.cut, relative ? " * std" : fmt::format("  # {} itself, however small std is", init.cut));
}

std::string digits_text() {
  return fmt::format(R"(
DIGITS = {}


def read_table():
    """1,797 handwritten digits of 8x8 pixels, standardized over all pixels; a row is an image."""
    try:
        with gzip.open(DIGITS, "rt") as file:
            rows = [[float(field) for field in line.split(",")[:64]] for line in file]
    except OSError as error:
        sys.exit(f"{{DIGITS}}: {{error}}. Set DIGITS to scikit-learn's digits.csv.gz.")
    pixels = torch.tensor(rows, dtype=torch.float64)
    return ((pixels - pixels.mean()) / pixels.var(correction=0).sqrt()).float()
)",
                     literal(digits_path()));
}

std::string read_npy_text(const std::string& path) {
  return fmt::format(R"(
PATH = {}


def read_table():
    """One row a sample."""
    table = torch.from_numpy(numpy.load(PATH).astype("float32"))
    return table.reshape(len(table), -1)
)",
                     literal(path));
}

std::string read_csv_text(const std::string& path) {
  return fmt::format(R"(
PATH = {}


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table():
    """One row a sample; a first line without numbers is a header."""
    with open(PATH, encoding="utf-8-sig") as file:
        lines = [line.strip() for line in file]
    lines = [line for line in lines if line and not line.startswith("#")]
    separator = next((s for s in "\t;," if s in lines[0]), None)
    rows = [[field.strip(' \t"') for field in line.split(separator)] for line in lines]
    if not any(is_number(field) for field in rows[0]):
        rows = rows[1:]
    return torch.tensor([[float(field) for field in row] for row in rows]).float()
)",
                     literal(path));
}

}  // namespace

std::string draw_weight_text(const Init& init) {
  std::string head = "def draw_weight(units, fan_in):\n";
  switch (init.scheme) {
    case InitScheme::normal:
      return head + R"(    """N(0, 1): naive."""
    return torch.randn(units, fan_in)
)";
    case InitScheme::inv_sqrt:
      return head + R"(    """N(0, 1 / fan_in)."""
    return torch.randn(units, fan_in) / math.sqrt(fan_in)
)";
    case InitScheme::truncated:
      return head + "    \"\"\"N(0, 1 / fan_in), cut at +-bound.\"\"\"\n" + truncated_text(init);
    case InitScheme::xavier:
      return head + R"(    """N(0, 2 / (fan_in + fan_out))."""
    return torch.nn.init.xavier_normal_(torch.empty(units, fan_in))
)";
    case InitScheme::kaiming:
      return head + R"(    """N(0, 2 / fan_in)."""
    return torch.nn.init.kaiming_normal_(torch.empty(units, fan_in), nonlinearity="relu")
)";
    case InitScheme::orthogonal:
      return head + R"(    """Orthonormal rows, or columns where there are more rows."""
    return torch.nn.init.orthogonal_(torch.empty(units, fan_in))
)";
  }
  return head;
}

bool is_npy(const DataSpec& data) {
  const std::size_t dot = data.path.rfind('.');
  return data.kind == DataKind::file && dot != std::string::npos &&
         strcasecmp(data.path.c_str() + dot, ".npy") == 0;
}

std::string read_table_text(const DataSpec& data) {
  if (data.kind == DataKind::digits) return digits_text();
  if (data.kind != DataKind::file) return "";
  return is_npy(data) ? read_npy_text(data.path) : read_csv_text(data.path);
}

}  // namespace nanscope
