#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien::sources {

namespace fs = std::filesystem;

/// A folder that goes away with the object.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (fs::temp_directory_path() / "mien-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::string string() const { return path_.string(); }

 private:
  fs::path path_;
};

inline void write_file(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

inline std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A picture with detail everywhere; `shade` tells one from another by its mean.
inline cv::Mat picture(cv::Size size, int shade) {
  cv::Mat image(size, CV_8UC3, cv::Scalar::all(shade));
  cv::circle(image, {size.width / 3, size.height / 3}, size.height / 5, {40, 80, 220}, -1);
  return image;
}

inline double mean_of(const cv::Mat& image) {
  const cv::Scalar mean = cv::mean(image);
  return (mean[0] + mean[1] + mean[2]) / 3;
}

/// A clip whose frame i has brightness 20 + 6 i.
inline void write_clip(const fs::path& file, int frames, double fps = 25,
                       cv::Size size = {160, 120}) {
  const int codec = file.extension() == ".avi" ? cv::VideoWriter::fourcc('M', 'J', 'P', 'G')
                                               : cv::VideoWriter::fourcc('m', 'p', '4', 'v');
  cv::VideoWriter writer(file.string(), cv::CAP_FFMPEG, codec, fps, size);
  ASSERT_TRUE(writer.isOpened());
  for (int i = 0; i < frames; ++i) {
    writer.write(cv::Mat(size, CV_8UC3, cv::Scalar::all(20 + 6 * i)));
  }
}

inline std::unique_ptr<FrameSource> open(const std::string& spec, bool realtime = false) {
  return open_source({.spec = spec, .realtime = realtime, .mode = {}});
}

inline std::vector<base::FramePtr> read_all(FrameSource& source) {
  std::vector<base::FramePtr> frames;
  while (base::FramePtr frame = source.read()) frames.push_back(frame);
  return frames;
}

/// The sentence with which `spec` does not open; empty when it does. Checks that it is a
/// sentence.
inline std::string refusal(const std::string& spec) {
  try {
    open(spec);
    return "";
  } catch (const base::Error& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.ends_with('.')) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    return text;
  }
}

inline bool have_ffmpeg() {
  static const bool have = std::system("ffmpeg -version >/dev/null 2>&1") == 0;
  return have;
}

inline bool run_ffmpeg(const std::string& arguments) {
  return std::system(("ffmpeg -nostdin -loglevel error -y " + arguments).c_str()) == 0;
}

}  // namespace mien::sources
