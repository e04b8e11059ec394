#include <filesystem>

#include <opencv2/imgcodecs.hpp>

#include "mien/sources/file_kinds.hpp"

#include "input_file.hpp"
#include "source_kind.hpp"

namespace mien {
namespace {

// One frame, then the end: whoever shows it keeps showing it.
class ImageSource : public FrameSource {
 public:
  explicit ImageSource(const std::string& path) : image_(load_image(path)) {
    info_.spec = path;
    info_.name = std::filesystem::path(path).filename().string();
    info_.kind = "image";
    info_.size = image_.size();
    info_.frame_count = 1;
  }

  const SourceInfo& info() const override { return info_; }

  FramePtr read() override {
    if (image_.empty()) return nullptr;
    auto frame = std::make_shared<Frame>();
    frame->image = std::exchange(image_, cv::Mat());
    frame->arrived = std::chrono::steady_clock::now();
    return frame;
  }

 private:
  cv::Mat image_;
  SourceInfo info_;
};

// By its content, so that a picture with a video's name still opens; by its name too, so that a
// broken picture is called one.
bool accepts(const std::string& spec) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(spec, error)) return false;
  if (looks_like_image(spec)) return true;
  try {
    return cv::haveImageReader(spec);
  } catch (const cv::Exception&) {
    return false;
  }
}

}  // namespace

SourceKind image_source() {
  return {"image", accepts, [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<ImageSource>(request.spec);
          }};
}

}  // namespace mien
