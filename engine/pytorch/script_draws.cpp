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

/// The points of plane_set().
std::string plane_text(DataKind kind, Precision precision) {
  const char* point =
      kind == DataKind::spiral
          ? "(along * math.sin(4 * (label + along)), along * math.cos(4 * (label + along)))"
      : kind == DataKind::circles
          ? "((1, 0.5)[label] * math.cos(2 * math.pi * along),\n            (1, 0.5)[label] * "
            "math.sin(2 * math.pi * along))"
          : "((math.cos(math.pi * along), math.sin(math.pi * along)) if label == 0 else\n          "
            "  "
            "(1 - math.cos(math.pi * along), 0.5 - math.sin(math.pi * along)))";
  return fmt::format(R"(
POINTS, CLASSES = {}, {}


def read_targets():
    return [i // (POINTS // CLASSES) for i in range(POINTS)]


def read_table():
    """Points along the curve of each class, with noise by Box and Muller."""
    uniform = torch.rand(POINTS, 2, generator=torch.Generator().manual_seed(0)).tolist()
    rows = []
    for i, (label, (u, v)) in enumerate(zip(read_targets(), uniform)):
        along = i % (POINTS // CLASSES) / (POINTS // CLASSES - 1)
        x, y = {}
        radius = math.sqrt(-2 * math.log(1 - u))
        rows.append((x + 0.05 * (radius * math.cos(2 * math.pi * v)),
                     y + 0.05 * (radius * math.sin(2 * math.pi * v))))
    return torch.tensor(rows, dtype={})
)",
                     kPlanePoints, kind == DataKind::spiral ? 3 : 2, point,
                     precision == Precision::fp64 ? "torch.float64" : "torch.float32");
}

std::string read_npy_text(const std::string& path, const char* dtype) {
  return fmt::format(R"(
PATH = {}


def read_table():
    """One row a sample."""
    table = torch.from_numpy(numpy.load(PATH).astype("{}"))
    return table.reshape(len(table), -1)
)",
                     literal(path), dtype);
}

/// rows = the fields of each line.
std::string split_rows_text(const TableReading& reading) {
  if (reading.separator == ' ')
    return "    rows = [[field.strip('\"') for field in line.split()] for line in lines]\n";
  const char separator = reading.separator == 0 ? '\0' : reading.separator;
  if (separator == 0) return "    rows = [[line.strip(' \\t\\r\\n\"')] for line in lines]\n";
  return fmt::format("    rows = list(csv.reader(lines, delimiter={}, skipinitialspace=True))\n",
                     separator == '\t' ? "\"\\t\"" : fmt::format("\"{}\"", separator));
}

/// A field as Python's float() reads it.
std::string number_text_of(const TableReading& reading) {
  if (reading.decimal == '.' && !reading.grouped) return "float(field)";
  // Blanks of four kinds, two apostrophes and the mark that is not the decimal one.
  return fmt::format(
      R"(float(field.translate(dict.fromkeys(map(ord, "{} \u00a0\u2009\u202f'\u2019"))){}))",
      reading.decimal == '.' ? ',' : '.', reading.decimal == '.' ? "" : ".replace(\",\", \".\")");
}

/// Reads the file as it was read here: separator, header and the rest stand in the script.
std::string read_csv_text(const std::string& path, const TableReading& reading, bool fp64) {
  std::string rows;
  if (reading.has_header) rows += "    rows = rows[1:]\n";
  if (reading.trailing)
    rows += "    rows = [row[:-1] if row[-1] == \"\" else row for row in rows]\n";
  if (reading.index_dropped) rows += "    rows = [row[1:] for row in rows]\n";
  return fmt::format(R"(
PATH = {}


def read_table():
    """One row a sample."""
    with open(PATH, encoding="{}", newline="") as file:
        lines = [line for line in file if line.strip() and not line.lstrip().startswith(("#", "sep="))]
{}    rows = [row for row in rows if any(field.strip() for field in row)]
{}    return torch.tensor([[{} for field in row] for row in rows]{}){}
)",
                     literal(path), reading.encoding == "UTF-8" ? "utf-8-sig" : "utf-16",
                     split_rows_text(reading), rows, number_text_of(reading),
                     fp64 ? ", dtype=torch.float64" : "", fp64 ? "" : ".float()");
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

std::string read_table_text(const DataSpec& data, Precision precision) {
  if (data.kind == DataKind::digits) return digits_text();
  if (is_plane(data.kind)) return plane_text(data.kind, precision);
  if (data.kind != DataKind::file) return "";
  const TableOptions options = table_options(data, precision);
  if (is_npy(data)) return read_npy_text(data.path, options.fp64 ? "float64" : "float32");
  const Result<Table> table = read_table(data.path, options);
  const TableReading plain{.separator = ',', .has_header = data.header == TableHeader::yes};
  return read_csv_text(data.path, table ? table->reading : plain, options.fp64);
}

std::string read_targets_text(const DataSpec& data) {
  if (data.kind != DataKind::digits) return "";  // points of a plane have it beside their table
  return R"(
def read_targets():
    """The digit of each row."""
    with gzip.open(DIGITS, "rt") as file:
        return [int(float(line.split(",")[64])) for line in file]
)";
}

bool reads_csv(const DataSpec& data) { return data.kind == DataKind::file && !is_npy(data); }

}  // namespace nanscope
