#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

#include "engine/data/table.h"
#include "engine/pytorch/python_literal.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

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
                     python_literal(digits_path()));
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
                     python_literal(path), dtype);
}

/// Python's regular expression of a field, with its groups: what is in quotes, or what stands
/// without.
std::string field_text(char separator) {
  constexpr const char* kQuoted = R"py("([^"]*(?:""[^"]*)*)")py";
  switch (separator) {
    case ' ':
      return fmt::format(R"([ \t]*(?:{}|([^ \t\r\n]*))[ \t]*)", kQuoted);
    case 0:
      return fmt::format(R"([ \t]*(?:{}[ \t]*(?=[\r\n]|\Z)|([^\r\n]*)))", kQuoted);
    case '\t':
      return fmt::format(R"([ ]*(?:{}[ ]*(?=[\t\r\n]|\Z)|([^\t\r\n]*)))", kQuoted);
    default:
      return fmt::format(R"([ \t]*(?:{0}[ \t]*(?=[{1}\r\n]|\Z)|([^{1}\r\n]*)))", kQuoted,
                         separator);
  }
}

/// Lines of read_rows() that take a row's fields, one after the other.
std::string fields_text(char separator) {
  if (separator == ' ')
    return R"(        while text[at:at + 1] not in LINE_END:
            add_field()
)";
  if (separator == 0) return "        add_field()\n";
  return fmt::format(R"(        add_field()
        while text[at:at + 1] == "{}":
            at += 1
            add_field()
)",
                     separator == '\t' ? "\\t" : std::string(1, separator));
}

/// What becomes of a field's characters: marks between thousands are dropped, and a sign
/// or a decimal mark becomes Python's.
std::string marks_text(const TableReading& reading) {
  const bool point = reading.decimal == '.';
  // Blanks of four kinds, two apostrophes and the mark that is not the decimal one.
  const std::string dropped =
      reading.grouped ? fmt::format(R"(, "{} \u00a0\u2009\u202f'\u2019")", point ? ',' : '.') : "";
  return fmt::format(R"(str.maketrans("\u2212{}", "-{}"{}))", point ? "" : ",", point ? "" : ".",
                     dropped);
}

const char* python_encoding(const TableReading& reading) {
  if (reading.encoding == "UTF-16 LE") return "utf-16-le";
  return reading.encoding == "UTF-16 BE" ? "utf-16-be" : "utf-8";
}

/// Whether a value of the table, which is rounded once from its digits to fp32, is another one by
/// way of fp64.
bool differs_by_way_of_fp64(const std::string& path, TableOptions options, const Table& table) {
  if (options.fp64) return false;
  options.fp64 = true;
  const Result<Table> wide = read_table(path, options);
  return wide && !std::ranges::equal(table.values, wide->values, {}, {}, [](double value) {
           return static_cast<double>(static_cast<float>(value));
         });
}

/// def number_of(digits), where float() alone would round twice on the way to float32.
constexpr const char* kRoundedOnce = R"(

def number_of(digits):
    """What becomes the float32 nearest to the digits: between two of them, a float64 on their side."""
    x, exact = float(digits), fractions.Fraction(digits)
    if exact != x and struct.pack("<d", x)[0] % 2 == 0:
        x = math.nextafter(x, math.inf if exact > x else -math.inf)
    return x
)";

/// Reads the file as it was read here: its encoding, separator, header and the rest stand in the
/// script, which parts fields as CsvRecords does.
std::string read_csv_text(const std::string& path, const TableReading& reading, bool fp64,
                          bool once) {
  std::string rows;
  if (reading.has_header) rows += "    rows = rows[1:]\n";
  if (reading.separator != 0)
    rows += "    rows = [row for row in rows if len(row) == 1 or any(row)]\n";
  if (reading.trailing)
    rows += "    rows = [row[:-1] if row[-1] == \"\" else row for row in rows]\n";
  if (reading.index_dropped) rows += "    rows = [row[1:] for row in rows]\n";
  return fmt::format(R"py(
{}PATH = {}
LINE_END = ("\n", "\r", "")
NO_ROW = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")  # blank, or a remark
FIELD = re.compile(r'{}')  # in quotes, or without
MARKS = {}


def read_rows():
    """The fields of each row."""
    with open(PATH, encoding="{}", errors="replace", newline="") as file:
        text = file.read().removeprefix("\ufeff").rstrip("\x1a")
    text = re.sub(r"\A[ \t]*sep=[^\r\n]*", "", text)  # Excel's name of the separator
    rows, at = [], 0

    def add_field():
        nonlocal at
        found = FIELD.match(text, at)
        quoted, plain = found.groups()
        rows[-1].append(plain.rstrip(" \t") if quoted is None else quoted.strip(" \t\r\n"))
        at = found.end()

    while at < len(text):
        if found := NO_ROW.match(text, at):
            at = found.end()
            continue
        rows.append([])
{}        at += 2 if text[at:at + 2] == "\r\n" else 1
    return rows
{}

def read_table():
    """One row a sample."""
    rows = read_rows()
{}    rows = [[{}(field.translate(MARKS)) for field in row] for row in rows]
    return torch.tensor(rows, dtype=torch.float64){}
)py",
                     once ? "import fractions\nimport struct\n\n" : "", python_literal(path),
                     field_text(reading.separator), marks_text(reading), python_encoding(reading),
                     fields_text(reading.separator), once ? kRoundedOnce : "", rows,
                     once ? "number_of" : "float", fp64 ? "" : ".float()");
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
  return read_csv_text(data.path, table ? table->reading : plain, options.fp64,
                       table && differs_by_way_of_fp64(data.path, options, *table));
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
