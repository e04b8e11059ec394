#include "input_list.hpp"

#include <cstdio>

#include <unistd.h>

#include "mien/base/error.hpp"

#include "command_line.hpp"

namespace mien::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

using InputListTest = CommandLineTest;

std::vector<std::string> names(const std::vector<NamedInput>& inputs) {
  std::vector<std::string> result;
  for (const auto& input : inputs) result.push_back(input.name);
  return result;
}

TEST_F(InputListTest, FoldersAreNamedAfterTheirInputs) {
  const auto name = [&](const std::string& input) { return list_inputs({input}).at(0).name; };
  EXPECT_EQ(name("demo"), "demo");
  EXPECT_EQ(name("/videos/a clip.mp4"), "a clip");
  EXPECT_EQ(name("photos/"), "photos");
  EXPECT_EQ(name("camera:1"), "camera-1");
  EXPECT_EQ(name("/dev/video0"), "video0");
  EXPECT_EQ(name("rtsp://ann:secret@camera.example:554/live?key=1"), "camera.example-554-live");
  EXPECT_EQ(name("http://host/"), "host");
  EXPECT_EQ(name(".."),
            fs::absolute("..").lexically_normal().parent_path().filename().string());
  EXPECT_EQ(name("///"), "input");
}

TEST_F(InputListTest, NamesDoNotDependOnNeighbours) {
  EXPECT_THAT(names(list_inputs({"a/x.mp4", "b/x.mp4", "demo", "c/x.avi"})),
              ElementsAre("x", "x", "demo", "x"));
}

TEST_F(InputListTest, PatternsAndFoldersOfVideosStandForTheirFiles) {
  write("videos/b.mp4", "");
  write("videos/a.MKV", "");
  write("videos/notes.txt", "");
  write("photos/one.png", "");
  write("photos/film.mp4", "");
  EXPECT_THAT(names(list_inputs({path("videos")})), ElementsAre("a", "b"));
  EXPECT_THAT(names(list_inputs({path("videos/*.mp4"), path("photos")})),
              ElementsAre("b", "photos", "film"))
      << "the pictures of a folder are one input, its videos one each";
  EXPECT_THAT(names(list_inputs({path("v*")})), ElementsAre("a", "b"));
  std::vector<std::string> left_out;
  list_inputs({path("videos"), path("photos")}, &left_out);
  ASSERT_EQ(left_out.size(), 1U) << "of the other one, its source tells";
  EXPECT_THAT(left_out[0], HasSubstr("notes.txt is neither picture nor video"));
  write("odd[1].png", "");
  EXPECT_THAT(names(list_inputs({path("odd[1].png")})), ElementsAre("odd[1]"))
      << "a file of that very name is no pattern";
  EXPECT_THAT(names(list_inputs({"http://host/watch?v=1"})), ElementsAre("host-watch"));
  try {
    list_inputs({path("videos/*.avi")});
    FAIL() << "nothing matches";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("*.avi"));
  }
}

TEST_F(InputListTest, AFolderThatMayNotBeReadIsNamed) {
  fs::create_directory(root_ / "closed");
  fs::permissions(root_ / "closed", fs::perms::none);
  // In a process that is not root's, which may read everything.
  EXPECT_EXIT(
      {
        if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
        try {
          list_inputs({path("closed/*.jpg")});
        } catch (const base::Error& error) {
          std::fputs(error.what(), stderr);
          ::_exit(0);
        }
        ::_exit(1);
      },
      ::testing::ExitedWithCode(0), "The folder .*closed.* may not be read");
  fs::permissions(root_ / "closed", fs::perms::owner_all);
}

TEST_F(InputListTest, ShardsAreDisjointAndWhole) {
  EXPECT_THAT(part_of(parse_shard("1/3"), 7), ElementsAre(0, 3, 6));
  EXPECT_THAT(part_of(parse_shard("2/3"), 7), ElementsAre(1, 4));
  EXPECT_THAT(part_of(parse_shard("3/3"), 7), ElementsAre(2, 5));
  EXPECT_TRUE(part_of(parse_shard("9/9"), 7).empty());
  for (const char* bad : {"", "1", "0/3", "4/3", "1/0", "-1/3", "1/3x", "/", "a/b"}) {
    EXPECT_THROW(parse_shard(bad), base::Error) << bad;
  }
}

}  // namespace
}  // namespace mien::cli
