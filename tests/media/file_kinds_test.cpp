#include "mien/media/file_kinds.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

namespace mien::media {
namespace {

TEST(FileKindsTest, TheEndOfTheNameDecidesInAnyCase) {
  for (const char* name :
       {"a.jpg", "/photos/A.JPEG", "b.c.Png", "ünï.webp", "x.TIFF", "x.pnm"}) {
    EXPECT_TRUE(looks_like_image(name)) << name;
    EXPECT_FALSE(looks_like_video(name)) << name;
  }
  for (const char* name : {"a.mp4", "/films/A.MKV", "b.jpg.MoV", "c.m2ts", "camera.mjpeg"}) {
    EXPECT_TRUE(looks_like_video(name)) << name;
    EXPECT_FALSE(looks_like_image(name)) << name;
  }
}

TEST(FileKindsTest, OtherNamesAreNeither) {
  for (const char* name : {"", "png", ".png", "/pictures/.jpg", "a.png.txt", "a.pngx", "a.pn",
                           "clips.mp4/notes", "pictures.png/", "session.json", "a.", "a"}) {
    EXPECT_FALSE(looks_like_image(name)) << name;
    EXPECT_FALSE(looks_like_video(name)) << name;
  }
}

TEST(FileKindsTest, AnImageIsWhatCanBeWrittenAndReadAgain) {
  const cv::Mat picture(64, 64, CV_8UC3, cv::Scalar(10, 20, 30));  // JPEG 2000 wants some room
  for (const char* ending : {".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm", ".jp2"}) {
    ASSERT_TRUE(looks_like_image(std::string("x") + ending)) << ending;
    std::vector<uchar> bytes;
    ASSERT_TRUE(cv::imencode(ending, picture, bytes)) << ending;
    EXPECT_FALSE(cv::imdecode(bytes, cv::IMREAD_COLOR).empty()) << ending;
  }
}

}  // namespace
}  // namespace mien::media
