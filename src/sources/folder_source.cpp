#include <algorithm>
#include <atomic>
#include <filesystem>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/media/file_kinds.hpp"
#include "mien/media/video_decoder.hpp"
#include "mien/sources/picture_folder.hpp"

#include "input_file.hpp"
#include "source_kind.hpp"
#include "whole_picture.hpp"

namespace mien::sources {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

PictureFolder scan(const fs::path& folder) {
  auto found = scan_picture_folder(folder);
  if (found.pictures.empty()) {
    throw base::Error(
        "The folder " + folder.string() +
        " holds no images (JPEG, PNG, WebP, BMP, TIFF, GIF, AVIF); choose another one.");
  }
  return found;
}

struct Picture {
  cv::Mat image;
  bool has_others = false;  ///< behind it in its file
};

/// A picture of any kind that can be read; of several in one file the first.
Picture load_picture(const fs::path& path) {
  if (media::looks_like_image(path)) {
    std::size_t pictures = 1;
    cv::Mat image = load_image(path, &pictures);
    return {std::move(image), pictures > 1};
  }
  check_input_file(path);
  refuse_heic(path, first_bytes(path, 512));
  try {
    media::VideoDecoder decoder(fs::absolute(path).string(), {});
    if (decoder.next()) {
      cv::Mat image = decoder.picture();
      return {std::move(image), decoder.next()};
    }
  } catch (const media::VideoDecoder::Failure&) {
  }
  throw base::Error("The image " + path.string() +
                    " is of a kind that is not read here, or is damaged; convert it to JPEG.");
}

// The folder's images, a second apart. One that cannot be read leaves a gap in the sequence and
// is damage that is told at the end, so that it does not cost the others.
class FolderSource : public FrameSource {
 public:
  FolderSource(const fs::path& folder, bool as_sequence)
      : folder_(folder), as_sequence_(as_sequence), found_(scan(folder)) {
    next_image_ = load_next();
    if (next_image_.empty()) throw base::Error(first_problem_);
    info_.spec = folder.string();
    info_.name = base::without_slash(folder).filename().string();
    info_.kind = "folder";
    info_.size = next_image_.size();
    info_.fps = 1;
    info_.frame_count = static_cast<std::int64_t>(found_.pictures.size());
  }

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    if (interrupted_) return nullptr;
    if (next_image_.empty()) next_image_ = load_next();
    if (next_image_.empty()) return nullptr;
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = at_ - 1;
    frame->time = std::chrono::nanoseconds{1s} * (at_ - 1);
    frame->image = std::exchange(next_image_, cv::Mat());
    frame->arrived = std::chrono::steady_clock::now();
    frame->file = found_.pictures[at_ - 1].filename().string();
    frame->standalone = !as_sequence_;
    return frame;
  }

  std::string damage() const override {
    if (problems_ <= 1) return first_problem_;
    return std::to_string(problems_) + " of the " + std::to_string(found_.pictures.size()) +
           " images in " + folder_.string() +
           " could not be read. The first: " + first_problem_;
  }

  std::string remark() const override {
    auto others = found_.videos;
    others.insert(others.end(), found_.others.begin(), found_.others.end());
    std::string told;
    if (!others.empty()) {
      told = "In the folder " + folder_.string() + ", " + names_of(others) +
             (others.size() == 1 ? " is not a picture and was skipped."
                                 : " are not pictures and were skipped.");
    }
    if (!with_others_.empty()) {
      told += (told.empty() ? "" : " ") + std::string("Only the first picture was read of ") +
              names_of(with_others_) + ".";
    }
    return told;
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  // Empty when there are no more. at_ is one past the image given.
  cv::Mat load_next() {
    while (at_ < found_.pictures.size() && !interrupted_) {
      try {
        const auto& path = found_.pictures[at_++];
        auto picture = load_picture(path);
        if (picture.has_others) with_others_.push_back(path);
        return picture.image;
      } catch (const base::Error& error) {
        if (problems_++ == 0) first_problem_ = error.what();
      }
    }
    return {};
  }

  const fs::path folder_;
  const bool as_sequence_;
  const PictureFolder found_;
  SourceInfo info_;
  std::size_t at_ = 0;
  cv::Mat next_image_;
  std::vector<fs::path> with_others_;  ///< files of which only the first picture was read
  std::size_t problems_ = 0;
  std::string first_problem_;
  std::atomic<bool> interrupted_ = false;
};

bool is_folder(const std::string& spec) {
  std::error_code error;
  return fs::is_directory(spec, error);
}

}  // namespace

SourceKind folder_source() {
  return {"folder", is_folder,
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<FolderSource>(request.spec, request.as_sequence);
          }};
}

}  // namespace mien::sources
