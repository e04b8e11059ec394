#include <atomic>
#include <filesystem>

#include "mien/base/error.hpp"

#include "input_file.hpp"
#include "source_kind.hpp"
#include "webp_animation.hpp"
#include "whole_picture.hpp"

namespace mien::sources {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// An animated WebP, as a video.
class WebpSource : public FrameSource {
 public:
  explicit WebpSource(const std::string& path)
      : what_("The animation " + path), animation_(image_bytes(path)) {
    next_ = animation_.next();
    if (!next_) throw base::Error(what_ + " is damaged; copy it again, or choose another one.");
    info_.spec = path;
    info_.name = fs::path(path).filename().string();
    info_.kind = "video";
    info_.size = animation_.size();
    info_.format = "webp";
    info_.frame_count = animation_.count();
  }

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    if (interrupted_ || !next_) return nullptr;
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = given_++;
    frame->time = std::max<std::chrono::nanoseconds>(next_->time, last_ + 1us);
    frame->image = next_->bgr;
    frame->arrived = std::chrono::steady_clock::now();
    last_ = frame->time;
    next_ = animation_.next();
    return frame;
  }

  std::string damage() const override {
    if (next_ || given_ >= animation_.count()) return {};
    return what_ + " ends early, after " + std::to_string(given_) + " of " +
           std::to_string(animation_.count()) +
           " frames; copy it again if there is more of it.";
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  const std::string what_;
  WebpAnimation animation_;
  std::optional<WebpAnimation::Picture> next_;
  SourceInfo info_;
  std::uint64_t given_ = 0;
  std::chrono::nanoseconds last_{-1us};
  std::atomic<bool> interrupted_ = false;
};

bool is_webp_film(const std::string& spec) {
  std::error_code error;
  return fs::is_regular_file(spec, error) && is_animated_webp(first_bytes(spec, 64));
}

}  // namespace

SourceKind webp_source() {
  return {"animated WebP", is_webp_film,
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<WebpSource>(request.spec);
          }};
}

}  // namespace mien::sources
