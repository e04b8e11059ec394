#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>

#include "mien/base/error.hpp"

#include "ffmpeg_capture.hpp"
#include "input_file.hpp"
#include "source_kind.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using Nanoseconds = std::chrono::nanoseconds;

constexpr double kFallbackFps = 25;

// FFmpeg plays a text file as an animation of letters; no one who gives one wants that.
bool is_text(const std::vector<std::uint8_t>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) {
    return (c >= 0x20 && c != 0x7F) || (c >= '\t' && c <= '\r') || c == 0x1B;
  });
}

class VideoSource : public FrameSource {
 public:
  explicit VideoSource(const std::string& path) : what_("The video " + path) {
    check_input_file(path);
    const auto start = first_bytes(path, 512);
    // An absolute path, because FFmpeg takes what stands before a colon for a protocol.
    if (!is_text(start)) capture_ = open_ffmpeg(fs::absolute(path).string());
    if (!capture_.isOpened()) {
      throw Error(what_ +
                  " cannot be played: it is no video, or it was cut off while being "
                  "written; choose another file.");
    }
    // The first picture tells the size after turning, and whether anything can be decoded at
    // all.
    next_ = grab();
    if (!next_) {
      throw Error(what_ + " holds no picture that can be decoded; choose another file.");
    }
    info_.spec = path;
    info_.name = fs::path(path).filename().string();
    info_.kind = "video";
    info_.size = next_->image.size();
    info_.fps = nominal_fps(capture_);
    info_.format = codec_name(capture_);
    const double count = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    if (std::isfinite(count) && count >= 1 && count < 1e12) {
      info_.frame_count = static_cast<std::int64_t>(count);
    }
  }

  const SourceInfo& info() const override { return info_; }

  FramePtr read() override {
    if (interrupted_) return nullptr;
    std::shared_ptr<Frame> frame = next_ ? std::exchange(next_, nullptr) : grab();
    if (frame) frame->arrived = std::chrono::steady_clock::now();
    return frame;
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  // nullptr where the file ends or, when it was cut off, breaks.
  std::shared_ptr<Frame> grab() {
    return translate_errors(what_ + " cannot be read on", [&]() -> std::shared_ptr<Frame> {
      cv::Mat image;  // a new one each time, which OpenCV then fills
      if (!capture_.read(image) || image.empty()) return nullptr;
      auto frame = std::make_shared<Frame>();
      frame->sequence = sequence_++;
      frame->time = presentation_time();
      frame->image = as_bgr(image);
      return frame;
    });
  }

  // What the file says, where that goes forward; else one frame's length after the last.
  Nanoseconds presentation_time() {
    const double fps = nominal_fps(capture_);
    const Nanoseconds step(std::llround(1e9 / (fps > 0 ? fps : kFallbackFps)));
    const double milliseconds = capture_.get(cv::CAP_PROP_POS_MSEC);
    Nanoseconds time = last_time_ + step;
    if (std::isfinite(milliseconds) && milliseconds >= 0 && milliseconds < 1e12) {
      const Nanoseconds told(std::llround(milliseconds * 1e6));
      if (told > last_time_) time = told;
    }
    if (sequence_ == 1) {
      first_time_ = time;  // some files start late
      last_time_ = time;
      return Nanoseconds{0};
    }
    last_time_ = time;
    return time - first_time_;
  }

  const std::string what_;
  cv::VideoCapture capture_;
  SourceInfo info_;
  std::shared_ptr<Frame> next_;
  std::uint64_t sequence_ = 0;
  Nanoseconds first_time_{0};
  Nanoseconds last_time_{-1};
  std::atomic<bool> interrupted_ = false;
};

}  // namespace

SourceKind video_source() {
  return {"video", [](const std::string&) { return true; },
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<VideoSource>(request.spec);
          }};
}

}  // namespace mien
