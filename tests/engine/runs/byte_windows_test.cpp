#include "engine/runs/byte_windows.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engine/training/initialize.h"

namespace nanscope {
namespace {

/// A file whose byte i is i modulo 251.
std::string counted_bytes(const std::string& name, int size) {
  const std::string path = testing::TempDir() + name;
  std::ofstream file(path, std::ios::binary);
  for (int i = 0; i < size; ++i) file.put(static_cast<char>(i % 251));
  return path;
}

struct WindowBuffers {
  WindowBuffers(std::int64_t batch, std::int64_t length)
      : input("X", at::empty({batch, length}, at::kFloat), *find_format("fp32")),
        target("T", at::empty({batch * length}, at::kFloat), *find_format("fp32")) {}
  Value input, target;
};

TEST(ByteWindows, AreThoseOfTorchRandint) {
  const ByteFile file = ByteFile::open(counted_bytes("windows.bin", 1000)).value();
  ByteWindows windows(file, {0, 900}, 4, 8);
  WindowBuffers buffers(4, 8);
  at::Generator generator = seeded_generator(5);
  windows.write_next(buffers.input, buffers.target, generator);
  // torch.manual_seed(5); torch.randint(900 - 8, (4,)), twice, in PyTorch 2.15.
  const std::vector<std::vector<std::int64_t>> expected{{855, 442, 571, 633}, {698, 866, 376, 637}};
  for (const auto& first : expected) {
    for (std::int64_t row = 0; row < 4; ++row)
      for (std::int64_t t = 0; t < 8; ++t) {
        const std::int64_t at = first[static_cast<std::size_t>(row)] + t;
        EXPECT_EQ(buffers.input.data()[row][t].item<double>(), at % 251);
        EXPECT_EQ(buffers.target.data()[row * 8 + t].item<double>(), (at + 1) % 251);
      }
    windows.write_next(buffers.input, buffers.target, generator);
  }
}

TEST(ByteWindows, ReachTheLastByteOfTheirRangeAndNoFurther) {
  const ByteFile file = ByteFile::open(counted_bytes("range.bin", 40)).value();
  ByteWindows windows(file, {10, 20}, 64, 8);
  WindowBuffers buffers(64, 8);
  at::Generator generator = seeded_generator(1);
  windows.write_next(buffers.input, buffers.target, generator);
  // Two windows fit: from 10 and from 11.
  EXPECT_EQ(buffers.input.data().min().item<double>(), 10);
  EXPECT_EQ(buffers.input.data().select(1, 0).max().item<double>(), 11);
  EXPECT_EQ(buffers.target.data().max().item<double>(), 19);
}

TEST(ByteWindows, WhatIsHeldOutIsTheEndOfTheFile) {
  const ByteFile file = ByteFile::open(counted_bytes("split.bin", 100)).value();
  const Result<ByteSplit> split = split_bytes(file, 0.2, 8);
  ASSERT_TRUE(split);
  EXPECT_EQ(split->trained.end, 80);
  EXPECT_EQ(split->held_out.first, 80);
  EXPECT_EQ(split->held_out.end, 100);
  EXPECT_EQ(to_string(split_bytes(file, 0.2, 80).error()),
            "model.length: 80 is too much for the 80 bytes of " + file.path() +
                " that are trained on; it takes a whole number from 1 to 79, or a longer file.");
  EXPECT_EQ(to_string(split_bytes(file, 0.05, 8).error()),
            "data.held_out: 0.05 of " + file.path() +
                " are 5 bytes, too few for one window of model.length=8 and the byte behind it; it "
                "takes 0, or 0.09 at least.");
  EXPECT_TRUE(split_bytes(file, 0, 99));
}

TEST(ByteWindows, AFileThatShrinksMeanwhileIsSaid) {
  const std::string path = counted_bytes("shrinking.bin", 1000);
  ByteWindows windows(ByteFile::open(path).value(), {0, 1000}, 4, 8);
  WindowBuffers buffers(4, 8);
  at::Generator generator = seeded_generator(5);
  std::filesystem::resize_file(path, 4);
  EXPECT_THROW(windows.write_next(buffers.input, buffers.target, generator), std::runtime_error);
}

}  // namespace
}  // namespace nanscope
