#include "engine/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace nanscope {
namespace {

using testing::HasSubstr;

/// A folder that is gone after the test.
class KindsFolder : public testing::Test {
 protected:
  KindsFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "nanscope-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~KindsFolder() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  /// What both functions say of a file that they refuse.
  static std::string refusal(const std::string& path) {
    const auto bytes = read_file(path, 1000);
    const auto kind = check_regular_file(path);
    EXPECT_FALSE(bytes) << path;
    EXPECT_FALSE(kind) << path;
    if (bytes || kind) return "";
    EXPECT_EQ(to_string(bytes.error()), to_string(kind.error()));
    EXPECT_EQ(bytes.error().where, path);
    EXPECT_EQ(bytes.error().kind, Error::Kind::input);
    return to_string(bytes.error());
  }

 private:
  std::string folder_;
};

TEST_F(KindsFolder, ALinkToNothingYetIsFollowed) {
  std::filesystem::create_symlink("target", path("link"));
  std::filesystem::create_symlink(path("link"), path("far"));
  ASSERT_TRUE(check_writable(path("far")));
  ASSERT_TRUE(write_file_atomically(path("far"), "text"));
  EXPECT_TRUE(std::filesystem::is_symlink(path("far")));
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("target"), 10), "text");
  std::filesystem::create_symlink("round", path("round"));
  const auto written = write_file_atomically(path("round"), "text");
  ASSERT_FALSE(written);
  EXPECT_THAT(to_string(written.error()), HasSubstr("cannot be written"));
}

TEST_F(KindsFolder, ARegularFileAndALinkToItAreRead) {
  std::ofstream(path("a")) << "abc";
  std::filesystem::create_symlink("a", path("link"));
  for (const char* name : {"a", "link"}) {
    EXPECT_EQ(read_file(path(name), 3).value_or(""), "abc");
    EXPECT_TRUE(check_regular_file(path(name)));
  }
  EXPECT_FALSE(read_file(path("a"), 2));
}

// A pipe without a writer used to be waited for.
TEST_F(KindsFolder, WhatIsNoFileIsNamedAndNotWaitedFor) {
  EXPECT_THAT(refusal(path("none")), HasSubstr("no such file"));
  EXPECT_THAT(refusal(path("")), HasSubstr("this is a folder"));
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal(path("pipe")), HasSubstr("this is a pipe"));
  std::filesystem::create_symlink("pipe", path("link"));
  EXPECT_THAT(refusal(path("link")), HasSubstr("this is a pipe"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("this is a device"));

  const int socket_file = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path("socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(socket_file, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(refusal(path("socket")), HasSubstr("this is a socket"));
  close(socket_file);
}

}  // namespace
}  // namespace nanscope
