#include <png.h>

#include <csetjmp>
#include <new>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/experiment/png_text.h"
#include "ui/export/picture.h"

namespace nanscope {
namespace {

struct Writer {
  std::string bytes;
  std::string reason;
};

void append(png_structp png, png_bytep data, std::size_t size) {
  bool enough_memory = true;
  try {
    static_cast<Writer*>(png_get_io_ptr(png))->bytes.append(reinterpret_cast<char*>(data), size);
  } catch (const std::bad_alloc&) {
    enough_memory = false;  // an exception must not cross libpng, which is C
  }
  if (!enough_memory) png_error(png, "out of memory");
}

void flush(png_structp) {}

void fail(png_structp png, png_const_charp reason) {
  static_cast<Writer*>(png_get_error_ptr(png))->reason = reason;
  png_longjmp(png, 1);
}

void ignore_warning(png_structp, png_const_charp) {}

/// Everything libpng is told between its creation and its end. It leaves by longjmp on errors, so
/// nothing with a destructor lives here.
bool write(png_structp png, png_infop info, Writer* writer, const Pixels& pixels,
           png_text* experiment) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_write_fn(png, writer, append, flush);
  png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.width),
               static_cast<png_uint_32>(pixels.height), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 6);
  png_set_text(png, info, experiment, 1);
  png_write_info(png, info);
  png_set_filler(png, 0, PNG_FILLER_AFTER);
  const std::size_t row = static_cast<std::size_t>(pixels.width) * 4;
  for (int y = 0; y < pixels.height; ++y)
    png_write_row(png, pixels.rgba.data() + row * static_cast<std::size_t>(y));
  png_write_end(png, info);
  return true;
}

}  // namespace

Result<std::string> encode_png(const Pixels& pixels, const Experiment& experiment) {
  std::string keyword{kPngExperimentKeyword};
  std::string json = to_json(experiment, -1);
  png_text chunk{};
  chunk.compression = PNG_TEXT_COMPRESSION_NONE;
  chunk.key = keyword.data();
  chunk.text = json.data();
  chunk.text_length = json.size();

  Writer writer;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, fail, ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  const bool written = info && write(png, info, &writer, pixels, &chunk);
  png_destroy_write_struct(&png, &info);
  if (!written) return work_error("PNG", "libpng cannot encode the picture: {}.", writer.reason);
  return std::move(writer.bytes);
}

}  // namespace nanscope
