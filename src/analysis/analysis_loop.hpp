#pragma once

#include <memory>
#include <string>

#include "mien/base/channel.hpp"
#include "mien/models/model_process.hpp"

#include "session_state.hpp"

namespace mien {

/// The analysis thread: takes frames, runs the Analyzer, hands results to the screen and the
/// sink. Loads wished models and detectors between frames and keeps the old one when that
/// fails.
class AnalysisLoop {
 public:
  AnalysisLoop(SessionState& state, Channel<CapturedFrame>& frames,
               LiveSession::Factories factories, std::string detector, std::string model,
               std::string reading, bool stand_ins = true);

  /// Runs until `frames` is closed and drained.
  void run();

 private:
  void load_first();
  void load_wishes();
  bool heed_baselines();
  void publish_baselines(const AnalyzedFrame& analysis);
  void analyze(const CapturedFrame& captured, bool again);
  void give_last_to_new_sink();
  void replace(const ModelGone& gone);
  void complain(const std::string& sentence);

  SessionState& state_;
  Channel<CapturedFrame>& frames_;
  const LiveSession::Factories factories_;
  const bool stand_ins_;  ///< see LiveSession::Start
  std::string first_detector_;
  std::string first_model_;
  std::string model_;    ///< as it was asked for, to load it with another reading
  std::string reading_;  ///< the wished one, also of models to come

  std::unique_ptr<Analyzer> analyzer_;
  std::uint64_t generation_ = 0;
  CapturedFrame last_;  ///< analysed anew when a model changes while nothing comes
  AnalyzedFramePtr last_analysis_;
  std::string last_complaint_;
  std::chrono::steady_clock::time_point complained_at_{};
};

}  // namespace mien
