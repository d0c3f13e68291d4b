#include "engine/experiment/png_text.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>

namespace nanscope {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);
/// No experiment comes near; a hostile picture must not fill the memory.
constexpr std::size_t kLargestText = std::size_t{1} << 20;

struct Chunk {
  std::string_view type;
  std::string_view data;
};

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

tl::unexpected<Error> broken(Message why) {
  return input_error("", "this PNG is broken: {}", std::move(why));
}

/// Takes the next chunk, length (4) type (4) data CRC (4), off the front of `rest`.
Result<Chunk> take_chunk(std::string_view& rest) {
  constexpr std::size_t kFrame = 12;
  if (rest.size() < kFrame) return broken(message("it ends in the middle."));
  const std::size_t length = big_endian(rest);
  if (length > rest.size() - kFrame)
    return broken(
        message("it ends in the middle, {} bytes are missing.", length - (rest.size() - kFrame)));
  const std::string_view checked = rest.substr(4, 4 + length);  // the CRC covers type and data
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
  if (crc != big_endian(rest.substr(8 + length)))
    return broken(message("a checksum does not match, so the file was damaged or edited."));
  rest.remove_prefix(kFrame + length);
  return Chunk{checked.substr(0, 4), checked.substr(4)};
}

/// Takes bytes up to a zero, and the zero, off the front; nothing if there is no zero.
std::optional<std::string_view> take_string(std::string_view& rest) {
  const auto zero = rest.find('\0');
  if (zero == std::string_view::npos) return std::nullopt;
  const std::string_view taken = rest.substr(0, zero);
  rest.remove_prefix(zero + 1);
  return taken;
}

Result<std::string> inflate_text(std::string_view packed) {
  std::string text(kLargestText, '\0');
  uLongf size = text.size();
  if (uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                 reinterpret_cast<const Bytef*>(packed.data()), packed.size()) != Z_OK)
    return broken(message("the compressed text in it cannot be read."));
  text.resize(size);
  return text;
}

/// The text of a tEXt, zTXt or iTXt chunk with this keyword; nothing if it has another.
/// tEXt: keyword 0 text. zTXt: keyword 0 method packed. iTXt: keyword 0 packed? method language 0
/// translated-keyword 0 text. The text is taken as UTF-8 in all three.
std::optional<Result<std::string>> text_of_chunk(const Chunk& chunk, std::string_view keyword) {
  const bool latin = chunk.type == "tEXt", packed = chunk.type == "zTXt";
  if (!latin && !packed && chunk.type != "iTXt") return std::nullopt;
  std::string_view rest = chunk.data;
  if (take_string(rest) != keyword) return std::nullopt;
  if (latin) return std::string(rest);
  if (packed)
    return rest.empty() ? broken(message("a text in it is cut off."))
                        : inflate_text(rest.substr(1));
  if (rest.size() < 2) return broken(message("a text in it is cut off."));
  const bool compressed = rest[0] != 0;
  rest.remove_prefix(2);
  if (!take_string(rest) || !take_string(rest)) return broken(message("a text in it is cut off."));
  return compressed ? inflate_text(rest) : Result<std::string>(std::string(rest));
}

}  // namespace

Result<std::string> read_png_text(std::string_view png, std::string_view keyword) {
  if (!png.starts_with(kSignature)) return input_error("", "this is not a PNG picture.");
  std::string_view rest = png.substr(kSignature.size());
  std::optional<Result<std::string>> found;
  // To the end even when the text is found: a picture that was cut off is not taken for a whole
  // one.
  for (;;) {
    const Result<Chunk> chunk = take_chunk(rest);
    if (!chunk) return tl::unexpected(chunk.error());
    if (chunk->type == "IEND") break;
    if (!found) found = text_of_chunk(*chunk, keyword);
  }
  if (found) return *std::move(found);
  return input_error(
      "", "this picture carries no experiment; only pictures that NaNscope exported do.");
}

}  // namespace nanscope
