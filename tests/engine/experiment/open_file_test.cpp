#include "engine/experiment/open_file.h"

#include <gmock/gmock.h>

#include "engine/base/file.h"
#include "engine/experiment/resolve.h"
#include "samples.h"

namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string notes(const OpenedFile& opened) {
  std::string all;
  for (const Message& note : opened.notes) all += note.text() + "\n";
  return all;
}

TEST(FileKind, GoesByTheEndingInAnyCase) {
  EXPECT_EQ(kind_of_file("a/b.JSON"), FileKind::experiment);
  EXPECT_EQ(kind_of_file("b.svg"), FileKind::experiment);
  EXPECT_EQ(kind_of_file("b.c.Npy"), FileKind::table);
  EXPECT_EQ(kind_of_file("b.tsv"), FileKind::table);
  EXPECT_EQ(kind_of_file("model-00001-of-00002.safetensors"), FileKind::weights);
  for (const char* name : {"b.pt", "b", ".csv", ""})
    EXPECT_EQ(kind_of_file(name), FileKind::unknown) << name;
}

TEST(OpenFile, ATableIsTheInputAndItsRowsTheMostOfABatch) {
  const testing::Folder folder;
  const std::string path = folder / "d.csv";
  ASSERT_TRUE(write_file_atomically(path, "a;b\n1,5;2\n3;4\n"));
  Experiment base;
  base.lab = LabName::numbers;
  base.network.model.depth = 3;
  base.data.header = TableHeader::no;  // of the file before
  const auto opened = open_file(base, path);
  ASSERT_TRUE(opened) << to_string(opened.error());
  EXPECT_EQ(opened->experiment.lab, LabName::signal);
  EXPECT_EQ(opened->experiment.network.model.depth, 3);
  EXPECT_EQ(opened->experiment.data.batch, 2);
  EXPECT_EQ(opened->experiment.data.path, path);
  EXPECT_EQ(opened->experiment.data.header, TableHeader::automatic);
  EXPECT_THAT(notes(*opened), HasSubstr("d.csv: 2 rows x 2 columns, header a, b, separated by "
                                        "semicolons, decimal comma"));
  EXPECT_THAT(notes(*opened), HasSubstr("batch is 2: d.csv has no more rows"));
  base.data.batch = 1;
  EXPECT_EQ(open_file(base, path)->experiment.data.batch, 1);
}

TEST(OpenFile, ABatchOfTrainingLeavesTheRowsThatAreHeldOut) {
  const testing::Folder folder;
  const std::string path = folder / "d.csv";
  ASSERT_TRUE(write_file_atomically(path, "1,2\n3,4\n5,6\n7,8\n"));
  Experiment base;
  base.lab = LabName::training;
  const auto opened = open_file(base, path);
  ASSERT_TRUE(opened) << to_string(opened.error());
  EXPECT_EQ(opened->experiment.data.batch, 3);
  EXPECT_THAT(notes(*opened), HasSubstr("beside the 1 that are held out"));
}

TEST(OpenFile, ErrorsNameTheFile) {
  const testing::Folder folder;
  for (const char* name : {"d.csv", "d.npy", "d.safetensors", "d.json", "d.png"}) {
    ASSERT_TRUE(write_file_atomically(folder / name, "x"));
    const auto opened = open_file({}, folder / name);
    ASSERT_FALSE(opened) << name;
    EXPECT_THAT(to_string(opened.error()), StartsWith(folder / name));
  }
  EXPECT_THAT(to_string(open_file({}, folder / "d.pt").error()), HasSubstr("does not open"));
}

TEST(OpenFile, ABatchThatNobodyAskedForFollowsTheFile) {
  const testing::Folder folder;
  const std::string path = folder / "d.csv";
  ASSERT_TRUE(write_file_atomically(path, "1,2.5\n3,4\n5,6\n"));
  const std::string word = "data.path=" + path;
  std::vector<Message> notes;
  EXPECT_EQ(resolve_experiment({"data.kind=file", word}, &notes)->data.batch, 3);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_THAT(notes[0].text(), HasSubstr("batch is 3: d.csv has no more rows"));
  EXPECT_EQ(resolve_experiment({"data.kind=file", word, "batch=5"})->data.batch, 5);
  EXPECT_EQ(resolve_experiment({"data.kind=file", word, "data.header=yes"})->data.batch, 2);
}

}  // namespace
}  // namespace nanscope
