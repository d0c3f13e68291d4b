#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "harness.h"
#include "imgui_te_context.h"
#include "screen_text.h"
#include "ui/text/text.h"

// Files that are dropped on the window: whichever lab is open, each finds its own.
namespace nanscope {
namespace {

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Three rows of two floats, as numpy writes them.
std::string npy_of_three_rows() {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
  header.resize(117, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" + std::string(24, '\x3f');
}

/// Two floats named "w".
std::string weights() {
  const std::string header = R"({"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header +
         std::string("\0\0\x80\x3f\0\0\0\x40", 8);
}

std::string run_of_three_steps() {
  return R"({"schema":"nanscope.run/1","experiment":{"lab":"training","steps":3}})"
         "\n"
         R"({"step":0,"loss":1})";
}

HarnessOptions open_at(LabName lab, const std::string& folder) {
  HarnessOptions options = showing(lab);
  options.shell.settings.last_folder = folder;
  return options;
}

/// A picture of the lab.
std::string picture_of(LabName lab, const std::string& folder) {
  std::string path;
  WindowHarness window(open_at(lab, folder));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(
        person, [&] { return window.shell().run_action("file.export_quickly"); }));
    ASSERT_TRUE(window.wait_until(person, [&] {
      for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".png") path = entry.path();
      return !path.empty();
    }));
  });
  return path;
}

TEST(Drops, APictureBringsItsLabBack) {
  for (const LabName pictured : lab_names()) {
    const TemporaryFolder folder;
    const std::string path = picture_of(pictured, folder.path());
    for (const LabName open : lab_names()) {
      WindowHarness window(open_at(open, folder.path()));
      window.run([&](ImGuiTestContext&) {
        window.shell().open_path(path);
        EXPECT_FALSE(window.shell().message()) << pictured.name << " in " << open.name;
        EXPECT_EQ(window.shell().experiment().lab, pictured) << " in " << open.name;
      });
    }
  }
}

TEST(Drops, TablesWeightsAndRunsFindTheirLabAndSayTheirShape) {
  const TemporaryFolder folder;
  const std::string csv = folder.path() + "/rows.csv", npy = folder.path() + "/rows.npy";
  put(csv, "a,b\n1,2\n-1,0.5\n0.25,3\n");
  put(npy, npy_of_three_rows());
  put(folder.path() + "/w.safetensors", weights());
  put(folder.path() + "/run.jsonl", run_of_three_steps());
  for (const LabName open : lab_names()) {
    WindowHarness window(open_at(open, folder.path()));
    window.run([&](ImGuiTestContext& person) {
      const auto drop = [&](const std::string& path, LabName lab) {
        window.shell().open_path(path);
        EXPECT_FALSE(window.shell().message()) << path << " in " << open.name;
        EXPECT_EQ(window.shell().experiment().lab, lab) << path << " in " << open.name;
      };
      for (const std::string& table : {csv, npy}) {
        ASSERT_TRUE(window.shell().run_action(fmt::format("lab.{}", open.name)));
        person.Yield(2);
        const bool trains = open == LabName::training;
        drop(table, trains ? LabName::training : LabName::signal);
        EXPECT_EQ(window.shell().experiment().data.path, table);
        EXPECT_TRUE(window.wait_until(person, [] { return is_on_screen("3 rows"); })) << table;
        EXPECT_TRUE(is_on_screen("2 columns")) << table << " in " << open.name;
      }
      drop(folder.path() + "/w.safetensors", LabName::numbers);
      drop(folder.path() + "/run.jsonl", LabName::training);
    });
  }
}

}  // namespace
}  // namespace nanscope
