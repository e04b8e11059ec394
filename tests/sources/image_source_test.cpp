#include <gmock/gmock.h>

#include "test_media.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;

cv::Mat only_picture(const fs::path& file) {
  const auto frames = read_all(*open(file.string()));
  EXPECT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames.at(0)->image.type(), CV_8UC3);
  return frames.at(0)->image;
}

TEST(ImageSource, GivesItsPictureOnceAndEnds) {
  const TempFolder folder;
  const cv::Mat image = picture({64, 48}, 120);
  cv::imwrite((folder / "a.png").string(), image);
  const auto source = open((folder / "a.png").string(), true);
  EXPECT_EQ(source->info().kind, "image");
  EXPECT_EQ(source->info().name, "a.png");
  EXPECT_EQ(source->info().size, cv::Size(64, 48));
  EXPECT_FALSE(source->info().live);
  const FramePtr frame = source->read();
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(cv::norm(frame->image, image, cv::NORM_INF), 0);
  EXPECT_EQ(source->read(), nullptr);
}

TEST(ImageSource, TurnsEveryKindOfPixelInto8BitBgr) {
  const TempFolder folder;
  cv::imwrite((folder / "gray.png").string(), cv::Mat(8, 8, CV_8UC1, cv::Scalar(77)));
  cv::imwrite((folder / "alpha.png").string(),
              cv::Mat(8, 8, CV_8UC4, cv::Scalar(10, 20, 30, 99)));
  cv::imwrite((folder / "deep.png").string(),
              cv::Mat(8, 8, CV_16UC3, cv::Scalar::all(200 * 256)));
  EXPECT_EQ(only_picture(folder / "gray.png").at<cv::Vec3b>(4, 4), cv::Vec3b(77, 77, 77));
  EXPECT_EQ(only_picture(folder / "alpha.png").at<cv::Vec3b>(4, 4), cv::Vec3b(10, 20, 30));
  EXPECT_NEAR(only_picture(folder / "deep.png").at<cv::Vec3b>(4, 4)[0], 200, 1);
}

TEST(ImageSource, TurnsAPhotoUprightAsItsExifSays) {
  const TempFolder folder;
  cv::Mat image(40, 80, CV_8UC3, cv::Scalar::all(20));
  image.colRange(0, 40).setTo(cv::Scalar::all(230));
  const fs::path file = folder / "photo.jpg";
  cv::imwrite(file.string(), image);
  // APP1 right after the start marker: Exif, little-endian, one entry, Orientation (0x0112)
  // = 6.
  std::string bytes = read_file(file);
  const std::string tiff("II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
                         26);
  const std::string exif = std::string("Exif\0\0", 6) + tiff;
  const std::string app1 =
      std::string("\xff\xe1\0", 3) + static_cast<char>(exif.size() + 2) + exif;
  write_file(file, bytes.substr(0, 2) + app1 + bytes.substr(2));

  const cv::Mat turned = only_picture(file);
  EXPECT_EQ(turned.size(), cv::Size(40, 80));
  EXPECT_GT(mean_of(turned.rowRange(0, 30)), 200) << "what was left is now on top";
}

TEST(ImageSource, MakesAnEnormousPictureSmaller) {
  const TempFolder folder;
  cv::imwrite((folder / "wide.png").string(), cv::Mat(20, 10000, CV_8UC3, cv::Scalar::all(9)));
  EXPECT_EQ(only_picture(folder / "wide.png").size(), cv::Size(8192, 16));
}

TEST(ImageSource, RefusesASmallFileThatWouldFillTheMemory) {
  const TempFolder folder;
  for (const char* extension : {".png", ".jpg"}) {
    const fs::path file = folder / (std::string("bomb") + extension);
    cv::imwrite(file.string(), picture({32, 24}, 90));
    std::string bytes = read_file(file);
    if (file.extension() == ".png") {
      bytes.replace(16, 8, std::string("\0\0\x75\x30\0\0\x75\x30", 8));  // 30000 each
    } else {
      const std::size_t frame = bytes.find("\xff\xc0");
      bytes.replace(frame + 5, 4, "\x75\x30\x75\x30");
    }
    write_file(file, bytes);
    EXPECT_THAT(refusal(file.string()), HasSubstr("30000x30000"));
  }
}

TEST(ImageSource, SaysWhatIsWrongWithABadPicture) {
  const TempFolder folder;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  write_file(path("empty.png"), "");
  write_file(path("text.jpg"), "this is no picture at all");
  for (const char* extension : {".png", ".jpg", ".bmp", ".webp"}) {
    const std::string file = path("cut") + extension;
    cv::imwrite(file, picture({320, 240}, 90));
    const std::string bytes = read_file(file);
    write_file(file, bytes.substr(0, bytes.size() / 2));
    const std::string sentence = refusal(file);
    EXPECT_THAT(sentence, HasSubstr(file));
    EXPECT_THAT(sentence, ::testing::AnyOf(HasSubstr("cut off"), HasSubstr("damaged")));
  }
  EXPECT_THAT(refusal(path("empty.png")), HasSubstr("is empty"));
  EXPECT_THAT(refusal(path("text.jpg")), HasSubstr("is no picture"));
}

TEST(ImageSource, SurvivesEveryCutOfAPicture) {
  const TempFolder folder;
  for (const char* extension : {".png", ".jpg"}) {
    const fs::path whole = folder / (std::string("whole") + extension);
    cv::imwrite(whole.string(), picture({48, 32}, 90));
    const std::string bytes = read_file(whole);
    const fs::path cut = folder / (std::string("cut") + extension);
    for (std::size_t size = 0; size + 12 < bytes.size(); size += 7) {
      write_file(cut, bytes.substr(0, size));
      EXPECT_NE(refusal(cut.string()), "") << extension << " cut to " << size;
    }
  }
}

TEST(ImageSource, SaysWhenItMayNotRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TempFolder folder;
  cv::imwrite((folder / "a.png").string(), picture({8, 8}, 9));
  fs::permissions(folder / "a.png", fs::perms::none);
  EXPECT_THAT(refusal((folder / "a.png").string()), HasSubstr("may not be read"));
}

}  // namespace
}  // namespace mien::testing
