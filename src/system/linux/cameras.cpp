#include "cameras.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "mien/system/camera_device.hpp"

#include "key_value_file.hpp"
#include "native.hpp"
#include "v4l2.hpp"

namespace mien::system {
namespace {

/// What the kernel says of the devices, also of one that cannot be opened.
constexpr const char* kDeviceFacts = "/sys/class/video4linux";

/// A camera's second node holds metadata.
bool is_first_node(const std::filesystem::path& facts) {
  const std::string place = first_line_of(facts / "index");
  return place.empty() || place == "0";
}

}  // namespace

std::string stable_path_of(const std::string& device,
                           const std::vector<std::filesystem::path>& folders) {
  for (const auto& folder : folders) {
    std::vector<std::string> links;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      std::error_code other;  // a link that leads nowhere
      if (std::filesystem::equivalent(entry->path(), device, other)) {
        links.push_back(entry->path().string());
      }
    }
    if (!links.empty()) return *std::min_element(links.begin(), links.end());
  }
  return device;
}

std::vector<CameraDevice> list_camera_devices() {
  std::vector<CameraDevice> cameras;
  for (int number = 0; number < kMostVideoDevices; ++number) {
    CameraDevice camera;
    camera.device = video_device(number);
    const FileHandle file(::open(camera.device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (file.valid()) {
      const auto name = query_capture_name(descriptor_of(file));
      if (!name) continue;
      camera.name = *name;
      camera.modes = query_modes(descriptor_of(file));
    } else if (errno == ENOENT || errno == ENXIO || errno == ENODEV || errno == ENOTDIR) {
      continue;
    } else {
      const auto facts =
          std::filesystem::path(kDeviceFacts) / std::filesystem::path(camera.device).filename();
      if (!is_first_node(facts)) continue;
      camera.name = first_line_of(facts / "name");
      if (camera.name.empty()) camera.name = camera.device;
    }
    camera.stable_path = stable_path_of(camera.device, {"/dev/v4l/by-id", "/dev/v4l/by-path"});
    cameras.push_back(std::move(camera));
  }
  return cameras;
}

std::vector<CameraName> list_camera_names(const std::filesystem::path& folder) {
  std::map<int, std::string> names;  // by the number of the device
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder.empty() ? kDeviceFacts : folder, error),
       end;
       !error && it != end; it.increment(error)) {
    constexpr std::string_view kPrefix = "video";
    const std::string name = it->path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    int number = 0;
    const char* const behind = name.data() + name.size();
    const auto [ended, wrong] = std::from_chars(name.data() + kPrefix.size(), behind, number);
    if (wrong != std::errc() || ended != behind || !is_first_node(it->path())) continue;
    names[number] = first_line_of(it->path() / "name");
  }
  std::vector<CameraName> cameras;
  cameras.reserve(names.size());
  for (const auto& [number, name] : names) cameras.push_back({video_device(number), name});
  return cameras;
}

bool is_camera_path(std::string_view name) {
  return name.starts_with(kVideoDevicePrefix) || name.starts_with("/dev/v4l/");
}

CameraWatcher::CameraWatcher(const std::string& folder)
    : handle_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  // Attributes too: udev makes the node first and lets people use it a moment later.
  if (handle_.valid()) {
    ::inotify_add_watch(descriptor_of(handle_), folder.empty() ? "/dev" : folder.c_str(),
                        IN_CREATE | IN_DELETE | IN_ATTRIB);
  }
}

bool CameraWatcher::changed() {
  bool changed = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    const ssize_t length = ::read(descriptor_of(handle_), buffer, sizeof buffer);
    if (length <= 0) return changed;
    for (ssize_t at = 0; at < length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      if ((event->mask & IN_Q_OVERFLOW) != 0) changed = true;
      if (event->len > 0 && std::strncmp(event->name, "video", 5) == 0) changed = true;
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
}

}  // namespace mien::system
