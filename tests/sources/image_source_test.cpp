#include <array>
#include <zlib.h>

#include <gmock/gmock.h>

#include "test_media.hpp"

namespace mien::sources {
namespace {

using ::testing::HasSubstr;

cv::Mat only_picture(const fs::path& file) {
  const auto frames = read_all(*open(file.string()));
  EXPECT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames.at(0)->image.type(), CV_8UC3);
  return frames.at(0)->image;
}

std::string number(std::size_t value, int count, bool big_endian) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const int shift = 8 * (big_endian ? count - 1 - i : i);
    text += static_cast<char>(value >> shift & 0xFF);
  }
  return text;
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
  const base::FramePtr frame = source->read();
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
  // 99 of 255 opaque, on white.
  EXPECT_EQ(only_picture(folder / "alpha.png").at<cv::Vec3b>(4, 4), cv::Vec3b(160, 164, 168));
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

TEST(ImageSource, ShowsNothingOfWhatIsTransparent) {
  const TempFolder folder;
  cv::Mat image(16, 16, CV_8UC4, cv::Scalar(10, 20, 30, 0));
  image.colRange(8, 16).setTo(cv::Scalar(10, 20, 30, 255));
  for (const char* name : {"a.png", "b.webp", "c.tif"}) {
    std::vector<int> options;
    if (std::string(name) == "b.webp") options = {cv::IMWRITE_WEBP_QUALITY, 101};
    cv::imwrite((folder / name).string(), image, options);
    const cv::Mat shown = only_picture(folder / name);
    EXPECT_EQ(shown.at<cv::Vec3b>(4, 2), cv::Vec3b(255, 255, 255)) << name;
    EXPECT_EQ(shown.at<cv::Vec3b>(4, 12), cv::Vec3b(10, 20, 30)) << name;
  }
  cv::Mat deep;
  image.convertTo(deep, CV_16U, 257);
  cv::imwrite((folder / "deep.png").string(), deep);
  EXPECT_EQ(only_picture(folder / "deep.png").at<cv::Vec3b>(4, 2), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(only_picture(folder / "deep.png").at<cv::Vec3b>(4, 12), cv::Vec3b(10, 20, 30));
}

TEST(ImageSource, StretchesTwelveBitsInSixteen) {
  const TempFolder folder;
  cv::Mat image(16, 16, CV_16UC1, cv::Scalar(1000));
  image.at<std::uint16_t>(0, 0) = 4000;
  cv::imwrite((folder / "camera.png").string(), image);
  EXPECT_EQ(only_picture(folder / "camera.png").at<cv::Vec3b>(8, 8)[0], 1000 * 255 / 4095);
}

// EXIF that says `orientation`, as a TIFF header with one entry.
std::string exif_block(int orientation) {
  return std::string("II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18) +
         static_cast<char>(orientation) + std::string(7, '\0');
}

TEST(ImageSource, TurnsWebpAndPngUprightInEveryOrientation) {
  const TempFolder folder;
  // The stored picture, and where its bright quarter is shown: rows, then columns, for each
  // orientation of EXIF, 1 to 8.
  cv::Mat stored(40, 80, CV_8UC3, cv::Scalar::all(20));
  stored(cv::Rect(0, 0, 40, 20)).setTo(cv::Scalar::all(230));
  constexpr std::array<std::pair<int, int>, 8> kShown = {
      {{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string exif = exif_block(orientation);
    cv::imwrite((folder / "a.webp").string(), stored, {cv::IMWRITE_WEBP_QUALITY, 90});
    std::string webp = read_file(folder / "a.webp");
    const std::string extended = std::string("VP8X") + number(10, 4, false) + '\x08' +
                                 std::string(3, '\0') + number(79, 3, false) +
                                 number(39, 3, false);
    webp = webp.substr(0, 12) + extended + webp.substr(12) + "EXIF" +
           number(exif.size(), 4, false) + exif;
    webp.replace(4, 4, number(webp.size() - 8, 4, false));
    write_file(folder / "a.webp", webp);
    cv::imwrite((folder / "a.png").string(), stored);
    std::string png = read_file(folder / "a.png");
    const std::string chunk = "eXIf" + exif;
    png.insert(33, number(exif.size(), 4, true) + chunk +
                       number(::crc32(0, reinterpret_cast<const Bytef*>(chunk.data()),
                                      static_cast<uInt>(chunk.size())),
                              4, true));
    write_file(folder / "a.png", png);
    for (const char* name : {"a.webp", "a.png"}) {
      const cv::Mat shown = only_picture(folder / name);
      EXPECT_EQ(shown.size(), orientation < 5 ? cv::Size(80, 40) : cv::Size(40, 80)) << name;
      const auto [down, right] = kShown[static_cast<std::size_t>(orientation - 1)];
      const cv::Rect quarter(right * shown.cols / 2, down * shown.rows / 2, shown.cols / 2,
                             shown.rows / 2);
      EXPECT_GT(mean_of(shown(quarter)), 200) << name << ' ' << orientation;
      EXPECT_LT(mean_of(shown), 100) << name << ' ' << orientation;
    }
  }
}

TEST(ImageSource, SaysHowManyPicturesItLeftOut) {
  const TempFolder folder;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  cv::imwritemulti(path("pages.tif"), std::vector<cv::Mat>(4, picture({16, 16}, 50)));
  cv::imwrite(path("one.jpg"), picture({16, 16}, 50));
  const std::string one = read_file(path("one.jpg"));
  write_file(path("stereo.jpg"), one + one);
  for (const auto& [name, count] :
       {std::pair<const char*, const char*>{"pages.tif", "4"}, {"stereo.jpg", "2"}}) {
    const auto source = open(path(name));
    EXPECT_EQ(source->info().kind, "image");
    EXPECT_EQ(read_all(*source).size(), 1U);
    EXPECT_THAT(source->remark(), HasSubstr(std::string("first of the ") + count)) << name;
  }
  EXPECT_EQ(open(path("one.jpg"))->remark(), "");
}

TEST(ImageSource, SaysWhatAHeicIs) {
  const TempFolder folder;
  for (const char* name : {"a.heic", "b.jpg"}) {
    write_file(folder / name, std::string("\0\0\0\x18"
                                          "ftypheic\0\0\0\0mif1heic",
                                          24) +
                                  std::string(100, 'x'));
    EXPECT_THAT(refusal((folder / name).string()), HasSubstr("HEIC")) << name;
  }
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
  write_file(folder / "bomb.pgm", "P5\n# a comment\n30000 30000\n255\n" + std::string(99, 'x'));
  EXPECT_THAT(refusal((folder / "bomb.pgm").string()), HasSubstr("30000x30000"));
  cv::imwrite((folder / "bomb.bmp").string(), picture({32, 24}, 90));
  std::string bmp = read_file(folder / "bomb.bmp");
  bmp.replace(18, 8, std::string("\x30\x75\0\0\x30\x75\0\0", 8));
  bmp.replace(30, 4, std::string("\1\0\0\0", 4));  // said to be compressed
  write_file(folder / "bomb.bmp", bmp);
  EXPECT_THAT(refusal((folder / "bomb.bmp").string()), HasSubstr("30000x30000"));
  const auto tiff_entry = [](int tag) {
    return number(tag, 2, false) + number(4, 2, false) + number(1, 4, false) +
           number(30000, 4, false);
  };
  write_file(folder / "bomb.tif", std::string("II*\0", 4) + number(8, 4, false) +
                                      number(2, 2, false) + tiff_entry(256) + tiff_entry(257) +
                                      number(0, 4, false));
  EXPECT_THAT(refusal((folder / "bomb.tif").string()), HasSubstr("30000x30000"));
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
  EXPECT_THAT(refusal(path("text.jpg")), HasSubstr("is not a picture"));
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

TEST(ImageSource, AColourProfileThatIsWrongIsNotTalkedAbout) {
  const TempFolder folder;
  const fs::path file = folder / "profile.png";
  cv::imwrite(file.string(), picture({80, 40}, 90));
  const cv::Mat plain = only_picture(file);
  std::string png = read_file(file);
  const std::string chunk("iCCPsRGB\0\0no profile", 20);
  png.insert(33, number(chunk.size() - 4, 4, true) + chunk +
                     number(::crc32(0, reinterpret_cast<const Bytef*>(chunk.data()),
                                    static_cast<uInt>(chunk.size())),
                            4, true));
  write_file(file, png);
  ::testing::internal::CaptureStderr();
  const cv::Mat with_profile = only_picture(file);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(cv::norm(with_profile, plain, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace mien::sources
