#include <filesystem>

#include <opencv2/imgcodecs.hpp>

#include "mien/media/file_kinds.hpp"

#include "input_file.hpp"
#include "source_kind.hpp"
#include "whole_picture.hpp"

namespace mien::sources {
namespace {

constexpr std::size_t kLooked = 32U << 20;  // two pictures of any camera lie within it

// One frame, then the end: whoever shows it keeps showing it.
class ImageSource : public FrameSource {
 public:
  explicit ImageSource(const std::string& path) : image_(load_image(path, &pictures_)) {
    info_.spec = path;
    info_.name = std::filesystem::path(path).filename().string();
    info_.kind = "image";
    info_.size = image_.size();
    info_.frame_count = 1;
  }

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    if (image_.empty()) return nullptr;
    auto frame = std::make_shared<base::Frame>();
    frame->image = std::exchange(image_, cv::Mat());
    frame->arrived = std::chrono::steady_clock::now();
    return frame;
  }

  std::string remark() const override {
    if (pictures_ <= 1) return {};
    return "Only the first of the " + std::to_string(pictures_) + " pictures in " + info_.spec +
           " was read; save the others as files of their own.";
  }

 private:
  std::size_t pictures_ = 1;  ///< in the file; known when image_ is there
  cv::Mat image_;
  SourceInfo info_;
};

// By its content, so that a picture with a video's name still opens; by its name too, so that a
// broken picture is called one.
bool is_image(const std::string& spec) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(spec, error)) return false;
  const auto start = first_bytes(spec, kLooked);
  if (is_animated_png(start)) return false;
  if (media::looks_like_image(spec)) return true;
  // A raw MJPEG file begins like a picture. Only one that has a picture's name is a picture
  // with others behind it, as stereo cameras write.
  if (count_concatenated_jpegs(start) > 1) return false;
  try {
    return cv::haveImageReader(spec);
  } catch (const cv::Exception&) {
    return false;
  }
}

}  // namespace

SourceKind image_source() {
  return {"image", is_image, [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<ImageSource>(request.spec);
          }};
}

}  // namespace mien::sources
