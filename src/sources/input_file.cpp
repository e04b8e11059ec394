#include "input_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <libexif/exif-data.h>
#include <system_error>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/media/bgr.hpp"
#include "mien/system/file_handle.hpp"

#include "webp_animation.hpp"
#include "whole_picture.hpp"

namespace mien::sources {
namespace {

constexpr int kMaxPictureSide = 8192;
constexpr std::size_t kMaxExif = 1 << 20;
constexpr std::int64_t kMaxPixels = 200'000'000;  // 600 MB as BGR
constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 30;

/// Turns a picture as EXIF says: 1 is upright, 2 to 8 are the seven other ways.
void turn(cv::Mat& image, int orientation) {
  if (orientation >= 5 && orientation <= 8) cv::transpose(image, image);
  switch (orientation) {
    case 2:
    case 6:
      cv::flip(image, image, 1);
      break;
    case 3:
    case 7:
      cv::flip(image, image, -1);
      break;
    case 4:
    case 8:
      cv::flip(image, image, 0);
      break;
    default:
      break;
  }
}

int orientation_of(std::span<const std::uint8_t> exif) {
  static constexpr std::array<std::uint8_t, 6> kStart = {'E', 'x', 'i', 'f', 0, 0};
  if (exif.empty() || exif.size() > kMaxExif) return 1;
  // The library wants JPEG's start of it, which the other formats have or have not.
  std::vector<std::uint8_t> block(exif.begin(), exif.end());
  if (!std::equal(kStart.begin(), kStart.end(), block.begin(),
                  block.begin() + std::min<std::ptrdiff_t>(6, std::ssize(block)))) {
    block.insert(block.begin(), kStart.begin(), kStart.end());
  }
  const std::unique_ptr<ExifData, decltype(&exif_data_unref)> data(
      exif_data_new_from_data(block.data(), static_cast<unsigned>(block.size())),
      &exif_data_unref);
  if (data == nullptr) return 1;
  ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  return exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
}

/// What can be transparent is decoded with its alpha channel, which OpenCV throws away
/// otherwise, and does not turn then.
cv::Mat decode(const std::vector<std::uint8_t>& bytes) {
  if (is_animated_webp(bytes)) {
    const auto first = WebpAnimation(bytes).next();
    return first ? first->bgr : cv::Mat();
  }
  if (!is_png(bytes) && !is_webp(bytes) && !is_tiff(bytes)) {
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
  }
  cv::Mat image = media::as_bgr(cv::imdecode(bytes, cv::IMREAD_UNCHANGED));
  if (!image.empty()) turn(image, orientation_of(exif_of(bytes)));
  return image;
}

std::string why_unreadable(const std::filesystem::path& path,
                           const std::vector<std::uint8_t>& bytes) {
  if (!cv::haveImageReader(path.string())) {
    return " is not a picture that can be read; choose a JPEG or PNG.";
  }
  if (!cv::imdecode(bytes, cv::IMREAD_UNCHANGED).empty()) {
    return " has an unsupported pixel type; save it with 8 or 16 bits per channel.";
  }
  return " is damaged; copy it again, or choose another one.";
}

}  // namespace

void check_input_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code error;
  const auto file = system::open_to_read(path, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    throw base::Error("There is no file " + name +
                      "; check the name, or choose another source.");
  }
  if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted) {
    throw base::Error("The file " + name +
                      " may not be read; change its permissions, or choose another file.");
  }
  if (error) {
    throw base::Error("The file " + name + " cannot be opened: " + error.message() + ".");
  }
  const auto status = file.status(error);
  if (error || status.kind == system::FileKind::folder) {
    throw base::Error(name + " is a folder; choose a file in it.");
  }
  if (status.kind != system::FileKind::regular) {
    throw base::Error(name + " is not a file; choose a video, an image or a folder of images.");
  }
  if (status.size == 0)
    throw base::Error("The file " + name + " is empty; choose another one.");
}

std::vector<std::uint8_t> first_bytes(const std::filesystem::path& path, std::size_t count) {
  // As much as there is: a folder of small pictures would spend most of its time on clearing
  // memory for the largest.
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error) count = static_cast<std::size_t>(std::min<std::uintmax_t>(count, size));
  std::vector<std::uint8_t> bytes(count);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return bytes;
}

void refuse_heic(const std::filesystem::path& path, std::span<const std::uint8_t> start) {
  if (!is_heic(start)) return;
  throw base::Error("The picture " + path.string() +
                    " is a HEIC, which is not read here; convert it to JPEG first.");
}

std::vector<std::uint8_t> image_bytes(const std::filesystem::path& path) {
  check_input_file(path);
  const std::string what = "The image " + path.string();
  const std::uintmax_t size = std::filesystem::file_size(path);
  if (size > kMaxBytes)
    throw base::Error(what + " is over a gigabyte large; make it smaller first.");
  auto bytes = first_bytes(path, size);
  if (is_cut_off(bytes)) {
    throw base::Error(what +
                      " is cut off in the middle; copy it again, or choose another one.");
  }
  refuse_heic(path, bytes);
  const cv::Size announced = announced_size(bytes);
  if (static_cast<std::int64_t>(announced.width) * announced.height > kMaxPixels) {
    throw base::Error(what + " has " + std::to_string(announced.width) + "x" +
                      std::to_string(announced.height) +
                      " pixels, too many; make it smaller first.");
  }
  return bytes;
}

namespace {

std::size_t pictures_in(const std::filesystem::path& path,
                        const std::vector<std::uint8_t>& bytes) {
  if (is_jpeg(bytes)) return count_concatenated_jpegs(bytes);
  if (is_animated_png(bytes) || is_animated_webp(bytes)) return 2;
  if (!is_tiff(bytes)) return 1;
  try {
    return cv::imcount(path.string(), cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception&) {
    return 1;
  }
}

}  // namespace

cv::Mat load_image(const std::filesystem::path& path, std::size_t* pictures) {
  const std::string what = "The image " + path.string();
  return base::translate_errors(what + " cannot be read", [&] {
    auto bytes = image_bytes(path);
    drop_png_profile(bytes);
    cv::Mat image = decode(bytes);
    if (image.empty()) throw base::Error(what + why_unreadable(path, bytes));
    if (pictures != nullptr) *pictures = pictures_in(path, bytes);
    const int side = std::max(image.cols, image.rows);
    if (side > kMaxPictureSide) {
      const double scale = static_cast<double>(kMaxPictureSide) / side;
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

}  // namespace mien::sources
