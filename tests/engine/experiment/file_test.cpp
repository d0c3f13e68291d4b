#include "engine/base/file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "samples.h"

namespace nanscope {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::size_t kPlenty = 1000;

std::size_t entries(const testing::Folder& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

TEST(WriteFile, WritesAndReplaces) {
  const testing::Folder folder;
  const std::string bytes("a\0b\n", 4);
  ASSERT_TRUE(write_file_atomically(folder / "x", "old"));
  ASSERT_TRUE(write_file_atomically(folder / "x", bytes));
  EXPECT_EQ(read_file(folder / "x", kPlenty).value(), bytes);
  ASSERT_TRUE(write_file_atomically(folder / "x", ""));
  EXPECT_EQ(read_file(folder / "x", kPlenty).value(), "");
  EXPECT_EQ(entries(folder), 1u);  // nothing is left beside it
}

TEST(WriteFile, GivesNewFilesTheUsualPermissionsAndKeepsThoseOfOldOnes) {
  const testing::Folder folder;
  const mode_t mask = umask(022);
  ASSERT_TRUE(write_file_atomically(folder / "x", "1"));
  umask(mask);
  struct stat about {};
  ASSERT_EQ(stat((folder / "x").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0644u);
  ASSERT_EQ(chmod((folder / "x").c_str(), 0600), 0);
  ASSERT_TRUE(write_file_atomically(folder / "x", "2"));
  ASSERT_EQ(stat((folder / "x").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
}

TEST(WriteFile, FollowsALink) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "x", "1"));
  fs::create_symlink("x", folder / "link");
  ASSERT_TRUE(write_file_atomically(folder / "link", "2"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "x", kPlenty).value(), "2");
}

TEST(WriteFile, WritesThroughADevice) {
  EXPECT_TRUE(write_file_atomically("/dev/null", "x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteFile, NamesPathAndReasonWhenItCannot) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "x", "1"));
  const auto error = [](const std::string& path) {
    const auto done = write_file_atomically(path, "2");
    return done ? "no error" : to_string(done.error());
  };
  EXPECT_EQ(error(folder / "x/y"), (folder / "x/y") + ": cannot be written: Not a directory.");
  EXPECT_EQ(error(folder / "no/y"), (folder / "no/y") + ": cannot be written: there is no folder " +
                                        (folder / "no/") + "; make it first.");
  EXPECT_THAT(error(folder.path().string()), HasSubstr("cannot be written: this is a folder"));
  EXPECT_THAT(error(folder / std::string(300, 'n')), HasSubstr("File name too long"));
  EXPECT_THAT(error(""), HasSubstr("is empty"));
  EXPECT_THAT(error("/proc/x"), StartsWith("/proc/x: cannot be written: "));
  EXPECT_THAT(error("/dev/full"), HasSubstr("No space left on device"));
  EXPECT_EQ(read_file(folder / "x", kPlenty).value(), "1");
  EXPECT_EQ(entries(folder), 1u);
  EXPECT_EQ(write_file_atomically(folder / "no/y", "").error().kind, Error::Kind::work);
}

TEST(CheckWritable, FindsWhatWritingWouldSay) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "x", "1"));
  fs::create_symlink("nowhere/y", folder / "broken");
  for (const std::string& path :
       {folder / "x/y", folder / "no/y", folder.path().string(), folder / std::string(300, 'n'),
        std::string(), std::string("/proc/x"), folder / "broken/z"}) {
    const auto checked = check_writable(path), written = write_file_atomically(path, "2");
    ASSERT_FALSE(checked) << path;
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(to_string(checked.error()), to_string(written.error()));
  }
  EXPECT_EQ(entries(folder), 2u);
}

TEST(CheckWritable, ChangesNothing) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "x", "1"));
  EXPECT_TRUE(check_writable(folder / "x"));
  EXPECT_TRUE(check_writable(folder / "new"));
  EXPECT_TRUE(check_writable("/dev/null"));
  EXPECT_EQ(read_file(folder / "x", kPlenty).value(), "1");
  EXPECT_EQ(entries(folder), 1u);
}

TEST(ReadFile, SaysWhyItCannot) {
  const testing::Folder folder;
  EXPECT_EQ(to_string(read_file(folder / "x", kPlenty).error()),
            (folder / "x") + ": there is no such file.");
  EXPECT_THAT(read_file(folder.path().string(), kPlenty).error().message(), HasSubstr("a folder"));
  ASSERT_TRUE(write_file_atomically(folder / "x", std::string(kPlenty + 1, 'x')));
  EXPECT_THAT(read_file(folder / "x", kPlenty).error().message(), HasSubstr("larger than 1000"));
  EXPECT_THAT(read_file("/dev/zero", kPlenty).error().message(), HasSubstr("a device"));
}

}  // namespace
}  // namespace nanscope
