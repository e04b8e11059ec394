#include "input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sys/stat.h>

#include "mien/base/error.hpp"

#include "v4l2_device.hpp"
#include "whole_picture.hpp"

namespace mien {
namespace {

constexpr int kMaxSide = 8192;
constexpr std::int64_t kMaxPixels = 200'000'000;  // 600 MB as BGR
constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 30;

}  // namespace

void check_input_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) {
    switch (errno) {
      case ENOENT:
      case ENOTDIR:
        throw Error("There is no file " + name + "; check the name, or choose another source.");
      case EACCES:
      case EPERM:
        throw Error("The file " + name +
                    " may not be read; change its permissions, or choose another file.");
      default:
        throw Error("The file " + name + " cannot be opened: " + std::strerror(errno) + ".");
    }
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || S_ISDIR(status.st_mode)) {
    throw Error(name + " is a folder; choose a file in it.");
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error(name + " is not a file; choose a video, an image or a folder of images.");
  }
  if (status.st_size == 0) throw Error("The file " + name + " is empty; choose another one.");
}

std::vector<std::uint8_t> first_bytes(const std::filesystem::path& path, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return bytes;
}

cv::Mat load_image(const std::filesystem::path& path) {
  check_input_file(path);
  const std::string what = "The image " + path.string();
  return translate_errors(what + " cannot be read", [&] {
    const std::uintmax_t size = std::filesystem::file_size(path);
    if (size > kMaxBytes)
      throw Error(what + " is over a gigabyte large; make it smaller first.");
    const auto bytes = first_bytes(path, size);
    if (is_cut_off(bytes)) {
      throw Error(what + " is cut off in the middle; copy it again, or choose another one.");
    }
    const cv::Size announced = announced_size(bytes);
    if (static_cast<std::int64_t>(announced.width) * announced.height > kMaxPixels) {
      throw Error(what + " has " + std::to_string(announced.width) + "x" +
                  std::to_string(announced.height) +
                  " pixels, too many; make it smaller first.");
    }
    cv::Mat image = cv::imdecode(bytes, cv::IMREAD_COLOR);
    if (image.empty()) {
      throw Error(what + (cv::haveImageReader(path.string())
                              ? " is damaged; copy it again, or choose another one."
                              : " is no picture that can be read; choose a JPEG or PNG."));
    }
    const int side = std::max(image.cols, image.rows);
    if (side > kMaxSide) {
      const double scale = static_cast<double>(kMaxSide) / side;
      cv::Mat smaller;
      cv::resize(
          image, smaller,
          {std::max(1, cvRound(image.cols * scale)), std::max(1, cvRound(image.rows * scale))},
          0, 0, cv::INTER_AREA);
      return smaller;
    }
    return image;
  });
}

}  // namespace mien
