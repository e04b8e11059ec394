#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <string_view>

#include "mien/base/error.hpp"

#include "ffmpeg_capture.hpp"
#include "source_kind.hpp"

namespace mien {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kOpenTimeout = 5s;
constexpr auto kReadTimeout = 5s;
constexpr std::array<std::string_view, 5> kSchemes = {"http", "https", "rtsp", "rtsps", "rtmp"};

int milliseconds(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

// Without user name and password, for the screen and for error messages.
std::string without_credentials(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  const std::size_t path = url.find('/', start);
  const std::size_t at = url.rfind('@', path);
  if (at == std::string::npos || at < start) return url;
  return url.substr(0, start) + url.substr(at + 1);
}

class StreamSource : public FrameSource {
 public:
  explicit StreamSource(const std::string& url) : shown_(without_credentials(url)) {
    const std::string scheme = url.substr(0, url.find("://"));
    if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) {
      throw Error("The address " + shown_ + " cannot be opened: " + scheme +
                  " is not supported; use http, https or rtsp.");
    }
    capture_ = open_ffmpeg(url, {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, milliseconds(kOpenTimeout),
                                 cv::CAP_PROP_READ_TIMEOUT_MSEC, milliseconds(kReadTimeout)});
    if (!capture_.isOpened()) {
      throw Error("The address " + shown_ +
                  " gives no video: nobody answers there, or what answers is no video stream; "
                  "check the address and the network.");
    }
    const double count = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    finite_ = std::isfinite(count) && count >= 1 && count < 1e12;
    opened_ = Clock::now();
    next_ = grab();
    if (!next_) {
      throw Error("The address " + shown_ + " answers but sends no picture; try again later.");
    }
    info_.spec = url;
    info_.name = shown_.substr(shown_.find("://") + 3);
    info_.kind = "stream";
    info_.size = next_->image.size();
    info_.fps = nominal_fps(capture_);
    info_.format = codec_name(capture_);
    info_.live = !finite_;  // a video file on a web server is still a file
    if (finite_) info_.frame_count = static_cast<std::int64_t>(count);
  }

  const SourceInfo& info() const override { return info_; }

  FramePtr read() override {
    if (interrupted_) return nullptr;
    if (next_) return std::exchange(next_, nullptr);
    const auto before = Clock::now();
    if (auto frame = grab()) return interrupted_ ? nullptr : frame;
    // FFmpeg does not tell the end from a broken line; only the time-out shows.
    if (!interrupted_ && Clock::now() - before >= kReadTimeout - 200ms) {
      throw Error("The stream " + shown_ + " has sent nothing for " +
                  std::to_string(kReadTimeout.count()) +
                  " seconds; check the camera and the network, then open it again.");
    }
    return nullptr;
  }

  // FFmpeg itself is not interrupted: a read that waits ends with its time-out.
  void interrupt() noexcept override { interrupted_ = true; }

 private:
  std::shared_ptr<Frame> grab() {
    return translate_errors("The stream " + shown_ + " broke", [&]() -> std::shared_ptr<Frame> {
      cv::Mat image;  // a new one each time, which OpenCV then fills
      if (!capture_.read(image) || image.empty()) return nullptr;
      auto frame = std::make_shared<Frame>();
      frame->sequence = sequence_++;
      frame->image = as_bgr(image);
      frame->arrived = Clock::now();
      // What arrives live counts when it arrives: HTTP MJPEG carries no times of its own.
      frame->time = frame->arrived - opened_;
      if (finite_) {
        const double told = capture_.get(cv::CAP_PROP_POS_MSEC);
        frame->time = std::chrono::nanoseconds(std::llround(std::max(0.0, told) * 1e6));
      }
      frame->time = std::max<std::chrono::nanoseconds>(frame->time, last_time_ + 1us);
      last_time_ = frame->time;
      return frame;
    });
  }

  const std::string shown_;
  cv::VideoCapture capture_;
  SourceInfo info_;
  std::shared_ptr<Frame> next_;
  std::uint64_t sequence_ = 0;
  bool finite_ = false;
  Clock::time_point opened_;
  std::chrono::nanoseconds last_time_{-1us};
  std::atomic<bool> interrupted_ = false;
};

}  // namespace

SourceKind stream_source() {
  return {"stream",
          [](const std::string& spec) { return spec.find("://") != std::string::npos; },
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<StreamSource>(request.spec);
          }};
}

}  // namespace mien
