#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

#include <opencv2/imgproc.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/sources/cameras.hpp"

#include "camera_choice.hpp"
#include "pixel_formats.hpp"
#include "source_kind.hpp"
#include "v4l2.hpp"

namespace mien::sources {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as V4L2's own times

constexpr auto kFirstPictureTimeout = 5s;  // some cameras set up their sensor for seconds
constexpr auto kPictureTimeout = 2s;
// A few cameras never end their JPEGs as they should. Whose first pictures are all like that is
// one of them; with any other, such a picture is a broken one.
constexpr int kMaxBadPictures = 30;

std::string why_camera_failed(const CameraInfo& camera, int error) {
  const std::string name = "The camera " + camera.name +
                           (camera.name == camera.device ? "" : " (" + camera.device + ")");
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "There is no camera " + camera.device + "; plug it in, or choose another source.";
    case EACCES:
    case EPERM:
      return name +
             " may not be used by you: run `sudo usermod -aG video $USER`, log out and in "
             "again.";
    case EBUSY:
      return name +
             " is busy: another program uses it; close that program, or choose another "
             "camera.";
    case ENODEV:
    case ENXIO:
      return name + " was unplugged; plug it in again, or choose another source.";
    case ENOTTY:
    case EINVAL:
      return name + " is not a camera that gives pictures; choose another source.";
    case ENOTSUP:
      return name + " gives no picture format that can be read; choose another camera.";
    default:
      return name + " failed: " + std::generic_category().message(error) +
             "; unplug it and plug it in again.";
  }
}

[[noreturn]] void throw_failure(const CameraInfo& camera, int error) {
  if (error == EBUSY) throw CameraBusy(why_camera_failed(camera, error));
  throw base::Error(why_camera_failed(camera, error));
}

class CameraSource : public FrameSource {
 public:
  CameraSource(CameraInfo camera, const std::optional<CameraMode>& requested)
      : camera_(std::move(camera)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    try {
      stream_.emplace(camera_.device, choose_mode(camera_.modes, requested));
    } catch (const V4l2Stream::Failure& failure) {
      throw_failure(camera_, failure.error);
    }
    opened_ = Clock::now();
    last_arrival_ = opened_;
    info_.spec = camera_.stable_path;
    info_.name = camera_.name;
    info_.kind = "camera";
    info_.size = stream_->mode().size;
    info_.fps = stream_->mode().fps;
    info_.format = stream_->mode().format;
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
        const bool taken =
            stream_->take([&](const V4l2Stream::Buffer& buffer) { frame = decode(buffer); });
        // Ready with nothing to take: a driver that has lost its buffers. Wait, do not spin.
        if (!taken) std::this_thread::sleep_for(10ms);
        if (frame) return frame;
      }
      return nullptr;
    } catch (const V4l2Stream::Failure& failure) {
      throw_failure(camera_, failure.error);
    }
  }

  void interrupt() noexcept override {
    interrupted_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written =
        ::write(static_cast<int>(wake_.native()), &one, sizeof one);
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
      pollfd waits[2] = {{stream_->descriptor(), POLLIN, 0},
                         {static_cast<int>(wake_.native()), POLLIN, 0}};
      const int ready = ::poll(waits, 2, static_cast<int>(left.count()));
      if (ready < 0 && errno != EINTR) throw V4l2Stream::Failure{errno};
      // An unplugged camera shows as POLLERR; taking a buffer then tells why.
      if (ready > 0 && waits[0].revents != 0 && !interrupted_) return true;
    }
  }

  // nullptr for a buffer that holds no whole picture; such a one leaves a gap in the sequence.
  std::shared_ptr<base::Frame> decode(const V4l2Stream::Buffer& buffer) {
    const auto arrived = Clock::now();
    const std::uint64_t place = count(buffer.sequence);
    ++buffers_;
    ++unreadable_;  // until it has been read
    if (buffer.corrupt || buffer.bytes.empty()) return nullptr;
    cv::Mat image;
    try {
      image = decode_pixels(stream_->fourcc(), info_.size, stream_->stride(), buffer.bytes,
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
  std::chrono::nanoseconds capture_time(const V4l2Stream::Buffer& buffer,
                                        Clock::time_point arrived) const {
    std::chrono::nanoseconds time = arrived - opened_;
    if (buffer.monotonic) {
      const auto told = *buffer.monotonic - opened_.time_since_epoch();
      if (told >= 0ns && told <= time) time = told;
    }
    return std::max(time, last_time_ + 1us);
  }

  const CameraInfo camera_;
  system::FileHandle wake_;
  std::optional<V4l2Stream> stream_;
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
  return spec.starts_with("camera:") || spec.starts_with("/dev/video") ||
         spec.starts_with("/dev/v4l/");
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
