#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/overlay/annotated_picture.hpp"
#include "mien/overlay/delayed_frames.hpp"
#include "mien/system/camera_device.hpp"
#include "mien/system/virtual_camera.hpp"

#include "protocols.hpp"
#include "yuv_picture.hpp"

namespace mien::outputs {
namespace {

constexpr std::string_view kBlurred = "blurred";

struct CameraArgument {
  std::string device;  ///< empty: the first virtual camera
  bool blurred = false;
};

/// "/dev/videoN", "/dev/videoN,blurred", "blurred" or nothing.
CameraArgument parse_camera(std::string_view text) {
  CameraArgument result;
  auto [device, word] = base::split(text, ',');
  if (word.empty() && device == kBlurred) std::swap(device, word);
  const bool known = word.empty() ? device.size() == text.size() : word == kBlurred;
  if (!known || (!device.empty() && !system::is_camera_path(device)) ||
      base::has_control_characters(device)) {
    throw base::Error(
        "A virtual camera cannot be \"" + base::clean_text(text, 80) +
        "\"; write its device, /dev/videoN, and \",blurred\" behind it when faces "
        "are to be hidden.");
  }
  result.device = device;
  result.blurred = !word.empty();
  return result;
}

[[noreturn]] void throw_camera_error(const std::string& device,
                                     const system::VirtualCameraFailure& failure) {
  using Why = system::VirtualCameraFailure::Why;
  const auto name = "The virtual camera " + device;
  switch (failure.why) {
    case Why::missing:
      throw base::Error("There is no virtual camera " + device + "; " +
                        "choose another device, or make one with `sudo modprobe v4l2loopback` "
                        "(package v4l2loopback-dkms).");
    case Why::forbidden:
      throw base::Error(name +
                        " may not be used by you: run `sudo usermod -aG video $USER`, log out "
                        "and in again.");
    case Why::busy:
      throw base::Error(name +
                        " is written to by another program; close that, or choose another "
                        "device.");
    case Why::no_output:
      throw base::Error("The device " + device +
                        " is a camera or something else that takes no pictures; choose a "
                        "virtual camera, as v4l2loopback makes them.");
    case Why::no_format:
      throw base::Error(name +
                        " takes neither YUYV nor YU12; load v4l2loopback anew, without a fixed "
                        "format.");
    case Why::unplugged:
      throw base::Error(name + " was taken away; load v4l2loopback again.");
    case Why::other:
      break;
  }
  throw base::Error(name + " failed: " + failure.error.message() +
                    "; load v4l2loopback anew, or choose another device.");
}

class CameraOutput : public Sender {
 public:
  explicit CameraOutput(CameraArgument argument)
      : argument_(std::move(argument)), shown_(argument_.device) {}

  void open() override {
    device_ = argument_.device;
    if (device_.empty()) {
      const auto all = system::list_virtual_camera_devices();
      if (all.empty()) {
        throw base::Error(
            "There is no virtual camera; install the package v4l2loopback-dkms and run `sudo "
            "modprobe v4l2loopback exclusive_caps=1 card_label=mien`.");
      }
      device_ = all.front().device;
      const base::MutexLock lock(mutex_);
      place_ = device_ + (argument_.blurred ? ',' + std::string(kBlurred) : "");
    }
    try {
      camera_.emplace(device_);
    } catch (const system::VirtualCameraFailure& failure) {
      throw_camera_error(device_, failure);
    }
    picture_.emplace(overlay::AnnotatedPicture::Options{});
  }

  void send(const base::AnalyzedFrame& frame) override {
    if (!argument_.blurred) return show(frame, {});
    delayed_.add(frame);
    show_ready();
  }

  void missed(const base::AnalyzedFrame& frame) override {
    if (argument_.blurred) delayed_.miss(frame);
  }

  void follow(Sender& before) override {
    delayed_ = std::move(dynamic_cast<CameraOutput&>(before).delayed_);
    delayed_.drop();
  }

  void source_ended() override {
    delayed_.end();
    show_ready();
  }

  void use_names(const std::map<int, std::string>& names) override { names_ = names; }
  std::string address() const override { return shown_; }
  std::uint64_t lost() const override { return lost_; }
  std::string place() const override {
    const base::MutexLock lock(mutex_);
    return place_;
  }

 private:
  void show_ready() {
    while (const auto next = delayed_.next()) show(next->frame, next->hidden);
  }

  void show(const base::AnalyzedFrame& frame, const std::vector<cv::Rect2f>& hidden) {
    try {
      const auto& image = frame.frame->image;
      if (camera_->width() == 0) camera_->set_size(image.cols, image.rows);
      const auto& picture =
          picture_->paint(frame, {camera_->width(), camera_->height()}, hidden, names_);
      if (!camera_->write(as_yuv(picture, camera_->format()))) ++lost_;
    } catch (const system::VirtualCameraFailure& failure) {
      throw_camera_error(device_, failure);
    }
  }

  const CameraArgument argument_;
  const std::string shown_;
  std::string device_;
  std::optional<overlay::AnnotatedPicture> picture_;  ///< from open() on
  std::optional<system::VirtualCamera> camera_;
  overlay::DelayedFrames delayed_;  ///< when faces are blurred
  std::map<int, std::string> names_;
  std::atomic<std::uint64_t> lost_{0};
  mutable base::Mutex mutex_;
  std::string place_ MIEN_GUARDED_BY(mutex_);  ///< when the argument named no device
};

}  // namespace

std::vector<Place> virtual_camera_places() {
  std::vector<Place> places;
  for (const auto& [device, name] : system::list_virtual_camera_devices()) {
    std::string shown = name;
    shown.append(" (").append(device).append(")");
    places.push_back({device, shown});
    places.push_back({device + ',' + std::string(kBlurred), shown + ", faces blurred"});
  }
  return places;
}

std::unique_ptr<Sender> make_camera_output(std::string_view argument,
                                           const Services& /*services*/) {
  return std::make_unique<CameraOutput>(parse_camera(argument));
}

}  // namespace mien::outputs
