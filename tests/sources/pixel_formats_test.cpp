#include "pixel_formats.hpp"

#include "test_media.hpp"
#include "whole_picture.hpp"

namespace mien::sources {
namespace {

// One colour in each format, from BT.601 by hand: Y = 16 + 0.098 B + 0.504 G + 0.257 R,
// Cb = 128 + 0.439 B - 0.291 G - 0.148 R, Cr = 128 - 0.071 B - 0.368 G + 0.439 R.
const cv::Vec3b kColour(200, 100, 50);
constexpr std::uint8_t kY = 99, kCb = 179, kCr = 99;

void expect_colour(const cv::Mat& image, cv::Size size) {
  ASSERT_EQ(image.size(), size);
  ASSERT_EQ(image.type(), CV_8UC3);
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(image.at<cv::Vec3b>(size.height - 1, size.width - 1)[c], kColour[c], 4) << c;
  }
}

using system::PixelFormat;

/// With all planes in one piece.
cv::Mat decode_pixels(PixelFormat format, cv::Size size, std::size_t stride,
                      std::span<const std::uint8_t> bytes, bool complete_jpeg = false) {
  const system::PicturePlane plane{bytes, stride};
  return sources::decode_pixels(format, size, {&plane, 1}, complete_jpeg);
}

std::vector<std::uint8_t> repeat(const std::vector<std::uint8_t>& unit, std::size_t times) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < times; ++i) bytes.insert(bytes.end(), unit.begin(), unit.end());
  return bytes;
}

TEST(DecodePixels, KnowsTheRawFormats) {
  const cv::Size size(4, 2);
  expect_colour(decode_pixels(PixelFormat::yuyv, size, 8, repeat({kY, kCb, kY, kCr}, 4)), size);
  expect_colour(decode_pixels(PixelFormat::uyvy, size, 8, repeat({kCb, kY, kCr, kY}, 4)), size);
  expect_colour(decode_pixels(PixelFormat::bgr24, size, 12, repeat({200, 100, 50}, 8)), size);
  expect_colour(decode_pixels(PixelFormat::rgb24, size, 12, repeat({50, 100, 200}, 8)), size);
  auto nv12 = repeat({kY}, 8);
  const auto chroma = repeat({kCb, kCr}, 2);
  nv12.insert(nv12.end(), chroma.begin(), chroma.end());
  expect_colour(decode_pixels(PixelFormat::nv12, size, 4, nv12), size);
  auto planar = repeat({kY}, 8);
  planar.insert(planar.end(), {kCb, kCb, kCr, kCr});
  expect_colour(decode_pixels(PixelFormat::yuv420, size, 4, planar), size);
  EXPECT_EQ(decode_pixels(PixelFormat::gray, size, 4, repeat({7}, 8)).at<cv::Vec3b>(1, 3),
            cv::Vec3b(7, 7, 7));
}

TEST(DecodePixels, SkipsThePaddingBetweenRows) {
  std::vector<std::uint8_t> bytes = repeat({kY, kCb, kY, kCr}, 2);
  bytes.insert(bytes.end(), 8, 255);  // padding
  const auto second = repeat({kY, kCb, kY, kCr}, 2);
  bytes.insert(bytes.end(), second.begin(), second.end());
  expect_colour(decode_pixels(PixelFormat::yuyv, {4, 2}, 16, bytes), {4, 2});
}

TEST(DecodePixels, GivesNothingForAShortBuffer) {
  auto bytes = repeat({kY, kCb, kY, kCr}, 4);
  bytes.pop_back();
  EXPECT_TRUE(decode_pixels(PixelFormat::yuyv, {4, 2}, 8, bytes).empty());
  EXPECT_TRUE(decode_pixels(PixelFormat::bgr24, {4, 2}, 0, bytes).empty());
  EXPECT_TRUE(decode_pixels(PixelFormat::nv12, {4, 2}, 0, {}).empty());
}

TEST(DecodePixels, TakesOnlyWholeJpegsUnlessTheEndMarkerMayBeAppended) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", picture({64, 48}, 99), bytes);
  EXPECT_EQ(decode_pixels(PixelFormat::mjpeg, {64, 48}, 0, bytes).size(), cv::Size(64, 48));
  bytes.resize(bytes.size() - 2);
  EXPECT_TRUE(decode_pixels(PixelFormat::mjpeg, {64, 48}, 0, bytes).empty());
  EXPECT_EQ(decode_pixels(PixelFormat::mjpeg, {64, 48}, 0, bytes, true).size(),
            cv::Size(64, 48));
}

TEST(WholeJpeg, IgnoresThumbnailsAndTrailingBytes) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", picture({64, 48}, 99), bytes);
  EXPECT_TRUE(is_whole_jpeg(bytes));

  auto followed = bytes;
  followed.insert(followed.end(), 1000, 0);  // as cameras pad their buffers
  EXPECT_TRUE(is_whole_jpeg(followed));

  auto cut = bytes;
  cut.resize(cut.size() - 2);
  const std::vector<std::uint8_t> thumbnail = {0xFF, 0xE1, 0,    8,    'E',
                                               'x',  0xFF, 0xD8, 0xFF, 0xD9};
  cut.insert(cut.begin() + 2, thumbnail.begin(), thumbnail.end());
  EXPECT_FALSE(is_whole_jpeg(cut));

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(is_whole_jpeg(std::span(bytes).first(size))) << size;
  }
}

TEST(AnnouncedSize, IsWhatTheHeaderSays) {
  for (const char* extension : {".jpg", ".png", ".bmp"}) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(extension, picture({64, 48}, 99), bytes);
    EXPECT_EQ(announced_size(bytes), cv::Size(64, 48)) << extension;
    for (std::size_t size = 0; size < bytes.size(); ++size)
      announced_size(std::span(bytes).first(size));
  }
}

TEST(WholePng, EndsWithItsLastChunk) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".png", picture({64, 48}, 99), bytes);
  EXPECT_TRUE(is_whole_png(bytes));
  EXPECT_FALSE(is_cut_off(bytes));
  for (std::size_t size = 8; size < bytes.size(); ++size) {
    EXPECT_TRUE(is_cut_off(std::span(bytes).first(size))) << size;
  }
  bytes[8] = 0xFF;  // a length that reaches far past the end
  EXPECT_FALSE(is_whole_png(bytes));
}

TEST(CutOffBitmap, IsToldFromItsSizesHoweverLargeTheyAre) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".bmp", picture({64, 48}, 99), bytes);
  EXPECT_FALSE(is_cut_off(bytes));
  EXPECT_TRUE(is_cut_off(std::span(bytes).first(bytes.size() - 1)));
  // Width, height and bits of a pixel: their product fits into no number.
  for (const std::size_t at : {18, 22}) std::fill_n(bytes.begin() + at, 3, 0xFF);
  bytes[21] = bytes[25] = 0x7F;
  bytes[28] = bytes[29] = 0xFF;
  EXPECT_TRUE(is_cut_off(bytes));
}

TEST(PixelFormats, PlanesWithPaddedRowsAndInEitherOrder) {
  const cv::Size size(64, 48);
  cv::Mat bgr(size, CV_8UC3, cv::Scalar(40, 90, 210));
  bgr.colRange(32, 64).setTo(cv::Scalar(200, 120, 30));
  cv::Mat packed;
  cv::cvtColor(bgr, packed, cv::COLOR_BGR2YUV_I420);
  for (const std::size_t stride : {64U, 80U}) {
    for (const bool blue_first : {true, false}) {
      std::vector<std::uint8_t> bytes;
      const auto add = [&](const std::uint8_t* from, std::size_t rows, std::size_t length,
                           std::size_t step) {
        for (std::size_t y = 0; y < rows; ++y) {
          bytes.insert(bytes.end(), from + y * length, from + (y + 1) * length);
          bytes.resize(bytes.size() + step - length, 7);
        }
      };
      const std::uint8_t* u = packed.data + 64 * 48;
      const std::uint8_t* v = u + 32 * 24;
      add(packed.data, 48, 64, stride);
      add(blue_first ? u : v, 24, 32, stride / 2);
      add(blue_first ? v : u, 24, 32, stride / 2);
      const auto format = blue_first ? PixelFormat::yuv420 : PixelFormat::yvu420;
      const cv::Mat image = decode_pixels(format, size, stride, bytes);
      ASSERT_FALSE(image.empty());
      EXPECT_LT(cv::norm(image, bgr, cv::NORM_INF), 6) << stride << ' ' << blue_first;
      bytes.resize(bytes.size() / 2);
      EXPECT_TRUE(decode_pixels(format, size, stride, bytes).empty());
    }
  }
}

TEST(PixelFormats, PlanesThatComeOneByOne) {
  const cv::Size size(64, 48);
  const cv::Mat bgr(size, CV_8UC3, cv::Scalar(40, 90, 210));
  cv::Mat packed;
  cv::cvtColor(bgr, packed, cv::COLOR_BGR2YUV_I420);
  const std::uint8_t y = packed.data[0], u = packed.data[64 * 48], v = packed.data[64 * 60];
  const std::vector<std::uint8_t> luma(80 * 48, y), blue(48 * 24, u), red(48 * 24, v);
  std::vector<std::uint8_t> both;
  for (int i = 0; i < 40 * 24; ++i) both.insert(both.end(), {u, v});
  const auto decoded = [&](PixelFormat format,
                           const std::vector<system::PicturePlane>& planes) {
    return sources::decode_pixels(format, size, planes);
  };
  for (const cv::Mat& image :
       {decoded(PixelFormat::yuv420, {{luma, 80}, {blue, 48}, {red, 48}}),
        decoded(PixelFormat::yvu420, {{luma, 80}, {red, 48}, {blue, 48}}),
        decoded(PixelFormat::nv12, {{luma, 80}, {both, 80}})}) {
    ASSERT_EQ(image.size(), size);
    EXPECT_LT(cv::norm(image, bgr, cv::NORM_INF), 6);
  }
  EXPECT_TRUE(decoded(PixelFormat::yuv420, {{luma, 80}}).empty());
  EXPECT_TRUE(decoded(PixelFormat::yuv420, {{luma, 80}, {blue, 48}}).empty());
  const std::span cut = std::span(both).first(both.size() / 2);
  EXPECT_TRUE(decoded(PixelFormat::nv12, {{luma, 80}, {cut, 80}}).empty());
}

}  // namespace
}  // namespace mien::sources
