#include "mjpeg_parser.hpp"

#include <string>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

namespace mien::media {
namespace {

std::string small_jpeg(int shade, cv::Size size = {32, 24}) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", cv::Mat(size, CV_8UC3, cv::Scalar(shade, 255 - shade, 90)), bytes);
  return {bytes.begin(), bytes.end()};
}

void push(MjpegParser& parser, const std::string& text) {
  parser.push({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::vector<std::string> parsed_pictures(MjpegParser& parser) {
  std::vector<std::string> all;
  while (const auto picture = parser.next()) all.emplace_back(picture->begin(), picture->end());
  return all;
}

const std::string kHead = "--b\r\nContent-Type: image/jpeg\r\nContent-Length: 7\r\n\r\n";

TEST(MjpegParser, FindsPicturesWhateverStandsBetweenThem) {
  for (const std::string between : {"", "\r\n--b\r\n\r\n", "\n--frame\nContent-Length: 3\n\n",
                                    "rubbish \xFF\xD8 that looks like a start"}) {
    MjpegParser parser;
    push(parser,
         between + small_jpeg(10) + between + small_jpeg(20) + between + small_jpeg(30));
    EXPECT_EQ(parsed_pictures(parser),
              (std::vector{small_jpeg(10), small_jpeg(20), small_jpeg(30)}))
        << between;
    EXPECT_EQ(parser.broken(), 0U);
  }
}

TEST(MjpegParser, TakesBytesInAnyPieces) {
  const std::string all = kHead + small_jpeg(10) + kHead + small_jpeg(20, {200, 160});
  for (const std::size_t piece : {1U, 2U, 7U, 1000U}) {
    MjpegParser parser;
    std::vector<std::string> found;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      push(parser, all.substr(at, piece));
      for (auto& picture : parsed_pictures(parser)) found.push_back(std::move(picture));
    }
    EXPECT_EQ(found, (std::vector{small_jpeg(10), small_jpeg(20, {200, 160})})) << piece;
  }
}

TEST(MjpegParser, LeavesOutAPictureThatIsCutOffByTheNext) {
  const std::string cut = small_jpeg(50, {200, 160});
  MjpegParser parser;
  for (const std::size_t length : {cut.size() / 2, std::size_t{30}, cut.size() - 2}) {
    push(parser, kHead + small_jpeg(10) + kHead + cut.substr(0, length) + "\r\n" + kHead +
                     small_jpeg(20));
    EXPECT_EQ(parsed_pictures(parser), (std::vector{small_jpeg(10), small_jpeg(20)})) << length;
  }
  EXPECT_EQ(parser.broken(), 3U);
}

TEST(MjpegParser, CompletesPicturesThatHaveNoEndMarker) {
  const std::string endless =
      small_jpeg(50, {64, 48}).substr(0, small_jpeg(50, {64, 48}).size() - 2);
  MjpegParser parser;
  for (int i = 0; i < 40; ++i) push(parser, kHead + endless + "\r\n");
  const auto found = parsed_pictures(parser);
  ASSERT_GE(found.size(), 5U);
  EXPECT_EQ(found.front(), small_jpeg(50, {64, 48}));
}

TEST(MjpegParser, PassesOverNoise) {
  std::string noise;
  unsigned state = 1;
  for (int i = 0; i < 200'000; ++i) {
    state = state * 1664525 + 1013904223;
    noise += static_cast<char>(state >> 24);
  }
  MjpegParser parser;
  push(parser, noise);
  parsed_pictures(parser);
  push(parser, small_jpeg(10) + small_jpeg(20) + small_jpeg(30));
  EXPECT_GE(parsed_pictures(parser).size(), 2U) << "what follows the noise is found";
}

}  // namespace
}  // namespace mien::media
