#include <algorithm>
#include <atomic>
#include <thread>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/sources/cameras.hpp"
#include "mien/system/camera_device.hpp"

#include "camera_choice.hpp"
#include "pixel_formats.hpp"
#include "source_kind.hpp"

namespace mien::sources {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kFirstPictureTimeout = 5s;  // some cameras set up their sensor for seconds
constexpr auto kPictureTimeout = 2s;
// A few cameras never end their JPEGs as they should. Whose first pictures are all like that is
// one of them; with any other, such a picture is a broken one.
constexpr int kMaxBadPictures = 30;

std::string why_camera_failed(const CameraInfo& camera, const system::CameraFailure& failure) {
  using Why = system::CameraFailure::Why;
  const std::string name = "The camera " + camera.name +
                           (camera.name == camera.device ? "" : " (" + camera.device + ")");
  switch (failure.why) {
    case Why::missing:
      return "There is no camera " + camera.device + "; plug it in, or choose another source.";
    case Why::forbidden:
      return name +
             " may not be used by you: run `sudo usermod -aG video $USER`, log out and in "
             "again.";
    case Why::busy:
      return name +
             " is busy: another program uses it; close that program, or choose another "
             "camera.";
    case Why::unplugged:
      return name + " was unplugged; plug it in again, or choose another source.";
    case Why::no_camera:
      return name + " is not a camera that gives pictures; choose another source.";
    case Why::no_format:
      return name + " gives no picture format that can be read; choose another camera.";
    case Why::wrong_lengths:
      return name +
             " says wrong lengths of its pictures; choose another of its modes, or another "
             "camera.";
    case Why::other:
      break;
  }
  return name + " failed: " + failure.error.message() + "; unplug it and plug it in again.";
}

std::optional<system::CaptureMode> capture_mode_of(const std::optional<CameraMode>& mode) {
  const auto format = mode ? system::pixel_format_named(mode->format) : std::nullopt;
  if (!format) return std::nullopt;
  return system::CaptureMode{mode->size.width, mode->size.height, mode->fps, *format};
}

[[noreturn]] void throw_failure(const CameraInfo& camera,
                                const system::CameraFailure& failure) {
  if (failure.why == system::CameraFailure::Why::busy) {
    throw CameraBusy(why_camera_failed(camera, failure));
  }
  throw base::Error(why_camera_failed(camera, failure));
}

class CameraSource : public FrameSource {
 public:
  CameraSource(CameraInfo camera, const std::optional<CameraMode>& requested)
      : camera_(std::move(camera)) {
    try {
      stream_.emplace(camera_.device, capture_mode_of(choose_mode(camera_.modes, requested)));
    } catch (const system::CameraFailure& failure) {
      throw_failure(camera_, failure);
    }
    opened_ = Clock::now();
    last_arrival_ = opened_;
    info_.spec = camera_.stable_path;
    info_.name = camera_.name;
    info_.kind = "camera";
    const auto& mode = stream_->mode();
    info_.size = {mode.width, mode.height};
    info_.fps = mode.fps;
    info_.format = system::name_of(mode.format);
    info_.live = true;
  }

  ~CameraSource() override {
    const auto lost = buffers_ > 0 ? place_ + 1 - buffers_ : 0;
    base::log::info("sources", "Closed the camera ", info_.name, ": ", buffers_,
                    " pictures, and of these ", unreadable_, " could not be read; ", lost,
                    " more were lost in the driver");
  }
  CameraSource(const CameraSource&) = delete;
  CameraSource& operator=(const CameraSource&) = delete;

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    try {
      while (wait()) {
        std::shared_ptr<base::Frame> frame;
        const bool taken = stream_->take(
            [&](const system::CapturedPicture& picture) { frame = decode(picture); });
        // Ready with nothing to take: a driver that has lost its buffers. Wait, do not spin.
        if (!taken) std::this_thread::sleep_for(10ms);
        if (frame) return frame;
      }
      return nullptr;
    } catch (const system::CameraFailure& failure) {
      throw_failure(camera_, failure);
    }
  }

  void interrupt() noexcept override {
    interrupted_ = true;
    stream_->interrupt();
  }

 private:
  // Until a buffer is there. False when interrupted. Throws when there was no good picture for
  // too long: bad ones do not count.
  bool wait() {
    const auto timeout = had_picture_ ? kPictureTimeout : kFirstPictureTimeout;
    for (;;) {
      if (interrupted_) return false;
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(last_arrival_ + timeout - Clock::now());
      if (left <= 0ms && buffers_ > 0 && !had_picture_) {
        throw base::Error("The camera " + camera_.name +
                          " sends pictures that cannot be read (" + info_.format +
                          "); choose another of its modes, or another source.");
      }
      if (left <= 0ms) {
        throw base::Error(
            "The camera " + camera_.name + " has sent no picture for " +
            std::to_string(timeout.count()) +
            " seconds; unplug it and plug it in again, or choose another source.");
      }
      if (stream_->wait(left) && !interrupted_) return true;
    }
  }

  // nullptr for a buffer that holds no whole picture; such a one leaves a gap in the sequence.
  std::shared_ptr<base::Frame> decode(const system::CapturedPicture& buffer) {
    const auto arrived = Clock::now();
    const std::uint64_t place = count(buffer.sequence);
    ++buffers_;
    ++unreadable_;  // until it has been read
    if (buffer.corrupt) return nullptr;
    cv::Mat image;
    try {
      image = decode_pixels(stream_->mode().format, info_.size, buffer.planes,
                            bad_at_first_ >= kMaxBadPictures);
    } catch (const cv::Exception&) {
      return nullptr;  // a damaged JPEG
    }
    if (image.empty()) {
      if (!had_picture_) ++bad_at_first_;
      return nullptr;
    }
    --unreadable_;
    // A JPEG says its own size; it is the agreed one unless the driver errs.
    if (image.size() != info_.size) cv::resize(image, image, info_.size, 0, 0, cv::INTER_AREA);
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = place;
    frame->time = capture_time(buffer, arrived);
    frame->arrived = arrived;
    frame->image = image;
    last_time_ = frame->time;
    last_arrival_ = arrived;
    had_picture_ = true;
    return frame;
  }

  // The driver's count since the first buffer. Some leave it at 0, and some begin anew.
  std::uint64_t count(std::uint32_t told) {
    if (told_) {
      const std::uint32_t step = told - *told_;
      const bool forward = step != 0 && step < 0x80000000U;
      place_ += forward ? step : 1;
    }
    told_ = told;
    return place_;
  }

  // The device's time when it is between opening and now, and goes forward; else the arrival.
  std::chrono::nanoseconds capture_time(const system::CapturedPicture& buffer,
                                        Clock::time_point arrived) const {
    std::chrono::nanoseconds time = arrived - opened_;
    if (buffer.taken) {
      const auto told = *buffer.taken - opened_.time_since_epoch();
      if (told >= 0ns && told <= time) time = told;
    }
    return std::max(time, last_time_ + 1us);
  }

  const CameraInfo camera_;
  std::optional<system::CameraStream> stream_;
  SourceInfo info_;
  Clock::time_point opened_;
  Clock::time_point last_arrival_;     // of a good picture
  std::optional<std::uint32_t> told_;  // the last buffer's sequence, as the driver has it
  std::uint64_t place_ = 0;            // the same since the first buffer
  std::uint64_t buffers_ = 0;          // good or bad
  std::uint64_t unreadable_ = 0;       // of these
  std::chrono::nanoseconds last_time_{-1us};
  bool had_picture_ = false;
  int bad_at_first_ = 0;
  std::atomic<bool> interrupted_ = false;
};

bool is_camera(const std::string& spec) {
  return spec.starts_with("camera:") || system::is_camera_path(spec);
}

}  // namespace

SourceKind camera_source() {
  return {"camera", is_camera,
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<CameraSource>(choose_camera(list_cameras(), request.spec),
                                                  request.mode);
          }};
}

}  // namespace mien::sources
