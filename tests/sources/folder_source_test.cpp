#include <gmock/gmock.h>

#include "test_media.hpp"

namespace mien::sources {
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
  EXPECT_EQ(source->read(), nullptr);
  EXPECT_THAT(source->damage(), HasSubstr("2.png"));
  EXPECT_EQ(source->remark(), "");
}

TEST(FolderSource, CountsSeveralBrokenPictures) {
  const TempFolder folder;
  save(folder, "1.png", 10);
  write_file(folder / "2.png", "broken");
  write_file(folder / "3.png", "");
  const auto source = open(folder.string());
  source->read();
  EXPECT_EQ(source->read(), nullptr);
  EXPECT_THAT(source->damage(), HasSubstr("2 of the 3 images"));
  EXPECT_THAT(source->damage(), HasSubstr("2.png"));
}

TEST(FolderSource, WhatIsInItIsReadOrNamed) {
  const TempFolder folder;
  save(folder, "1.png", 10);
  // The smallest GIF that there is: one pixel.
  const unsigned char kGif[] = {'G', 'I', 'F', '8', '9', 'a', 1, 0,    1, 0, 0x80, 0,
                                0,   255, 255, 255, 0,   0,   0, 0x2C, 0, 0, 0,    0,
                                1,   0,   1,   0,   0,   2,   2, 0x44, 1, 0, 0x3B};
  write_file(folder / "2.gif", std::string(reinterpret_cast<const char*>(kGif), sizeof kGif));
  write_file(folder / "3.HEIC", std::string("\0\0\0\x18"
                                            "ftypheic\0\0\0\0mif1heic",
                                            24));
  write_file(folder / "clip.mp4", "not looked at");
  write_file(folder / "notes.txt", "text");
  write_file(folder / ".DS_Store", "");
  fs::create_directories(folder / "more");
  const auto source = open(folder.string());
  EXPECT_EQ(read_all(*source).size(), 2U) << "the PNG and the GIF";
  EXPECT_THAT(source->damage(), HasSubstr("3.HEIC is a HEIC, which is not read here"));
  for (const char* name : {"clip.mp4", "notes.txt", "more"}) {
    EXPECT_THAT(source->remark(), HasSubstr(name));
  }
  EXPECT_THAT(source->remark(), ::testing::Not(HasSubstr("DS_Store")));
}

TEST(FolderSource, SaysWhichFilesHaveMorePictures) {
  const TempFolder folder;
  save(folder, "1.jpg", 10);
  save(folder, "2.jpg", 20);
  const auto two = read_file(folder / "1.jpg") + read_file(folder / "2.jpg");
  write_file(folder / "3.jpg", two);
  save(folder, "4.png", 40);
  ASSERT_TRUE(
      cv::imwritemulti((folder / "5.tif").string(),
                       std::vector<cv::Mat>{picture({32, 32}, 50), picture({32, 32}, 60)}));
  const auto source = open(folder.string());
  EXPECT_EQ(read_all(*source).size(), 5U);
  EXPECT_EQ(source->damage(), "");
  EXPECT_EQ(source->remark(), "Only the first picture was read of 3.jpg and 5.tif.");
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
}  // namespace mien::sources
