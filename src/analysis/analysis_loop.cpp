#include "analysis_loop.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/model_library.hpp"
#include "mien/models/model_process.hpp"

namespace mien {

using namespace std::chrono_literals;

namespace {

// How soon a wish is seen while no frames come.
constexpr auto kLookEvery = 50ms;
constexpr auto kComplainEvery = 5s;
// Who sat before a camera that was away for so long sits there still.
constexpr auto kSamePlace = 10s;

/// Makes the wished thing; on failure says why and makes the standard one, named by "".
template <typename Make>
auto make_or_standard(SessionState& state, const std::string& wished, const Make& make,
                      bool stand_ins) {
  try {
    return make(wished);
  } catch (...) {
    state.notify(Notice::Level::error, describe_current_exception());
    if (!stand_ins) state.missing(describe_current_exception());
    if (wished.empty() || !stand_ins) throw;
  }
  return make(std::string());
}

}  // namespace

AnalysisLoop::AnalysisLoop(SessionState& state, Channel<CapturedFrame>& frames,
                           LiveSession::Factories factories, std::string detector,
                           std::string model, std::string reading, bool stand_ins)
    : state_(state),
      frames_(frames),
      factories_(std::move(factories)),
      stand_ins_(stand_ins),
      first_detector_(std::move(detector)),
      first_model_(std::move(model)),
      reading_(std::move(reading)) {}

void AnalysisLoop::run() {
  // Leaving does not wait until a model of others has used up its time.
  const WaitInterruption leaving([this] { return state_.stopping(); });
  load_first();
  while (true) {
    const auto captured = frames_.pop_for(kLookEvery);
    if (!captured && frames_.closed()) return;
    try {
      load_wishes();
      if (captured && analyzer_) analyze(*captured, false);
      if (!captured) give_last_to_new_sink();
    } catch (const ModelGone& gone) {
      replace(gone);
    } catch (...) {
      complain(describe_current_exception());
    }
  }
}

void AnalysisLoop::load_first() {
  state_.set_loading(true);
  try {
    auto detector =
        make_or_standard(state_, first_detector_, factories_.make_detector, stand_ins_);
    auto model = make_or_standard(
        state_, first_model_,
        [this](const std::string& id) {
          auto made = factories_.load_model(id, reading_);
          model_ = id.empty() ? made->card().id : id;
          return made;
        },
        stand_ins_);
    state_.detector_in_use(detector->id());
    state_.model_in_use(model->card());
    analyzer_ = std::make_unique<Analyzer>(std::move(detector), std::move(model),
                                           AnalyzerOptions{.detect_every = 0, .live = true});
  } catch (...) {
    // make_or_standard has said why; the picture lives on without readings.
  }
  state_.set_loading(false);
}

void AnalysisLoop::load_wishes() {
  auto detector = state_.take_wished_detector();
  auto model = state_.take_wished_model();
  if (auto reading = state_.take_wished_reading(); reading && *reading != reading_) {
    reading_ = std::move(*reading);
    if (!model && analyzer_) model = model_;
  }
  if (!detector && !model) {
    // A picture that stands still shows what a baseline changes, too.
    if (heed_baselines() && last_.frame && frames_.size() == 0) analyze(last_, true);
    return;
  }
  state_.set_loading(true);
  bool changed = false;
  const auto attempt = [&](const auto& change) {
    try {
      change();
      changed = true;
    } catch (...) {
      state_.notify(Notice::Level::error, describe_current_exception());
    }
  };
  if (!analyzer_) {
    // Nothing could be loaded at the start; a new wish is a new chance.
    first_detector_ = detector.value_or("");
    first_model_ = model.value_or("");
    load_first();
    return;
  }
  if (detector) {
    attempt([&] {
      analyzer_->use(factories_.make_detector(*detector));
      state_.detector_in_use(analyzer_->detector().id());
    });
  }
  if (model) {
    attempt([&] {
      analyzer_->use(factories_.load_model(*model, reading_));
      model_ = model->empty() ? analyzer_->model().card().id : *model;
      state_.model_in_use(analyzer_->model().card());
    });
  }
  state_.set_loading(false);
  if (changed && last_.frame && frames_.size() == 0) analyze(last_, true);
}

/// Returns whether readings change.
bool AnalysisLoop::heed_baselines() {
  const auto wishes = state_.take_wished_baselines();
  if (!analyzer_) return false;
  for (const auto& wish : wishes) {
    try {
      switch (wish.kind) {
        case BaselineWish::Kind::begin:
          analyzer_->begin_baseline(wish.person);
          break;
        case BaselineWish::Kind::clear:
          analyzer_->clear_baseline(wish.person);
          break;
        case BaselineWish::Kind::use:
          analyzer_->set_baseline(wish.person, wish.baseline);
          break;
      }
    } catch (...) {
      state_.notify(Notice::Level::error, describe_current_exception());
    }
  }
  return !wishes.empty();
}

void AnalysisLoop::publish_baselines(const AnalyzedFrame& analysis) {
  std::map<int, NeutralBaseline> baselines;
  for (const auto& reading : analysis.readings) {
    if (reading.calibration != Calibration::set) continue;
    if (auto baseline = analyzer_->baseline(reading.person)) {
      baselines.emplace(reading.person, std::move(*baseline));
    }
  }
  state_.baselines_in_use(std::move(baselines));
}

void AnalysisLoop::analyze(const CapturedFrame& captured, bool again) {
  if (captured.generation != generation_) {
    generation_ = captured.generation;
    const bool same_place = captured.reconnected && last_.frame &&
                            captured.frame->arrived - last_.frame->arrived < kSamePlace;
    if (same_place) {
      analyzer_->reconnect();
    } else {
      analyzer_->reset();
    }
    last_analysis_.reset();  // of another source
    if (const auto sink = state_.sink()) sink->source_changes(captured.source_name);
  }
  last_ = captured;
  auto analysis = analyzer_->analyze(captured.frame);
  // Before the readings that say "set": who sees them can have the baseline.
  publish_baselines(*analysis);
  state_.analysed(analysis, captured.generation);
  last_analysis_ = analysis;
  if (again) return;  // the sink has had this frame
  if (const auto sink = state_.sink_for_frame(captured.generation)) {
    sink->push(std::move(analysis));
  }
}

/// A recording that begins when a picture or a film has ended has what is on the screen.
void AnalysisLoop::give_last_to_new_sink() {
  if (!last_analysis_) return;
  if (const auto sink = state_.take_new_sink_of_ended()) sink->push(last_analysis_);
}

/// A model of others has ended; the standard one goes on in its place.
void AnalysisLoop::replace(const ModelGone& gone) {
  if (state_.stopping()) return;
  state_.notify(Notice::Level::error, gone.what());
  const bool finds_faces = gone.task() == ModelCard::Task::face;
  const std::string before =
      finds_faces ? analyzer_->detector().id() : analyzer_->model().card().id;
  state_.set_loading(true);
  try {
    std::string now;
    if (finds_faces) {
      analyzer_->use(factories_.make_detector(""));
      now = analyzer_->detector().id();
      state_.detector_in_use(now);
    } else {
      analyzer_->use(factories_.load_model("", reading_));
      now = analyzer_->model().card().id;
      model_ = now;
      state_.model_in_use(analyzer_->model().card());
    }
    // Where a model of others is the standard one, it would end again.
    if (now == before) analyzer_.reset();
  } catch (...) {
    state_.notify(Notice::Level::error, describe_current_exception());
    analyzer_.reset();
  }
  state_.set_loading(false);
}

void AnalysisLoop::complain(const std::string& sentence) {
  const auto now = std::chrono::steady_clock::now();
  if (sentence == last_complaint_ && now - complained_at_ < kComplainEvery) return;
  last_complaint_ = sentence;
  complained_at_ = now;
  state_.notify(Notice::Level::error, sentence);
}

}  // namespace mien
