#include "input_list.hpp"

#include "mien/base/error.hpp"

#include "command_line.hpp"

namespace mien {
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

TEST_F(InputListTest, TheSameNameTwiceIsNumbered) {
  EXPECT_THAT(names(list_inputs({"a/x.mp4", "b/x.mp4", "demo", "c/x.avi"})),
              ElementsAre("x", "x_2", "demo", "x_3"));
}

TEST_F(InputListTest, PatternsAndFoldersOfVideosStandForTheirFiles) {
  write("videos/b.mp4", "");
  write("videos/a.MKV", "");
  write("videos/notes.txt", "");
  write("photos/one.png", "");
  write("photos/film.mp4", "");
  EXPECT_THAT(names(list_inputs({path("videos")})), ElementsAre("a", "b"));
  EXPECT_THAT(names(list_inputs({path("videos/*.mp4"), path("photos")})),
              ElementsAre("b", "photos"))
      << "a folder of pictures is one input";
  EXPECT_THAT(names(list_inputs({path("v*")})), ElementsAre("a", "b"));
  write("odd[1].png", "");
  EXPECT_THAT(names(list_inputs({path("odd[1].png")})), ElementsAre("odd[1]"))
      << "a file of that very name is no pattern";
  EXPECT_THAT(names(list_inputs({"http://host/watch?v=1"})), ElementsAre("host-watch"));
  try {
    list_inputs({path("videos/*.avi")});
    FAIL() << "nothing matches";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("*.avi"));
  }
}

TEST_F(InputListTest, ShardsAreDisjointAndWhole) {
  std::vector<NamedInput> inputs;
  for (int i = 0; i < 7; ++i) inputs.push_back({std::to_string(i), std::to_string(i)});
  EXPECT_THAT(names(inputs_of(parse_shard("1/3"), inputs)), ElementsAre("0", "3", "6"));
  EXPECT_THAT(names(inputs_of(parse_shard("2/3"), inputs)), ElementsAre("1", "4"));
  EXPECT_THAT(names(inputs_of(parse_shard("3/3"), inputs)), ElementsAre("2", "5"));
  EXPECT_TRUE(inputs_of(parse_shard("9/9"), inputs).empty());
  for (const char* bad : {"", "1", "0/3", "4/3", "1/0", "-1/3", "1/3x", "/", "a/b"}) {
    EXPECT_THROW(parse_shard(bad), Error) << bad;
  }
}

}  // namespace
}  // namespace mien
