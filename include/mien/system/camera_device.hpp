#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// How a camera's pictures lie in memory, what is best to ask for first: JPEGs before raw ones,
/// which come slowly at large sizes.
enum class PixelFormat {
  mjpeg,
  jpeg,
  yuyv,    ///< two pixels in four bytes: Y U Y V
  uyvy,    ///< U Y V Y
  nv12,    ///< two planes: Y, then U and V by turns, half as wide and half as high
  yuv420,  ///< three planes: Y, U, V
  bgr24,
  rgb24,
  nv21,    ///< as nv12, V before U
  yvu420,  ///< as yuv420, V before U
  gray,
};

/// Every one, best first.
std::span<const PixelFormat> pixel_formats();

/// Four characters, as they stand in the settings and in the menu: "MJPG".
std::string_view name_of(PixelFormat format);
std::optional<PixelFormat> pixel_format_named(std::string_view name);

/// What a camera can be asked for.
struct CaptureMode {
  int width = 0;  ///< pixels
  int height = 0;
  double fps = 0;  ///< pictures a second; 0 when the driver does not tell
  PixelFormat format = PixelFormat::mjpeg;

  bool operator==(const CaptureMode&) const = default;
};

struct CameraDevice {
  std::string device;              ///< what opens it: "/dev/video0"
  std::string stable_path;         ///< the same after unplugging and plugging in, else `device`
  std::string name;                ///< "HD Pro Webcam C920"
  std::vector<CaptureMode> modes;  ///< in the driver's order; none when it cannot be opened
};

/// Every camera of the system, always in the same order. One that another program uses, or that
/// this user may not open, is listed too. Milliseconds as a rule, up to a second for a camera
/// that has to be woken. Any thread.
std::vector<CameraDevice> list_camera_devices();

struct CameraName {
  std::string device;
  std::string name;
};

/// The same by name alone, without opening any, which may wake a camera and light its lamp: one
/// that is no camera may be among them. `folder`: where the system lists them; another one only
/// in tests.
std::vector<CameraName> list_camera_names(const std::filesystem::path& folder = {});

/// Whether a source's name is that of a camera: CameraDevice's device or stable_path.
bool is_camera_path(std::string_view name);

/// Tells that something was plugged in or out. One thread.
class CameraWatcher {
 public:
  /// `folder`: where the system has the devices; another one only in tests.
  explicit CameraWatcher(const std::string& folder = "");

  /// True when cameras may have changed since the last call. Never waits.
  bool changed();

 private:
  FileHandle handle_;
};

/// Why a camera does not open, or gives no pictures any more.
struct CameraFailure {
  enum class Why {
    missing,    ///< there is no such device
    forbidden,  ///< this user may not use it
    busy,       ///< another program uses it
    unplugged,
    no_camera,      ///< a device that gives no pictures
    no_format,      ///< none of pixel_formats()
    wrong_lengths,  ///< the driver says that a picture is larger than its memory
    other,
  };
  Why why = Why::other;
  std::error_code error;  ///< for Why::other
};

/// A part of a picture, whose rows begin `stride` bytes after each other; 0: without a gap.
struct PicturePlane {
  std::span<const std::uint8_t> bytes;
  std::size_t stride = 0;
};

struct CapturedPicture {
  /// One for each plane of the format, or a single one in which they follow each other: rows of
  /// chroma then have the stride of luma, or half of it where they are half as long.
  std::span<const PicturePlane> planes;
  std::uint32_t sequence = 0;  ///< the driver's own count
  /// When it was taken, on std::chrono::steady_clock; nothing when the driver does not tell.
  std::optional<std::chrono::nanoseconds> taken;
  bool corrupt = false;  ///< the driver says so
};

/// A camera that streams, which ends with the object. One thread, but for interrupt().
///
/// Not cv::VideoCapture: that neither tells why a camera does not open, nor lets itself be
/// interrupted, nor sees that a picture came half filled or that the driver dropped one.
class CameraStream {
 public:
  /// Opens the device, sets the mode nearest to `mode` (none: what the device is set to, if
  /// that can be read) and starts. Throws CameraFailure.
  CameraStream(const std::string& device, const std::optional<CaptureMode>& mode);
  ~CameraStream();
  CameraStream(const CameraStream&) = delete;
  CameraStream& operator=(const CameraStream&) = delete;

  /// What the device agreed to.
  const CaptureMode& mode() const;

  /// Until there is something to take(), a picture or a failure, which is true; false when
  /// `at_most` is over, and after interrupt() from now on. Throws CameraFailure.
  bool wait(std::chrono::milliseconds at_most);
  /// Ends a wait(). Any thread.
  void interrupt() noexcept;

  /// Hands the next picture to `visit`, which must be through with its bytes when it returns.
  /// False when there is none yet. Throws CameraFailure.
  bool take(const std::function<void(const CapturedPicture&)>& visit);

 private:
  class Device;

  std::unique_ptr<Device> device_;
};

}  // namespace mien::system
