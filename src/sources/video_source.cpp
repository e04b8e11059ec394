#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>

#include "mien/base/error.hpp"
#include "mien/media/video_decoder.hpp"

#include "input_file.hpp"
#include "source_kind.hpp"
#include "video_clock.hpp"
#include "whole_picture.hpp"

namespace mien::sources {
namespace {

namespace fs = std::filesystem;
using Trouble = media::VideoDecoder::Trouble;

// FFmpeg plays a text file as an animation of letters; no one who gives one wants that.
bool is_text(const std::vector<std::uint8_t>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) {
    return (c >= 0x20 && c != 0x7F) || (c >= '\t' && c <= '\r') || c == 0x1B;
  });
}

std::string why_not_opened(const std::string& what, Trouble trouble) {
  switch (trouble) {
    case Trouble::no_video:
      return what + " cannot be played: it holds sound, but no video; choose another file.";
    case Trouble::cover_only:
      return what +
             " cannot be played: it holds sound and a cover picture, but no video; choose "
             "another file.";
    default:
      return what +
             " cannot be played: it is not a video, or it was cut off while being written; "
             "choose another file.";
  }
}

class VideoSource : public FrameSource {
 public:
  explicit VideoSource(const std::string& path) : what_("The video " + path), path_(path) {
    check_input_file(path);
    const auto start = first_bytes(path, 512);
    refuse_heic(path, start);
    if (is_text(start)) throw base::Error(why_not_opened(what_, Trouble::unreadable));
    try {
      decoder_.emplace(fs::absolute(path).string(),
                       media::VideoDecoder::Options{.open_timeout = {},
                                                    .read_timeout = {},
                                                    .give_up = &interrupted_,
                                                    .network = false});
    } catch (const media::VideoDecoder::Failure& failure) {
      throw base::Error(why_not_opened(what_, failure.trouble));
    }
    // The first picture tells whether anything can be decoded at all.
    next_ = grab();
    if (!next_) {
      throw base::Error(what_ + " holds no picture that can be decoded; choose another file.");
    }
    info_.spec = path;
    info_.name = fs::path(path).filename().string();
    info_.kind = "video";
    info_.size = next_->image.size();
    info_.fps = decoder_->fps();
    info_.format = decoder_->codec();
    info_.frame_count = decoder_->frame_count();
  }

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    if (interrupted_) return nullptr;
    std::shared_ptr<base::Frame> frame = next_ ? std::exchange(next_, nullptr) : grab();
    if (frame) {
      frame->arrived = std::chrono::steady_clock::now();
    } else {
      ended_ = !interrupted_;
    }
    return frame;
  }

  std::string damage() const override {
    const std::uint64_t given = decoder_->pictures();
    if (ended_ && (decoder_->ended_early() || is_cut_off_video(path_))) {
      const auto announced = static_cast<std::uint64_t>(info_.frame_count.value_or(0));
      return what_ + " ends early, after " + std::to_string(given) +
             (announced > given ? " of " + std::to_string(announced) : "") +
             " frames; copy it again if there is more of it.";
    }
    const std::uint64_t damaged = decoder_->damaged() + decoder_->undecodable();
    if (damaged > 0) {
      return what_ + " is damaged in " + std::to_string(damaged) + " of its " +
             std::to_string(given + decoder_->undecodable()) +
             " frames; copy it again if there is a better one.";
    }
    return {};
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  // nullptr where the file ends or breaks.
  std::shared_ptr<base::Frame> grab() {
    return base::translate_errors(what_ + " cannot be read on",
                                  [&]() -> std::shared_ptr<base::Frame> {
                                    if (!decoder_->next()) return nullptr;
                                    auto frame = std::make_shared<base::Frame>();
                                    frame->sequence = sequence_++;
                                    frame->time = clock_.place(*decoder_);
                                    frame->image = decoder_->picture();
                                    return frame;
                                  });
  }

  const std::string what_;
  const fs::path path_;
  std::atomic<bool> interrupted_ = false;
  std::optional<media::VideoDecoder> decoder_;
  VideoClock clock_;
  SourceInfo info_;
  std::shared_ptr<base::Frame> next_;
  std::uint64_t sequence_ = 0;
  bool ended_ = false;
};

}  // namespace

SourceKind video_source() {
  return {"video", [](const std::string&) { return true; },
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<VideoSource>(request.spec);
          }};
}

}  // namespace mien::sources
