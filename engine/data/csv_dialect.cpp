#include "engine/data/csv_dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/csv_cell.h"
#include "engine/data/csv_header.h"
#include "engine/data/csv_number.h"

namespace nanscope {
namespace {

/// A dialect shows in the first rows.
constexpr std::size_t kBytesLookedAt = std::size_t{256} << 10;
/// In this order where more than one reads all fields: a tab is in no number, a comma may be.
constexpr std::array<char, 6> kSeparators{'\t', ';', ',', '|', ' ', 0};

/// The records at the beginning of a text, two at least where there are two.
Result<std::vector<CsvRecord>> sample_of(std::string_view text, char separator) {
  CsvRecords records(text, separator);
  std::vector<CsvRecord> sample;
  while (sample.size() < 2 || records.position() < kBytesLookedAt) {
    CsvRecord record;
    const auto more = records.next(record);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    sample.push_back(std::move(record));
  }
  return sample;
}

/// How the fields of one column or all of them write their decimals.
struct DecimalCounts {
  std::size_t point = 0, comma = 0, ambiguous_comma = 0, ambiguous_point = 0;

  void add(std::string_view field) {
    switch (decimal_evidence(field)) {
      case DecimalEvidence::point:
        ++point;
        break;
      case DecimalEvidence::comma:
        ++comma;
        break;
      case DecimalEvidence::ambiguous_comma:
        ++ambiguous_comma;
        break;
      case DecimalEvidence::ambiguous_point:
        ++ambiguous_point;
        break;
      case DecimalEvidence::none:
        break;
    }
  }
};

/// A separator tried on the sample.
struct Candidate {
  CsvDialect dialect;
  std::vector<CsvRecord> sample;
  bool splits = false;      ///< some record has more than one field
  bool consistent = false;  ///< all rows have as many fields
  double readable = 0;      ///< share of the fields that are numbers, or missing
  DecimalCounts counts;

  bool is_perfect() const { return consistent && readable == 1; }
};

bool ends_empty(const CsvRecord& record) {
  return record.size() > 1 && record.back().text.empty() && !record.back().quoted;
}

/// Takes the last field off where every row has an empty one there, and the header none or another.
void drop_trailing(Candidate& candidate) {
  std::vector<CsvRecord>& sample = candidate.sample;
  const std::size_t first_row = sample.size() > 1 ? 1 : 0;
  for (std::size_t i = first_row; i < sample.size(); ++i)
    if (!ends_empty(sample[i])) return;
  const bool on_first = !sample.empty() && ends_empty(sample[0]);
  if (sample.empty() || (!on_first && sample[0].size() + 1 != sample.back().size())) return;
  candidate.dialect.trailing = true;
  for (CsvRecord& record : sample)
    if (ends_empty(record)) record.pop_back();
}

/// Sets the decimal mark by what the fields show: the person's word, numbers that are of one kind
/// only, and else the habit of those who separate by semicolons.
void choose_decimal(Candidate& candidate, DecimalMark wanted) {
  CsvDialect& dialect = candidate.dialect;
  const DecimalCounts& counts = candidate.counts;
  if (wanted != DecimalMark::automatic) {
    dialect.decimal = wanted == DecimalMark::comma ? ',' : '.';
    return;
  }
  if (counts.comma > counts.point) {
    dialect.decimal = ',';
  } else if (counts.comma == 0 && counts.point == 0 && counts.ambiguous_comma > 0) {
    dialect.decimal = dialect.separator == ';' ? ',' : '.';
    dialect.decimal_is_sure = dialect.separator == ';';
  }
}

/// Share of the fields below the header that can be read, the index column left out.
double readable_share(const Candidate& candidate) {
  std::size_t fields = 0, readable = 0;
  const CsvDialect& dialect = candidate.dialect;
  for (std::size_t i = dialect.has_header ? 1 : 0; i < candidate.sample.size(); ++i)
    for (std::size_t k = dialect.drops_index ? 1 : 0; k < candidate.sample[i].size(); ++k) {
      const std::string_view field = candidate.sample[i][k].text;
      ++fields;
      readable += is_missing(field) || csv_number(field, dialect.decimal).has_value();
    }
  return fields == 0 ? 1 : static_cast<double>(readable) / static_cast<double>(fields);
}

bool rows_are_consistent(const Candidate& candidate) {
  const std::vector<CsvRecord>& sample = candidate.sample;
  const std::size_t width = sample.empty() ? 0 : sample.back().size();
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const bool is_short = i == 0 && candidate.dialect.header_is_short;
    if (sample[i].size() + (is_short ? 1 : 0) != width) return false;
  }
  return true;
}

Result<Candidate> try_separator(std::string_view text, char separator,
                                const TableOptions& options) {
  Candidate candidate;
  candidate.dialect.separator = separator;
  auto sample = sample_of(text, separator);
  if (!sample) return tl::unexpected(sample.error());
  candidate.sample = *std::move(sample);
  candidate.splits = std::ranges::any_of(candidate.sample,
                                         [](const CsvRecord& record) { return record.size() > 1; });
  drop_trailing(candidate);
  for (const CsvRecord& record : candidate.sample)
    for (const CsvField& field : record) candidate.counts.add(field.text);
  choose_decimal(candidate, options.decimal);
  find_header(candidate.sample, options, candidate.dialect);
  candidate.consistent = rows_are_consistent(candidate);
  candidate.readable = readable_share(candidate);
  return candidate;
}

/// A single column's name above its numbers: not a row of several fields that went wrong.
bool has_single_name(const Candidate& candidate) {
  if (!candidate.dialect.has_header || candidate.sample.size() < 2) return false;
  const CsvField& name = candidate.sample.front().front();
  return name.quoted || name.text.find_first_of(",;|\t") == std::string_view::npos;
}

/// Whether another separator would find more than one field.
bool is_split_otherwise(const Candidate& candidate) {
  return std::ranges::any_of(candidate.sample, [](const CsvRecord& record) {
    return record.front().text.find_first_of(",;|\t ") != std::string_view::npos;
  });
}

/// Two fields that are one number if their comma is a decimal mark: "0,5", "1.234,56".
bool is_decimal_pair(const CsvRecord& record) {
  if (record.size() != 2 || record[0].quoted || record[1].quoted) return false;
  return csv_number(fmt::format("{},{}", record[0].text, record[1].text), ',').has_value();
}

/// "1.234.567,8": points that set thousands apart leave the comma to be the decimal mark.
bool is_one_number(std::string_view line) {
  return std::ranges::count(line, '.') > 1 && std::ranges::count(line, ',') == 1 &&
         csv_number(line, ',').has_value();
}

/// A column of such numbers, without a separator or with the comma taken for one.
bool is_column_of_decimal_commas(const Candidate& candidate) {
  if (candidate.dialect.has_header) return false;
  const bool alone = candidate.dialect.separator == 0;
  const auto line = [&](const CsvRecord& record) {
    return alone ? std::string(record[0].text)
                 : fmt::format("{},{}", record[0].text, record[1].text);
  };
  const bool numbers = std::ranges::all_of(candidate.sample, [&](const CsvRecord& record) {
    return alone ? !record[0].quoted && csv_number(record[0].text, ',') : is_decimal_pair(record);
  });
  return numbers && std::ranges::any_of(candidate.sample, [&](const CsvRecord& record) {
           return is_one_number(line(record));
         });
}

/// Quotes around every comma: none of them separates.
bool commas_are_quoted(const Candidate& candidate) {
  return std::ranges::all_of(candidate.sample, [](const CsvRecord& record) {
    return record[0].quoted || record[0].text.find(',') == std::string_view::npos;
  });
}

/// Whether this separator may be taken without another word. Commas within the lines of a single
/// column are decimal marks only where its header has none, in quotes, or where the person says so.
bool is_allowed(const Candidate& candidate, const TableOptions& options) {
  const CsvDialect& dialect = candidate.dialect;
  if (dialect.separator == ',' && is_column_of_decimal_commas(candidate)) return false;
  if (dialect.separator != 0) return candidate.splits;
  if (is_column_of_decimal_commas(candidate)) return true;
  if (dialect.has_header && !has_single_name(candidate)) return !is_split_otherwise(candidate);
  if (dialect.decimal == '.' && dialect.decimal_is_sure) return true;
  return options.decimal == DecimalMark::comma || dialect.has_header ||
         commas_are_quoted(candidate);
}

/// The person's decimal commas are no separators, but in fields with quotes around them.
std::vector<char> separators_for(DecimalMark decimal) {
  std::vector<char> separators(kSeparators.begin(), kSeparators.end());
  if (decimal == DecimalMark::comma) {
    std::erase(separators, ',');
    separators.push_back(',');
  }
  return separators;
}

/// "1,234,567" in three fields.
bool is_grouped(const CsvRecord& record) {
  const auto digits = [](const CsvField& field) {
    const bool all = field.text.find_first_not_of("0123456789") == std::string_view::npos;
    return all && !field.quoted ? field.text.size() : 0;
  };
  const std::size_t first = record.size() > 2 ? digits(record[0]) : 0;
  return first > 0 && first <= 3 && record[0].text[0] != '0' &&
         std::all_of(record.begin() + 1, record.end(),
                     [&](const CsvField& field) { return digits(field) == 3; });
}

std::string joined(const CsvRecord& record) {
  std::string text;
  for (const CsvField& field : record) text += (text.empty() ? "" : ",") + shown_field(field);
  return text;
}

void add_doubts(const Candidate& candidate, const TableOptions& options,
                std::vector<Message>& doubts) {
  const CsvDialect& dialect = candidate.dialect;
  if (options.decimal != DecimalMark::automatic) return;
  const DecimalCounts& counts = candidate.counts;
  const auto first_of = [&](DecimalEvidence wanted) {
    for (std::size_t i = dialect.has_header ? 1 : 0; i < candidate.sample.size(); ++i)
      for (const CsvField& field : candidate.sample[i])
        if (decimal_evidence(field.text) == wanted) return shown_field(field);
    return std::string();
  };
  if (dialect.decimal == ',' && counts.comma == 0 && counts.ambiguous_comma > 0)
    doubts.push_back(
        message("the comma in {} was read as a decimal mark; "
                "data.decimal=point reads it as one between thousands",
                first_of(DecimalEvidence::ambiguous_comma)));
  if (dialect.decimal == '.' && dialect.separator == ';' && counts.point == 0 &&
      counts.ambiguous_point > 0)
    doubts.push_back(
        message("the point in {} was read as a decimal mark; "
                "data.decimal=comma reads it as one between thousands",
                first_of(DecimalEvidence::ambiguous_point)));
  if (dialect.separator == ',' && !dialect.has_header &&
      std::ranges::all_of(candidate.sample, is_grouped))
    doubts.push_back(
        message("{} was read as {} numbers; commas between thousands need quotes "
                "around the number",
                joined(candidate.sample.front()), candidate.sample.front().size()));
  if (dialect.separator == ',' && !dialect.has_header &&
      std::ranges::all_of(candidate.sample, is_decimal_pair))
    doubts.push_back(message("{} was read as two numbers; data.decimal=comma reads it as one",
                             joined(candidate.sample.front())));
}

/// Two fields beside one another that are one number if its comma is of this kind: "1,234" with a
/// comma between thousands, "1,5" with a decimal one.
bool has_pair(const CsvRecord& record, char decimal) {
  for (std::size_t i = 0; i + 1 < record.size(); ++i) {
    if (record[i].quoted || record[i + 1].quoted) continue;
    const auto number =
        csv_number(fmt::format("{},{}", record[i].text, record[i + 1].text), decimal);
    if (number && (decimal == ',' || number->grouped)) return true;
  }
  return false;
}

/// A name less than fields is an index without a name, or commas within numbers.
Result<void> check_short_header(Candidate& candidate, const TableOptions& options) {
  CsvDialect& dialect = candidate.dialect;
  if (!dialect.header_is_short || dialect.separator != ',' ||
      options.index != IndexColumn::automatic)
    return {};
  const auto below = std::span<const CsvRecord>(candidate.sample).subspan(1);
  const auto in_all = [&](char decimal) {
    return std::ranges::all_of(below,
                               [&](const CsvRecord& record) { return has_pair(record, decimal); });
  };
  if (in_all('.'))
    return input_error("",
                       "there are {} fields in {} below {} names. If the first one is an index, "
                       "say data.index=drop; if a comma is within a number, as between thousands, "
                       "put quotes around the number.",
                       below.front().size(), joined(below.front()), candidate.sample[0].size());
  dialect.index_is_unsure = in_all(',');
  return {};
}

}  // namespace

Result<CsvDialect> guess_dialect(std::string_view text, const TableOptions& options) {
  std::optional<Candidate> best;
  std::optional<Error> error;
  for (const char separator : separators_for(options.decimal)) {
    auto candidate = try_separator(text, separator, options);
    if (!candidate) {
      error = candidate.error();
      continue;
    }
    if (!is_allowed(*candidate, options)) continue;
    const auto rank = [](const Candidate& c) {
      return std::pair(c.dialect.separator == 0 ? 0 : c.consistent ? 2 : 1, c.readable);
    };
    if (!best || (candidate->is_perfect() && !best->is_perfect()) ||
        (!best->is_perfect() && rank(*candidate) > rank(*best)))
      best = *std::move(candidate);
  }
  if (error && (!best || !best->is_perfect())) return tl::unexpected(*error);
  if (!best) return CsvDialect{};
  if (const auto good = check_short_header(*best, options); !good)
    return tl::unexpected(good.error());
  add_doubts(*best, options, best->dialect.doubts);
  return best->dialect;
}

std::string text_of(const CsvField& field) {
  std::string text(field.text);
  for (std::size_t at = 0; field.quoted && (at = text.find("\"\"", at)) != text.npos; ++at)
    text.erase(at, 1);
  return text;
}

std::string shown_field(const CsvField& field) {
  constexpr std::size_t kLongest = 30;
  return printable(text_of(field), kLongest);
}

std::string shown_fields(const std::vector<CsvField>& fields) {
  constexpr std::size_t kShown = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(fields.size(), kShown); ++i) {
    const std::string name = shown_field(fields[i]);
    text += (i > 0 ? ", " : "") + (name.find(',') == name.npos ? name : csv_cell(name));
  }
  return fields.size() > kShown ? text + ", ..." : text;
}

}  // namespace nanscope
