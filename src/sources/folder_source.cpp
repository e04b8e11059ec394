#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/sources/file_kinds.hpp"

#include "input_file.hpp"
#include "natural_order.hpp"
#include "source_kind.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<fs::path> list_images(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) {
    throw Error("The folder " + folder.string() + " may not be read: " + error.message() +
                "; change its permissions, or choose another one.");
  }
  std::vector<fs::path> files;
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !looks_like_image(entry.path())) continue;
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  if (files.empty()) {
    throw Error("The folder " + folder.string() +
                " holds no images (JPEG, PNG, WebP, BMP, TIFF); choose another one.");
  }
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return files;
}

// The folder's images, a second apart. One that cannot be read leaves a gap in the sequence and
// is told of at the end, so that it does not cost the others.
class FolderSource : public FrameSource {
 public:
  FolderSource(const fs::path& folder, bool as_sequence)
      : folder_(folder), as_sequence_(as_sequence), files_(list_images(folder)) {
    next_image_ = load_next();
    if (next_image_.empty()) throw Error(first_problem_);
    info_.spec = folder.string();
    info_.name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    info_.kind = "folder";
    info_.size = next_image_.size();
    info_.fps = 1;
    info_.frame_count = static_cast<std::int64_t>(files_.size());
  }

  const SourceInfo& info() const override { return info_; }

  FramePtr read() override {
    if (interrupted_) return nullptr;
    if (next_image_.empty()) next_image_ = load_next();
    if (next_image_.empty()) {
      tell_problems();
      return nullptr;
    }
    auto frame = std::make_shared<Frame>();
    frame->sequence = at_ - 1;
    frame->time = std::chrono::nanoseconds{1s} * (at_ - 1);
    frame->image = std::exchange(next_image_, cv::Mat());
    frame->arrived = std::chrono::steady_clock::now();
    frame->file = files_[at_ - 1].filename().string();
    frame->standalone = !as_sequence_;
    return frame;
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  // Empty when there are no more. at_ is one past the image given.
  cv::Mat load_next() {
    while (at_ < files_.size() && !interrupted_) {
      try {
        return load_image(files_[at_++]);
      } catch (const Error& error) {
        if (problems_++ == 0) first_problem_ = error.what();
      }
    }
    return {};
  }

  void tell_problems() {
    const std::size_t problems = std::exchange(problems_, 0);
    if (problems == 1) throw Error(first_problem_);
    if (problems > 1) {
      throw Error(std::to_string(problems) + " of the " + std::to_string(files_.size()) +
                  " images in " + folder_.string() +
                  " were left out. The first: " + first_problem_);
    }
  }

  const fs::path folder_;
  const bool as_sequence_;
  const std::vector<fs::path> files_;
  SourceInfo info_;
  std::size_t at_ = 0;
  cv::Mat next_image_;
  std::size_t problems_ = 0;
  std::string first_problem_;
  std::atomic<bool> interrupted_ = false;
};

bool accepts(const std::string& spec) {
  std::error_code error;
  return fs::is_directory(spec, error);
}

}  // namespace

SourceKind folder_source() {
  return {"folder", accepts, [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<FolderSource>(request.spec, request.as_sequence);
          }};
}

}  // namespace mien
