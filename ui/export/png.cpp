#include <zlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "engine/experiment/png_text.h"
#include "ui/export/picture.h"

// PNG, W3C Recommendation: a picture in bands of rows that are compressed side by side. A large
// picture takes most of its time here.
namespace nanscope {
namespace {

constexpr std::size_t kChannels = 3;         // a slide is opaque
constexpr std::size_t kBandBytes = 1 << 20;  // of pixels: a band loses little by its own start
constexpr int kLevel = 4;
constexpr unsigned kMostThreads = 8;
constexpr unsigned char kFilterUp = 2;

void append_big_endian(std::string& bytes, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 255);
}

std::uint32_t crc_of(const std::string& type, const std::string& data) {
  const auto* letters = reinterpret_cast<const Bytef*>(type.data());
  const auto* bytes = reinterpret_cast<const Bytef*>(data.data());
  const uLong crc = crc32(0, letters, static_cast<uInt>(type.size()));
  return static_cast<std::uint32_t>(crc32_z(crc, bytes, data.size()));
}

void append_chunk(std::string& png, const std::string& type, const std::string& data) {
  append_big_endian(png, static_cast<std::uint32_t>(data.size()));
  png += type;
  png += data;
  append_big_endian(png, crc_of(type, data));
}

/// Width, height, 8 bits a channel, RGB; the compression, filters and order that there are.
std::string header_of(const Pixels& pixels) {
  std::string data;
  append_big_endian(data, static_cast<std::uint32_t>(pixels.width));
  append_big_endian(data, static_cast<std::uint32_t>(pixels.height));
  return data += std::string("\x08\x02\0\0\0", 5);
}

/// Rows that are compressed together.
struct Band {
  int first = 0;
  int rows = 0;
  std::string compressed = {};
  uLong checksum = 0;  ///< Adler-32 of what was compressed
  std::size_t size = 0;
};

/// A thread's memory for one band after the other: bands with their own would hold a hundred
/// megabytes more of a large picture.
struct Workspace {
  std::string rows, compressed;
};

/// The filter "up" takes the row above off: in a chart most of what is left is zero.
void filter_rows(const Pixels& pixels, const Band& band, std::string& bytes) {
  const auto width = static_cast<std::size_t>(pixels.width);
  bytes.resize(static_cast<std::size_t>(band.rows) * (1 + width * kChannels));
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  const std::vector<unsigned char> above_all(width * 4, 0);
  for (int y = band.first; y < band.first + band.rows; ++y) {
    const unsigned char* row = pixels.rgba.data() + static_cast<std::size_t>(y) * width * 4;
    const unsigned char* above = y > 0 ? row - width * 4 : above_all.data();
    *out++ = kFilterUp;
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t channel = 0; channel < kChannels; ++channel)
        *out++ = static_cast<unsigned char>(row[4 * x + channel] - above[4 * x + channel]);
  }
}

/// Compresses a band as its part of one deflate stream. False if zlib has no memory.
bool compress(const Pixels& pixels, Band& band, bool last, Workspace& workspace) {
  auto& [rows, compressed] = workspace;
  filter_rows(pixels, band, rows);
  const auto* bytes = reinterpret_cast<const Bytef*>(rows.data());
  band.size = rows.size();
  band.checksum = adler32_z(adler32(0, nullptr, 0), bytes, rows.size());
  z_stream stream{};
  constexpr int kRaw = -15, kMemory = 9;
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kRaw, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    return false;
  compressed.resize(deflateBound(&stream, static_cast<uLong>(rows.size())) + 16);
  stream.next_in = const_cast<Bytef*>(bytes);
  stream.avail_in = static_cast<uInt>(rows.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  const int code = deflate(&stream, last ? Z_FINISH : Z_FULL_FLUSH);
  band.compressed.assign(compressed, 0, stream.total_out);
  deflateEnd(&stream);
  return code == (last ? Z_STREAM_END : Z_OK) && stream.avail_in == 0;
}

std::vector<Band> bands_of(const Pixels& pixels) {
  const std::size_t row = static_cast<std::size_t>(pixels.width) * kChannels + 1;
  const int rows = static_cast<int>(std::max<std::size_t>(1, kBandBytes / row));
  std::vector<Band> bands;
  for (int y = 0; y < pixels.height; y += rows)
    bands.push_back({.first = y, .rows = std::min(rows, pixels.height - y)});
  return bands;
}

/// Compresses all of them, side by side. False if there is not enough memory.
bool compress_all(const Pixels& pixels, std::vector<Band>& bands, std::atomic<float>* progress) {
  std::atomic<std::size_t> next = 0, done = 0;
  std::atomic<bool> good = true;
  const auto work = [&] {
    try {
      Workspace workspace;
      for (std::size_t i = next++; good && i < bands.size(); i = next++) {
        if (!compress(pixels, bands[i], i + 1 == bands.size(), workspace)) good = false;
        if (progress) *progress = static_cast<float>(++done) / static_cast<float>(bands.size());
      }
    } catch (const std::bad_alloc&) {
      good = false;
    }
  };
  const auto wanted = std::clamp(std::thread::hardware_concurrency(), 1u, kMostThreads);
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min<std::size_t>(wanted, bands.size()); ++i)
    others.emplace_back(work);
  work();
  others.clear();  // which waits for them
  return good;
}

}  // namespace

Result<std::string> encode_png(const Pixels& pixels, const std::string& carries,
                               std::atomic<float>* progress) {
  std::vector<Band> bands = bands_of(pixels);
  if (!compress_all(pixels, bands, progress))
    return work_error("PNG", "There is not enough memory to write {} x {} pixels.", pixels.width,
                      pixels.height);
  std::string png("\x89PNG\r\n\x1a\n", 8);
  append_chunk(png, "IHDR", header_of(pixels));
  append_chunk(png, "tEXt", std::string(kPngExperimentKeyword) + '\0' + carries);
  uLong checksum = adler32(0, nullptr, 0);
  for (std::size_t i = 0; i < bands.size(); ++i) {
    std::string data;
    if (i == 0) data = std::string("\x78\x5e", 2);  // zlib's header: deflate, window of 32 KiB
    data += bands[i].compressed;
    checksum = adler32_combine(checksum, bands[i].checksum, static_cast<z_off_t>(bands[i].size));
    if (i + 1 == bands.size()) append_big_endian(data, static_cast<std::uint32_t>(checksum));
    append_chunk(png, "IDAT", data);
    std::string().swap(bands[i].compressed);
  }
  append_chunk(png, "IEND", "");
  return png;
}

}  // namespace nanscope
