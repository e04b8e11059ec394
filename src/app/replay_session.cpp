#include "replay_session.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"
#include "mien/sessions/session_video.hpp"
#include "mien/ui/replay.hpp"

namespace mien::app {
namespace {

using State = analysis::LiveStatus::State;
using namespace std::chrono_literals;

/// For sessions without a video: a canvas that has room for all boxes.
cv::Mat empty_picture(const sessions::RecordedSession& session) {
  cv::Size size{1280, 720};
  const auto source = session.document.find("source");
  if (source != session.document.end() && source->is_object()) {
    // As doubles: a session from elsewhere may hold any number.
    const auto side = [&](const char* key) {
      const auto found = source->find(key);
      return found != source->end() && found->is_number() ? found->get<double>() : 0;
    };
    const double width = side("width");
    const double height = side("height");
    if (width >= 16 && height >= 16 && width <= 8192 && height <= 8192) {
      size = {static_cast<int>(width), static_cast<int>(height)};
    }
  }
  return {size, CV_8UC3, cv::Scalar(22, 18, 16)};
}

analysis::LiveStatus status_of(const sessions::RecordedSession& session) {
  analysis::LiveStatus status;
  status.state = State::running;
  status.source.name = "Session " + session.folder.filename().string();
  status.source.kind = "session";
  status.source.spec = session.folder.string();
  const auto& model = base::object_in(session.document, "model");
  status.model_id = base::text_in(model, "id");
  status.model_name = model.contains("name") ? base::text_in(model, "name") : status.model_id;
  status.detector_id = base::text_in(session.document, "detector");
  return status;
}

}  // namespace

std::shared_ptr<ReplaySession> ReplaySession::open(std::filesystem::path folder,
                                                   std::function<void()> wake, Read read) {
  // The thread keeps the object as long as it needs it; the end of the last handle stops it.
  auto session =
      std::shared_ptr<ReplaySession>(new ReplaySession(std::move(wake), std::move(read)));
  base::start_detached([session, folder = std::move(folder)] { session->run(folder); });
  return {session.get(), [session](ReplaySession* one) { one->stop(); }};
}

ReplaySession::ReplaySession(std::function<void()> wake, Read read)
    : wake_(std::move(wake)), read_(std::move(read)) {}

void ReplaySession::run(const std::filesystem::path& folder) {
  try {
    play(folder);
  } catch (...) {
    const base::MutexLock lock(mutex_);
    moment_.problem = base::describe_current_exception();
  }
  notify();
}

/// The thread ends after its current read, which may take long on a slow disk.
void ReplaySession::stop() {
  {
    const base::MutexLock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

void ReplaySession::set_paused(bool paused) {
  {
    const base::MutexLock lock(mutex_);
    const double position = position_now();
    start_at(!paused && position >= length_ ? 0 : position);
    playing_ = !paused;
  }
  changed_.notify_all();
}

void ReplaySession::seek(double position) {
  {
    const base::MutexLock lock(mutex_);
    if (position_now() >= length_) playing_ = true;  // it had ended
    start_at(std::clamp(position, 0.0, length_));
  }
  changed_.notify_all();
}

ReplaySession::Moment ReplaySession::moment() const {
  const base::MutexLock lock(mutex_);
  Moment moment = moment_;
  const double position = position_now();
  if (moment.view) {
    moment.view->position = position;
    moment.status.state = position >= length_ ? State::ended
                          : playing_          ? State::running
                                              : State::paused;
  }
  return moment;
}

double ReplaySession::position_now() const {
  if (!playing_) return position_;
  const std::chrono::duration<double> passed = Clock::now() - since_;
  return std::min(length_, position_ + passed.count());
}

void ReplaySession::start_at(double position) {
  position_ = position;
  since_ = Clock::now();
}

bool ReplaySession::stopped() const {
  const base::MutexLock lock(mutex_);
  return stop_;
}

void ReplaySession::notify() {
  const base::MutexLock lock(mutex_);
  if (!stop_) wake_();
}

void ReplaySession::play(const std::filesystem::path& folder) {
  const auto session = std::make_shared<const sessions::RecordedSession>(read_(folder));
  if (stopped()) return;
  const auto frames = ui::recorded_frames(*session);
  if (frames.empty()) throw base::Error("The session " + folder.string() + " has no frames.");
  const auto labels = std::make_shared<const std::vector<std::string>>(session->labels);
  const auto blinks = sessions::blinks_in_session(*session);
  const auto history = ui::prepare_replay(*session, frames.back().timestamp);
  if (stopped()) return;
  std::optional<sessions::VideoReader> video;
  if (!session->video.empty()) video.emplace(session->video);
  cv::Mat picture = empty_picture(*session);
  {
    const base::MutexLock lock(mutex_);
    length_ = frames.back().timestamp;
    moment_.status = status_of(*session);
    moment_.status.source.size = video ? video->size() : picture.size();
    moment_.view = ui::ReplayView{session, 0, length_, !video, history};
    start_at(0);
    playing_ = true;
  }
  std::size_t shown = frames.size();
  while (true) {
    std::size_t due = 0;
    {
      const base::MutexLock lock(mutex_);
      if (stop_) return;
      const double position = position_now();
      const auto after =
          std::upper_bound(frames.begin(), frames.end(), position + 5e-4,
                           [](double time, const auto& f) { return time < f.timestamp; });
      due = after == frames.begin() ? 0 : static_cast<std::size_t>(after - frames.begin() - 1);
      if (due == shown) {
        // Until the next frame's turn, or until something else is asked for.
        auto until_next = 1s + 0ns;
        if (playing_ && after != frames.end()) {
          until_next = std::chrono::nanoseconds(
              std::llround(1e9 * std::max(0.001, after->timestamp - position)));
        }
        changed_.wait_for(mutex_, until_next);
        continue;
      }
    }
    const auto& frame = frames[due];
    if (video) {
      // If a frame cannot be decoded, the previous one stays.
      auto decoded = video->at(std::llround(frame.timestamp * 1000));
      if (decoded) picture = std::move(*decoded);
    }
    auto analysis = ui::replayed_frame(*session, frame, blinks, labels, picture);
    shown = due;
    {
      const base::MutexLock lock(mutex_);
      moment_.analysis = std::move(analysis);
    }
    notify();
  }
}

}  // namespace mien::app
