#include "mien/analysis/live_session.hpp"

#include <thread>
#include <utility>

#include "mien/base/channel.hpp"
#include "mien/base/threads.hpp"
#include "mien/models/model_library.hpp"

#include "analysis_loop.hpp"
#include "capture_loop.hpp"
#include "session_state.hpp"

namespace mien::analysis {

std::optional<emotions::NeutralBaseline> LiveSnapshot::baseline(int person) const {
  if (!baselines) return std::nullopt;
  const auto found = baselines->find(person);
  return found != baselines->end() ? std::optional(found->second) : std::nullopt;
}

class LiveSession::Threads {
 public:
  Threads(const Factories& factories, Start start)
      : state(factories.wake, start.hold_until_sink),
        capture_(state, frames_, factories.open_source, start.allow_fallbacks),
        analysis_(state, frames_, factories, std::move(start.detector), std::move(start.model),
                  std::move(start.reading), std::move(start.landmarks), start.allow_fallbacks) {
    start.source.allow_demo_fallback = start.allow_fallbacks;
    state.request({.source = std::move(start.source)});
    capture_thread_ = base::start_thread([this] { capture_.run(); });
    try {
      analysis_thread_ = base::start_thread([this] { analysis_.run(); });
    } catch (...) {
      stop();
      throw;
    }
  }

  ~Threads() { stop(); }

  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  SessionState state;

 private:
  void stop() {
    state.stop();
    // The capture thread may wait to hand over a file's frame.
    frames_.close();
  }

  // The only queue that drops frames: a live source's newest frame replaces the one that waits.
  base::Channel<CapturedFrame> frames_{1};
  CaptureLoop capture_;
  AnalysisLoop analysis_;
  std::jthread capture_thread_;
  std::jthread analysis_thread_;
};

LiveSession::Factories LiveSession::standard_factories(std::function<void()> wake) {
  Factories factories;
  factories.open_source = [](const sources::SourceRequest& request) {
    return sources::open_source(request);
  };
  // The library is scanned anew for every load: the user may have added a model meanwhile.
  factories.make_detector = [](const std::string& id) {
    return faces::make_detector(id.empty() ? faces::kDefaultDetector : id,
                                models::ModelLibrary::standard());
  };
  factories.load_model = [](const std::string& id, const std::string& reading) {
    const auto library = models::ModelLibrary::standard();
    if (id.empty())
      return emotions::load_live_model(library, emotions::kLiveMillisecondsPerFace, reading);
    return emotions::load_emotion_model(models::with_reading_if_available(
        library.find(id, models::ModelCard::Task::emotion), reading));
  };
  factories.load_movements = [](const std::string& id) {
    return movements::load_movement_reader(id, models::ModelLibrary::standard());
  };
  factories.wake = std::move(wake);
  return factories;
}

LiveSession::LiveSession(const Factories& factories, Start start)
    : threads_(std::make_unique<Threads>(factories, std::move(start))) {}
LiveSession::~LiveSession() = default;

void LiveSession::request(LiveRequests requests) {
  threads_->state.request(std::move(requests));
}
void LiveSession::set_sink(std::shared_ptr<AnalyzedFrameSink> sink) {
  threads_->state.set_sink(std::move(sink));
}
void LiveSession::set_outputs(std::shared_ptr<AnalyzedFrameSink> outputs) {
  threads_->state.set_outputs(std::move(outputs));
}
LiveSnapshot LiveSession::snapshot() const { return threads_->state.snapshot(); }
std::vector<base::Notice> LiveSession::take_notices() { return threads_->state.take_notices(); }

}  // namespace mien::analysis
