#include <gmock/gmock.h>

#include "test_media.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

void save(const TempFolder& folder, const std::string& name, int shade,
          cv::Size size = {16, 16}) {
  cv::imwrite((folder / name).string(), cv::Mat(size, CV_8UC3, cv::Scalar::all(shade)));
}

TEST(FolderSource, GivesItsPicturesInNaturalOrderASecondApart) {
  const TempFolder folder;
  save(folder, "frame10.png", 100);
  save(folder, "frame9.png", 90);
  save(folder, "Frame1.PNG", 10, {24, 16});
  write_file(folder / "notes.txt", "no picture");
  write_file(folder / ".hidden.png", "no picture");
  fs::create_directories(folder / "deeper.png");

  const auto source = open(folder.string());
  EXPECT_EQ(source->info().kind, "folder");
  EXPECT_EQ(source->info().frame_count, 3);
  EXPECT_EQ(source->info().size, cv::Size(24, 16));
  EXPECT_FALSE(source->info().live);
  const auto frames = read_all(*source);
  ASSERT_EQ(frames.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(frames[i]->sequence, i);
    EXPECT_EQ(frames[i]->time, 1s * static_cast<int>(i));
  }
  EXPECT_EQ(frames[0]->file, "Frame1.PNG");
  EXPECT_EQ(frames[2]->file, "frame10.png");
  for (const auto& frame : frames) EXPECT_TRUE(frame->standalone);
  const auto film = open_source(
      {.spec = folder.string(), .realtime = false, .mode = {}, .as_sequence = true});
  const auto moment = film->read();
  EXPECT_FALSE(moment->standalone);
  EXPECT_EQ(moment->file, "Frame1.PNG");
  EXPECT_EQ(mean_of(frames[0]->image), 10);
  EXPECT_EQ(mean_of(frames[1]->image), 90);
  EXPECT_EQ(mean_of(frames[2]->image), 100);
}

TEST(FolderSource, ABrokenPictureDoesNotCostTheOthers) {
  const TempFolder folder;
  save(folder, "1.png", 10);
  write_file(folder / "2.png", "broken");
  save(folder, "3.png", 30);
  const auto source = open(folder.string());
  EXPECT_EQ(source->read()->sequence, 0U);
  EXPECT_EQ(source->read()->sequence, 2U) << "a gap where the broken one was";
  try {
    source->read();
    FAIL() << "the broken picture was not told of";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("2.png"));
  }
  EXPECT_EQ(source->read(), nullptr) << "told once";
}

TEST(FolderSource, CountsSeveralBrokenPictures) {
  const TempFolder folder;
  save(folder, "1.png", 10);
  write_file(folder / "2.png", "broken");
  write_file(folder / "3.png", "");
  const auto source = open(folder.string());
  source->read();
  try {
    source->read();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("2 of the 3 images"));
    EXPECT_THAT(error.what(), HasSubstr("2.png"));
  }
}

TEST(FolderSource, RefusesAFolderWithoutPictures) {
  const TempFolder folder;
  EXPECT_THAT(refusal(folder.string()), HasSubstr("holds no images"));
  write_file(folder / "notes.txt", "text");
  EXPECT_THAT(refusal(folder.string()), HasSubstr("holds no images"));
  write_file(folder / "only.png", "broken");
  EXPECT_THAT(refusal(folder.string()), HasSubstr("only.png"));
}

TEST(FolderSource, NamesAFolderGivenWithASlash) {
  const TempFolder folder;
  save(folder, "1.png", 10);
  EXPECT_EQ(open(folder.string() + "/")->info().name, fs::path(folder.string()).filename());
}

}  // namespace
}  // namespace mien::testing
