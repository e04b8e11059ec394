#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/system/random.hpp"

#include "capture_clock.hpp"
#include "frame_json.hpp"
#include "protocols.hpp"
#include "web_server.hpp"

namespace mien::outputs {
namespace {

/// 128 bits, as hexadecimal digits: nobody guesses them, and they fit into an address.
std::string new_token() {
  std::array<std::uint8_t, 16> bytes{};
  if (const auto error = system::fill_with_random(std::as_writable_bytes(std::span(bytes)))) {
    throw base::Error("The web output cannot make its token: " + error.message() + ".");
  }
  return base::hexadecimal(bytes);
}

class WebOutput : public Sender {
 public:
  WebOutput(WebAddress address, Services services)
      : address_(std::move(address)), services_(std::move(services)) {}

  void open() override {
    auto token = new_token();
    {
      const base::MutexLock lock(mutex_);
      token_ = token;
    }
    server_ = std::make_unique<WebServer>(
        WebRules{address_, std::move(token)}, feed_, crowd_,
        [feed = feed_, version = services_.version] {
          const auto newest = feed->newest();
          return state_json(newest ? *newest : "", version, feed->listeners(), feed->lost());
        },
        services_.command);
  }

  void send(const base::AnalyzedFrame& frame) override {
    feed_->send_frame(std::make_shared<const std::string>(
        frame_json(frame, names_, wall_time(clock_.taken(frame)))));
  }

  void mark(const Marker& marker) override {
    feed_->send_marker(
        std::make_shared<const std::string>(marker_json(marker.text, wall_time(marker.at))));
  }

  void use_names(const std::map<int, std::string>& names) override { names_ = names; }

  std::string listeners() const override {
    const auto count = feed_->listeners();
    if (count == 0) return "no listeners";
    return std::to_string(count) + (count == 1 ? " listener" : " listeners");
  }

  std::string address() const override {
    const std::string host = address_.host == "0.0.0.0" ? "127.0.0.1" : address_.host;
    const auto page = "http://" + host + ":" + std::to_string(address_.port) + "/";
    const auto secret = token();
    return address_.open && !secret.empty() ? page + "?token=" + secret : page;
  }

  std::string token() const override {
    const base::MutexLock lock(mutex_);
    return token_;
  }

  std::uint64_t lost() const override { return feed_->lost(); }
  std::string problem() const override { return crowd_->problem(WebCrowd::Clock::now()); }

 private:
  const WebAddress address_;
  const Services services_;
  const std::shared_ptr<WebFeed> feed_ = std::make_shared<WebFeed>();
  const std::shared_ptr<WebCrowd> crowd_ = std::make_shared<WebCrowd>();
  CaptureClock clock_;
  std::map<int, std::string> names_;
  mutable base::Mutex mutex_;
  std::string token_ MIEN_GUARDED_BY(mutex_);
  std::unique_ptr<WebServer> server_;  ///< the first to go: its threads use the rest
};

}  // namespace

std::unique_ptr<Sender> make_web_output(std::string_view argument, const Services& services) {
  return std::make_unique<WebOutput>(parse_web_address(argument), services);
}

}  // namespace mien::outputs
