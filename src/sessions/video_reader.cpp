#include "mien/sessions/video_reader.hpp"

#include <string>

#include "mien/base/error.hpp"
#include "mien/media/video_decoder.hpp"

#include "session_video.hpp"

namespace mien {
namespace {

using namespace std::chrono_literals;
using Trouble = VideoDecoder::Trouble;

std::string words(const VideoDecoder::Failure& failure) {
  switch (failure.trouble) {
    case Trouble::no_video:
    case Trouble::cover_only:
      return "it holds no pictures";
    default:
      return failure.reason.empty() ? "it is no video that can be decoded" : failure.reason;
  }
}

}  // namespace

class VideoReader::Stream {
 public:
  explicit Stream(const std::filesystem::path& file) : file_(file) {
    check_session_video(file);
    try {
      decoder_.emplace(std::filesystem::absolute(file).string(),
                       VideoDecoder::Options{.format = kSessionVideoFormat,
                                             .most_pixels = kMostVideoPixels});
    } catch (const VideoDecoder::Failure& failure) {
      fail(words(failure));
    }
  }

  /// Decodes the next frame and gives its time; nothing at the end. Throws Error when the file
  /// cannot be read on.
  std::optional<std::int64_t> next() {
    if (!decoder_->next()) {
      if (decoder_->trouble() != Trouble::none) fail("the disk or the file is damaged");
      return std::nullopt;
    }
    return std::chrono::round<std::chrono::milliseconds>(decoder_->time().value_or(0ns))
        .count();
  }

  void rewind_to(std::int64_t milliseconds) {
    if (!decoder_->seek(std::chrono::milliseconds(milliseconds))) {
      fail("it has no index to jump by");
    }
    last_.reset();
  }

  std::optional<cv::Mat> at(std::int64_t milliseconds) {
    // A jump of more than two seconds is cheaper by the file's index.
    if (!last_ || milliseconds <= *last_ || milliseconds > *last_ + 2000) {
      rewind_to(milliseconds);
    }
    while ((last_ = next())) {
      if (*last_ == milliseconds) return decoder_->picture();
      if (*last_ > milliseconds) return std::nullopt;
    }
    return std::nullopt;
  }

  const VideoDecoder& decoder() const { return *decoder_; }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error("The video " + file_.string() + " cannot be read: " + reason + ".");
  }

  const std::filesystem::path file_;
  std::optional<VideoDecoder> decoder_;
  std::optional<std::int64_t> last_;  ///< of the frame that was decoded last
};

VideoReader::VideoReader(const std::filesystem::path& file)
    : stream_(std::make_unique<Stream>(file)) {}

VideoReader::~VideoReader() = default;

std::uint64_t VideoReader::for_each_frame(
    const std::function<void(std::int64_t milliseconds)>& tell) {
  stream_->rewind_to(0);
  while (const auto time = stream_->next()) tell(*time);
  return stream_->decoder().undecodable();
}

std::optional<cv::Mat> VideoReader::at(std::int64_t milliseconds) {
  return stream_->at(milliseconds);
}

cv::Size VideoReader::size() const { return stream_->decoder().size(); }

}  // namespace mien
