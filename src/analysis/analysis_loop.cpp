#include "analysis_loop.hpp"

#include <optional>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/model_process.hpp"

namespace mien::analysis {

using namespace std::chrono_literals;

namespace {

// How soon a request is seen while no frames come.
constexpr auto kLookEvery = 50ms;
constexpr auto kRepeatErrorAfter = 5s;
// After a reconnect within this time people keep their numbers.
constexpr auto kReconnectWindow = 10s;
// Measuring::sometimes: a little less than a fifteenth, so that of a camera's thirty frames
// every second one is measured, though they never come quite evenly.
constexpr auto kMeasureSometimes = 60ms;

/// Makes the requested thing; on failure says why and makes the default one, named by "".
template <typename Make>
auto load_or_default(SessionState& state, const std::string& requested, const Make& make,
                     bool allow_fallbacks) {
  try {
    return make(requested);
  } catch (...) {
    const std::string sentence = base::describe_current_exception();
    state.notify(base::Notice::Level::error, sentence);
    if (!allow_fallbacks) {
      state.update_status([&](LiveStatus& status) {
        if (status.missing.empty()) status.missing = sentence;
      });
    }
    if (requested.empty() || !allow_fallbacks) throw;
  }
  return make(std::string());
}

std::chrono::nanoseconds interval_of(Measuring measuring) {
  switch (measuring) {
    case Measuring::never:
      return Analyzer::kNeverMeasured;
    case Measuring::sometimes:
      return kMeasureSometimes;
    case Measuring::always:
      break;
  }
  return 0ns;
}

void set_loading(SessionState& state, bool loading) {
  state.update_status([&](LiveStatus& status) { status.loading_model = loading; });
}

void publish_detector(SessionState& state, const std::string& id) {
  state.update_status([&](LiveStatus& status) { status.detector_id = id; });
}

void publish_model(SessionState& state, const models::ModelCard& card) {
  state.update_status([&](LiveStatus& status) {
    status.model_id = card.id;
    status.model_name = card.name;
    status.model_reading = card.reading;
    status.readings = card.readings;
    status.baseline_model = emotions::baseline_model(card);
  });
}

}  // namespace

AnalysisLoop::AnalysisLoop(SessionState& state, base::Channel<CapturedFrame>& frames,
                           LiveSession::Factories factories, std::string detector,
                           std::string model, std::string reading, std::string landmarks,
                           bool allow_fallbacks)
    : state_(state),
      frames_(frames),
      factories_(std::move(factories)),
      allow_fallbacks_(allow_fallbacks),
      first_detector_(std::move(detector)),
      first_model_(std::move(model)),
      first_landmarks_(std::move(landmarks)),
      reading_(std::move(reading)) {}

void AnalysisLoop::run() {
  // Stop waiting for the process of a third-party model when the session ends.
  const models::WaitInterruption leaving([this] { return state_.stopping(); });
  load_first();
  std::optional<CapturedFrame> unread;  // the frame at which a model has ended
  while (true) {
    const bool ended = state_.has_ended();  // asked first: the last frame waits by then
    const auto captured =
        unread ? std::exchange(unread, std::nullopt) : frames_.pop_for(kLookEvery);
    if (!captured && frames_.closed()) return;
    try {
      apply_requests();
      if (captured && analyzer_) analyze(*captured, false);
      if (!captured) push_last_frame_to_new_sink();
      if (!captured && ended && !std::exchange(end_is_told_, true)) tell_end();
    } catch (const models::ModelProcessEnded& gone) {
      load_default_after(gone);
      if (analyzer_ && !state_.stopping()) unread = captured;
    } catch (...) {
      report_error(base::describe_current_exception());
    }
  }
}

void AnalysisLoop::load_first() {
  set_loading(state_, true);
  try {
    auto detector =
        load_or_default(state_, first_detector_, factories_.make_detector, allow_fallbacks_);
    auto model = load_or_default(
        state_, first_model_,
        [this](const std::string& id) {
          auto made = factories_.load_model(id, reading_);
          model_ = id.empty() ? made->card().id : id;
          return made;
        },
        allow_fallbacks_);
    analyzer_ = std::make_unique<Analyzer>(std::move(detector), std::move(model),
                                           AnalyzerOptions{.detect_every = 0, .live = true});
    analyzer_->measure_every(interval_of(measuring_));
    load_first_movements();
    // Last, since a recording may start from then on and is told of all three.
    publish_detector(state_, analyzer_->detector().id());
    publish_model(state_, analyzer_->model().card());
  } catch (...) {
    // load_or_default has said why; the video goes on without readings.
  }
  set_loading(state_, false);
}

/// Faces are read without being measured, where something may stand in.
void AnalysisLoop::load_first_movements() {
  try {
    use_landmarks(first_landmarks_);
  } catch (...) {
    const std::string sentence = base::describe_current_exception();
    state_.notify(base::Notice::Level::error, sentence);
    // Nobody named the standard one: a recording without it is what was asked for.
    if (allow_fallbacks_ || first_landmarks_.empty()) return;
    state_.update_status([&](LiveStatus& status) {
      if (status.missing.empty()) status.missing = sentence;
    });
  }
}

/// Throws as the factory does; then the one before stays.
void AnalysisLoop::use_landmarks(const std::string& id) {
  std::shared_ptr<movements::MovementReader> reader;
  if (id != kNoLandmarks) {
    if (!factories_.load_movements) {
      throw base::Error("There is no landmarks model to be had; choose none.");
    }
    reader = factories_.load_movements(id);
  }
  const std::string landmarks = reader ? reader->id() : "";
  const std::string movements = reader ? reader->network_id() : "";
  const auto models = reader ? reader->models() : nullptr;
  analyzer_->use(std::move(reader));
  state_.update_status([&](LiveStatus& status) {
    status.landmarks_id = landmarks;
    status.movements_id = movements;
    status.movement_models = models;
  });
}

void AnalysisLoop::apply_requests() {
  auto requests = state_.take_analysis_requests();
  auto& detector = requests.detector;
  auto& model = requests.model;
  if (requests.reading && *requests.reading != reading_) {
    reading_ = std::move(*requests.reading);
    if (!model && analyzer_) model = model_;
  }
  const bool paced = requests.measuring && *requests.measuring != measuring_;
  if (paced) {
    measuring_ = *requests.measuring;
    if (analyzer_) analyzer_->measure_every(interval_of(measuring_));
  }
  if (!detector && !model && !requests.landmarks) {
    // A picture that stands still shows what a baseline changes, too.
    const bool baselines = apply_baselines(requests.baselines);
    if ((baselines || paced) && analyzer_ && last_.frame && frames_.size() == 0)
      analyze(last_, true);
    return;
  }
  set_loading(state_, true);
  bool changed = false;
  const auto attempt = [&](const auto& change) {
    try {
      change();
      changed = true;
    } catch (...) {
      state_.notify(base::Notice::Level::error, base::describe_current_exception());
    }
  };
  if (!analyzer_) {
    // Nothing could be loaded at the start; a new request is a new chance.
    first_detector_ = detector.value_or("");
    first_model_ = model.value_or("");
    if (requests.landmarks) first_landmarks_ = *requests.landmarks;
    load_first();
    return;
  }
  if (detector) {
    attempt([&] {
      analyzer_->use(factories_.make_detector(*detector));
      publish_detector(state_, analyzer_->detector().id());
    });
  }
  if (model) {
    attempt([&] {
      analyzer_->use(factories_.load_model(*model, reading_));
      model_ = model->empty() ? analyzer_->model().card().id : *model;
      publish_model(state_, analyzer_->model().card());
    });
  }
  if (requests.landmarks) {
    attempt([&] {
      use_landmarks(*requests.landmarks);
      first_landmarks_ = *requests.landmarks;
    });
  }
  set_loading(state_, false);
  changed |= apply_baselines(requests.baselines);
  if (changed && last_.frame && frames_.size() == 0) analyze(last_, true);
}

/// Returns whether readings change.
bool AnalysisLoop::apply_baselines(const std::vector<BaselineRequest>& requests) {
  if (!analyzer_) return false;
  auto& baselines = analyzer_->baselines();
  auto* movements = analyzer_->movements();
  for (const auto& request : requests) {
    // Whatever the model makes of it: a model without a neutral label has no resting faces.
    if (movements != nullptr && request.kind == BaselineRequest::Kind::begin) {
      movements->neutral().begin(request.person);
    } else if (movements != nullptr && request.kind == BaselineRequest::Kind::clear) {
      movements->neutral().clear(request.person);
    }
    try {
      switch (request.kind) {
        case BaselineRequest::Kind::begin:
          baselines.begin(request.person);
          break;
        case BaselineRequest::Kind::clear:
          baselines.clear(request.person);
          break;
        case BaselineRequest::Kind::use:
          baselines.set(request.person, request.baseline);
          break;
      }
    } catch (...) {
      state_.notify(base::Notice::Level::error, base::describe_current_exception());
    }
  }
  return !requests.empty();
}

std::map<int, emotions::NeutralBaseline> AnalysisLoop::baselines_of(
    const base::AnalyzedFrame& analysis) const {
  std::map<int, emotions::NeutralBaseline> baselines;
  for (const auto& reading : analysis.readings) {
    if (reading.calibration != base::Calibration::set) continue;
    if (auto baseline = analyzer_->baselines().get(reading.person)) {
      baselines.emplace(reading.person, std::move(*baseline));
    }
  }
  return baselines;
}

void AnalysisLoop::analyze(const CapturedFrame& captured, bool again) {
  if (captured.generation != generation_) {
    generation_ = captured.generation;
    const bool same_place = captured.reconnected && last_.frame &&
                            captured.frame->arrived - last_.frame->arrived < kReconnectWindow;
    if (same_place) {
      analyzer_->reconnect();
    } else {
      analyzer_->reset();
    }
    last_analysis_.reset();  // of another source
    for (const auto& sink : {state_.outputs(), state_.sink()}) {
      if (sink) sink->source_changes(captured.source_name);
    }
  }
  last_ = captured;
  auto analysis = analyzer_->analyze(captured.frame);
  state_.analysed(analysis, baselines_of(*analysis), captured.generation);
  last_analysis_ = analysis;
  end_is_told_ = false;
  if (const auto outputs = state_.outputs_for_frame()) outputs->push(analysis);
  if (again) return;  // the sink has had this frame
  if (const auto sink = state_.sink_for_frame(captured.generation)) {
    sink->push(std::move(analysis));
  }
}

/// What is recorded or sent from after a picture or video has ended on gets the frame on
/// screen.
void AnalysisLoop::push_last_frame_to_new_sink() {
  if (!last_analysis_) return;
  if (const auto outputs = state_.take_outputs_for_last_frame()) {
    end_is_told_ = false;
    outputs->push(last_analysis_);
  }
  if (const auto sink = state_.take_sink_for_last_frame()) {
    end_is_told_ = false;
    sink->push(last_analysis_);
  }
}

void AnalysisLoop::tell_end() {
  for (const auto& sink : {state_.outputs(), state_.sink()}) {
    if (sink) sink->source_ended();
  }
}

/// The process of a third-party model has ended; the default model takes its place.
void AnalysisLoop::load_default_after(const models::ModelProcessEnded& gone) {
  if (state_.stopping()) return;
  state_.notify(base::Notice::Level::error, gone.what());
  if (gone.task() == models::ModelCard::Task::landmarks) {
    load_default_landmarks();
    return;
  }
  const bool finds_faces = gone.task() == models::ModelCard::Task::face;
  const std::string before =
      finds_faces ? analyzer_->detector().id() : analyzer_->model().card().id;
  set_loading(state_, true);
  try {
    std::string now;
    if (finds_faces) {
      analyzer_->use(factories_.make_detector(""));
      now = analyzer_->detector().id();
      publish_detector(state_, now);
    } else {
      analyzer_->use(factories_.load_model("", reading_));
      now = analyzer_->model().card().id;
      model_ = now;
      publish_model(state_, analyzer_->model().card());
    }
    // If the default itself is a third-party model, it would end again.
    if (now == before) analyzer_.reset();
  } catch (...) {
    state_.notify(base::Notice::Level::error, base::describe_current_exception());
    analyzer_.reset();
  }
  set_loading(state_, false);
}

/// Faces are read without being measured where there is no other.
void AnalysisLoop::load_default_landmarks() {
  // If the default itself is a third-party model, it would end again.
  const bool was_default = first_landmarks_.empty();
  first_landmarks_ = was_default ? kNoLandmarks : "";
  set_loading(state_, true);
  try {
    use_landmarks(first_landmarks_);
  } catch (...) {
    state_.notify(base::Notice::Level::error, base::describe_current_exception());
    first_landmarks_ = kNoLandmarks;
    use_landmarks(first_landmarks_);
  }
  set_loading(state_, false);
}

void AnalysisLoop::report_error(const std::string& sentence) {
  const auto now = std::chrono::steady_clock::now();
  if (sentence == last_error_ && now - reported_at_ < kRepeatErrorAfter) return;
  last_error_ = sentence;
  reported_at_ = now;
  state_.notify(base::Notice::Level::error, sentence);
}

}  // namespace mien::analysis
