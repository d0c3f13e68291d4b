#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_set>
#include <utility>

#include "engine/base/strict_json.h"
#include "engine/base/text_encoding.h"
#include "engine/data/safetensors.h"
#include "engine/data/safetensors_dtype.h"

namespace nanscope {
namespace {

constexpr std::uint64_t kLengthSize = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the library's MAX_HEADER_SIZE
// More values than any file holds, few enough that their bits can be counted.
constexpr std::uint64_t kMostTensorValues = std::uint64_t{1} << 56;

Message tensor_problem(std::string_view name, Message what) {
  return message("tensor \"{}\": {}", fmt::format("{:.80}", name), std::move(what));
}

std::optional<std::uint64_t> product(const std::vector<std::uint64_t>& shape) {
  std::uint64_t count = 1;
  for (const std::uint64_t size : shape) {
    if (size != 0 && count > kMostTensorValues / size) return std::nullopt;
    count *= size;
  }
  return count;
}

/// Takes the tensors out of a header as it is parsed: a real model's has many thousands of them,
/// and none is worth a tree of JSON. Returning false stops the parser, with `problem` set.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : text_(text) {}

  std::optional<Message> problem;
  SafetensorsHeader header;

  // What nlohmann's parser calls.
  bool null() { return scalar(Kind::null, 0, nullptr); }
  bool boolean(bool) { return scalar(Kind::other, 0, nullptr); }
  bool number_integer(Json::number_integer_t) { return scalar(Kind::other, 0, nullptr); }
  bool number_unsigned(Json::number_unsigned_t value) {
    return scalar(Kind::whole, value, nullptr);
  }
  bool number_float(Json::number_float_t, const std::string&) {
    return scalar(Kind::other, 0, nullptr);
  }
  bool string(std::string& value) { return scalar(Kind::text, 0, &value); }
  bool binary(Json::binary_t&) { return scalar(Kind::other, 0, nullptr); }
  bool start_object(std::size_t) { return open(false); }
  bool start_array(std::size_t) { return open(true); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (depth_ == 1) return begin_member(name);
    if (depth_ != 2) return true;  // within a field that the format does not have
    field_ = name;
    if (fields_.insert(name).second) return true;
    return fail(in_tensor(message("\"{}\" occurs twice.", fmt::format("{:.80}", name))));
  }
  bool parse_error(std::size_t position, const std::string& token, const std::exception&) {
    if (const auto foreign = first_not_utf8(text_))
      return fail(message("its header cannot be read: {}.", not_utf8_words(text_, *foreign)));
    return fail(
        message("its header cannot be read: {}", json_syntax_error(text_, position, token)));
  }

 private:
  enum class Kind { null, text, whole, other };
  static constexpr int kDeepest = 64;

  bool fail(Message what) {
    problem = std::move(what);
    return false;
  }
  Message in_tensor(Message what) const { return tensor_problem(member_, std::move(what)); }
  bool in_metadata() const { return member_ == "__metadata__"; }
  std::vector<std::uint64_t>* list_of_field() {
    return field_ == "shape" ? &shape_ : field_ == "data_offsets" ? &place_ : nullptr;
  }

  bool begin_member(const std::string& name) {
    if (!names_.insert(name).second)
      return fail(tensor_problem(name, message("this name occurs twice.")));
    member_ = name;
    fields_.clear();
    dtype_.reset();
    shape_.clear();
    place_.clear();
    return true;
  }

  bool open(bool array) {
    ++depth_;
    if (depth_ == 1) return !array || fail(message("its header is no object."));
    if (depth_ == 2 && array) return fail(no_object());
    if (depth_ == 3 && in_metadata()) return fail(no_text());
    if (depth_ == 3 && list_of_field() != nullptr && !array) return fail(no_list());
    if (depth_ == 3 && field_ == "dtype") return fail(in_tensor(message("its dtype is missing.")));
    if (depth_ == 4 && list_of_field() != nullptr) return fail(no_list());
    return depth_ <= kDeepest || fail(message("its header is nested deeper than {}.", kDeepest));
  }

  bool close() {
    --depth_;
    return depth_ != 1 || in_metadata() || end_tensor();
  }

  bool scalar(Kind kind, std::uint64_t whole, std::string* words) {
    if (depth_ == 0) return fail(message("its header is no object."));
    if (depth_ == 1) return (in_metadata() && kind == Kind::null) || fail(no_object());
    if (in_metadata()) {
      if (kind != Kind::text) return fail(no_text());
      header.metadata.emplace_back(field_, *words);
      return true;
    }
    if (depth_ == 2) {
      if (list_of_field() != nullptr) return fail(no_list());
      if (field_ == "dtype" && kind == Kind::text) dtype_ = *words;
      return field_ != "dtype" || dtype_ || fail(in_tensor(message("its dtype is missing.")));
    }
    if (depth_ == 3 && list_of_field() != nullptr) {
      if (kind != Kind::whole) return fail(no_list());
      list_of_field()->push_back(whole);
    }
    return true;
  }

  Message no_object() const { return in_tensor(message("its description is no object.")); }
  Message no_text() const {
    return message("its __metadata__ holds something that is no text; the format has texts there.");
  }
  Message no_list() const {
    return in_tensor(field_ == "shape" ? message("its shape is no list of sizes.")
                                       : message("its data_offsets are no pair of places."));
  }

  bool end_tensor() {
    if (!dtype_) return fail(in_tensor(message("its dtype is missing.")));
    if (!fields_.contains("shape"))
      return fail(in_tensor(message("its shape is no list of sizes.")));
    if (place_.size() != 2)
      return fail(in_tensor(message("its data_offsets are no pair of places.")));
    header.tensors.push_back({member_, *dtype_, shape_, place_[0], place_[1]});
    return true;
  }

  std::string_view text_;
  int depth_ = 0;
  std::unordered_set<std::string> names_;
  std::string member_;                      ///< of the header: a tensor's name, or __metadata__
  std::unordered_set<std::string> fields_;  ///< that it has so far
  std::string field_;
  std::optional<std::string> dtype_;
  std::vector<std::uint64_t> shape_, place_;
};

/// What is wrong with a tensor by itself. Its place counts from the first number.
std::optional<Message> problem_of(const SafetensorsEntry& entry, std::uint64_t data_size) {
  if (entry.begin > entry.end || entry.end > data_size)
    return message(
        "its place {} to {} is not within the {} bytes of numbers in this file; it may be cut off.",
        entry.begin, entry.end, data_size);
  const SafetensorsType* type = find_safetensors_type(entry.dtype);
  if (type == nullptr)
    return message("{} is no dtype of this format.", fmt::format("{:.20}", entry.dtype));
  const auto count = product(entry.shape);
  if (!count) return message("its shape has too many values.");
  const std::uint64_t bits = *count * type->bits;
  if (bits % 8 != 0)
    return message("{} values of {} do not fill whole bytes.", *count, entry.dtype);
  if (bits / 8 != entry.end - entry.begin)
    return message("{} values of {} need {} bytes; its place has {}.", *count, entry.dtype,
                   bits / 8, entry.end - entry.begin);
  return std::nullopt;
}

/// The numbers' bytes belong to one tensor each.
Result<void> check_places(const std::vector<SafetensorsEntry>& tensors, std::uint64_t data_size) {
  std::uint64_t covered = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const SafetensorsEntry& tensor = tensors[i];
    if (tensor.begin < covered)
      return input_error(
          "", tensor_problem(tensor.name, message("it overlaps with \"{}\".",
                                                  fmt::format("{:.80}", tensors[i - 1].name))));
    if (tensor.begin > covered)
      return input_error(
          "", tensor_problem(tensor.name, message("the {} bytes before it are no tensor's.",
                                                  tensor.begin - covered)));
    covered = tensor.end;
  }
  if (covered < data_size)
    return input_error("", "the last {} bytes of this file are no tensor's.", data_size - covered);
  return {};
}

}  // namespace

std::uint64_t SafetensorsEntry::count() const { return product(shape).value_or(0); }

Result<std::uint64_t> safetensors_header_length(std::string_view bytes, std::uint64_t file_size) {
  if (bytes.size() < kLengthSize || file_size < kLengthSize)
    return input_error("", "this is not a .safetensors file: it ends before its header.");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);  // little-endian, as this program's machines
  if (length > file_size - kLengthSize)
    return input_error("",
                       "this is not a .safetensors file, or it is cut off: a header "
                       "of {} bytes does not fit into {} bytes.",
                       length, file_size);
  if (length > kLongestHeader)
    return input_error("", "its header has {} bytes; at most {} are read.", length, kLongestHeader);
  return length;
}

Result<SafetensorsHeader> parse_safetensors_header(std::string_view bytes,
                                                   std::uint64_t file_size) {
  const auto length = safetensors_header_length(bytes, file_size);
  if (!length) return tl::unexpected(length.error());
  if (bytes.size() - kLengthSize < *length)
    return input_error("", "this .safetensors ends within its header.");
  const std::string_view text = bytes.substr(kLengthSize, *length);
  if (!text.starts_with('{'))
    return input_error("", text.starts_with('[')
                               ? message("its header is no object.")
                               : message("its header does not begin with {}.", '{'));
  HeaderReader reader(text);
  if (!Json::sax_parse(text, &reader)) return input_error("", *reader.problem);
  std::vector<SafetensorsEntry>& tensors = reader.header.tensors;
  const std::uint64_t data_at = kLengthSize + *length, data_size = file_size - data_at;
  for (const SafetensorsEntry& tensor : tensors)
    if (auto problem = problem_of(tensor, data_size))
      return input_error("", tensor_problem(tensor.name, *std::move(problem)));
  std::ranges::stable_sort(
      tensors, {}, [](const SafetensorsEntry& entry) { return std::pair(entry.begin, entry.end); });
  if (auto good = check_places(tensors, data_size); !good) return tl::unexpected(good.error());
  for (SafetensorsEntry& tensor : tensors) {
    tensor.begin += data_at;
    tensor.end += data_at;
  }
  return std::move(reader.header);
}

}  // namespace nanscope
