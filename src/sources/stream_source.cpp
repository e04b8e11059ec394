#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <string_view>

#include "mien/base/error.hpp"
#include "mien/base/redaction.hpp"
#include "mien/media/video_decoder.hpp"

#include "source_kind.hpp"
#include "video_clock.hpp"

namespace mien::sources {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Trouble = media::VideoDecoder::Trouble;

constexpr auto kOpenTimeout = 5s;
constexpr auto kReadTimeout = 5s;
// A camera's clock that is further from this machine's than that is not used.
constexpr auto kMaxDrift = 2s;
constexpr std::array<std::string_view, 5> kSchemes = {"http", "https", "rtsp", "rtsps", "rtmp"};

// Schemes have no case; FFmpeg's have.
std::string with_small_scheme(std::string url) {
  const auto end = url.begin() + static_cast<std::ptrdiff_t>(url.find("://"));
  std::transform(url.begin(), end, url.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return url;
}

class StreamSource : public FrameSource {
 public:
  explicit StreamSource(const std::string& spec)
      : url_(with_small_scheme(spec)), shown_(base::redact_address(url_)) {
    const std::string scheme = url_.substr(0, url_.find("://"));
    if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) {
      throw base::Error("The address " + shown_ + " cannot be opened: " + scheme +
                        " is not supported; use http, https or rtsp.");
    }
    try {
      decoder_.emplace(url_, media::VideoDecoder::Options{.open_timeout = kOpenTimeout,
                                                          .read_timeout = kReadTimeout,
                                                          .give_up = &interrupted_,
                                                          .network = true});
    } catch (const media::VideoDecoder::Failure& failure) {
      throw base::Error("The address " + shown_ +
                        " gives no video: " + reason(failure.trouble));
    }
    opened_ = Clock::now();
    next_ = grab();
    if (!next_) {
      throw base::Error("The address " + shown_ +
                        " answers but sends no picture; try again later.");
    }
    // Who joins a stream in its middle has to wait for a whole picture, which is no damage.
    damaged_before_ = decoder_->damaged();
    undecodable_before_ = decoder_->undecodable();
    info_.spec = url_;
    info_.name = shown_.substr(shown_.find("://") + 3);
    info_.kind = "stream";
    info_.size = next_->image.size();
    info_.fps = decoder_->fps();
    info_.format = decoder_->codec();
    info_.live = !decoder_->finite();  // a video file on a web server is still a file
    info_.frame_count = decoder_->frame_count();
  }

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    if (interrupted_) return nullptr;
    if (next_) return std::exchange(next_, nullptr);
    auto frame = grab();
    if (interrupted_) return nullptr;
    ended_ = !frame;
    if (ended_ && decoder_->trouble() == Trouble::timed_out) {
      throw base::Error("The stream " + shown_ + " has sent nothing for " +
                        std::to_string(kReadTimeout.count()) +
                        " seconds; check the camera and the network, then open it again.");
    }
    return frame;
  }

  std::string damage() const override {
    const std::uint64_t given = decoder_->pictures();
    if (ended_ && (!decoder_->finite() || decoder_->ended_early())) {
      const auto announced = static_cast<std::uint64_t>(info_.frame_count.value_or(0));
      return "The stream " + shown_ + " was ended by the other side after " +
             std::to_string(given) +
             (announced > given ? " of " + std::to_string(announced) : "") +
             " frames; open it again if there is more of it.";
    }
    const std::uint64_t lost = decoder_->undecodable() - undecodable_before_;
    const std::uint64_t damaged = decoder_->damaged() - damaged_before_ + lost;
    if (damaged == 0) return {};
    return "The stream " + shown_ + " was damaged in " + std::to_string(damaged) + " of its " +
           std::to_string(given + lost) + " frames; check the network.";
  }

  std::string remark() const override {
    // FFmpeg's default, and what cameras with certificates of their own want.
    if (!url_.starts_with("https:") && !url_.starts_with("rtsps:")) return {};
    return "The certificate of " + info_.name.substr(0, info_.name.find('/')) +
           " was not verified: the pictures are encrypted, but may come from somebody else.";
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  std::string reason(Trouble trouble) const {
    const bool named = url_.find('@') != std::string::npos;
    switch (trouble) {
      case Trouble::unauthorized:
        return named
                   ? "the name and password in the address are not accepted there; check them."
                   : "a name and a password are wanted there; write name:password@ before the "
                     "server's name.";
      case Trouble::forbidden:
        return "the server does not allow it (403); check your rights there.";
      case Trouble::not_found:
        return "the server has no such page (404); check what follows the server's name.";
      case Trouble::refused:
        return "the server answers with an error; check the address, or try again later.";
      case Trouble::web_page:
        return "the address is a web page, perhaps a login, not a stream; give the stream's "
               "own "
               "address.";
      case Trouble::timed_out:
        return "nothing came from there in time; check the address and the network.";
      case Trouble::no_video:
      case Trouble::cover_only:
        return "it sends sound only; give another address.";
      case Trouble::unreachable:
        return "nothing answers there; check the address and the network.";
      default:
        return "what is sent there is not a video that can be read; check the address.";
    }
  }

  std::shared_ptr<base::Frame> grab() {
    return base::translate_errors("The stream " + shown_ + " broke",
                                  [&]() -> std::shared_ptr<base::Frame> {
                                    if (!decoder_->next()) return nullptr;
                                    auto frame = std::make_shared<base::Frame>();
                                    frame->sequence = sequence_++;
                                    frame->arrived = Clock::now();
                                    frame->time = capture_time(frame->arrived);
                                    frame->image = decoder_->picture();
                                    last_time_ = frame->time;
                                    return frame;
                                  });
  }

  // A live stream's own times, as long as they keep step with this machine's clock; what has
  // none, as MJPEG over HTTP, counts when it arrives.
  std::chrono::nanoseconds capture_time(Clock::time_point arrived) {
    if (decoder_->finite()) return clock_.place(*decoder_);
    const std::chrono::nanoseconds since_opening = arrived - opened_;
    std::chrono::nanoseconds time = since_opening;
    if (const auto told = decoder_->time()) {
      const auto lag = since_opening - *told;
      if (!lag_ || std::chrono::abs(lag - *lag_) > kMaxDrift) lag_ = lag;
      time = *told + *lag_;
    }
    return std::max<std::chrono::nanoseconds>(time, last_time_ + 1us);
  }

  const std::string url_;
  const std::string shown_;
  std::atomic<bool> interrupted_ = false;
  std::optional<media::VideoDecoder> decoder_;
  VideoClock clock_;
  SourceInfo info_;
  std::shared_ptr<base::Frame> next_;
  std::uint64_t sequence_ = 0;
  bool ended_ = false;
  std::uint64_t damaged_before_ = 0;  ///< the first picture
  std::uint64_t undecodable_before_ = 0;
  Clock::time_point opened_;
  std::optional<std::chrono::nanoseconds> lag_;  ///< of arrival behind the stream's own clock
  std::chrono::nanoseconds last_time_{-1us};
};

}  // namespace

SourceKind stream_source() {
  return {"stream",
          [](const std::string& spec) { return spec.find("://") != std::string::npos; },
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<StreamSource>(request.spec);
          }};
}

}  // namespace mien::sources
