#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mien/base/channel.hpp"
#include "mien/models/model_process.hpp"

#include "session_state.hpp"

namespace mien::analysis {

/// The analysis thread: takes frames, runs the Analyzer, hands results to the screen and the
/// sink. Loads requested models and detectors between frames and keeps the old one when that
/// fails.
class AnalysisLoop {
 public:
  AnalysisLoop(SessionState& state, base::Channel<CapturedFrame>& frames,
               LiveSession::Factories factories, std::string detector, std::string model,
               std::string reading, std::string landmarks, bool allow_fallbacks = true);

  /// Runs until `frames` is closed and drained.
  void run();

 private:
  void load_first();
  void load_first_movements();
  void use_landmarks(const std::string& id);
  void apply_requests();
  bool apply_baselines(const std::vector<BaselineRequest>& requests);
  /// Those of the people in it.
  std::map<int, emotions::NeutralBaseline> baselines_of(
      const base::AnalyzedFrame& analysis) const;
  void analyze(const CapturedFrame& captured, bool again);
  void push_last_frame_to_new_sink();
  void tell_end();
  void load_default_after(const models::ModelProcessEnded& gone);
  void load_default_landmarks();
  /// A notice, unless the same one was given a moment ago.
  void report_error(const std::string& sentence);

  SessionState& state_;
  base::Channel<CapturedFrame>& frames_;
  const LiveSession::Factories factories_;
  const bool allow_fallbacks_;  ///< see LiveSession::Start
  std::string first_detector_;
  std::string first_model_;
  std::string first_landmarks_;
  std::string model_;    ///< as it was asked for, to load it with another reading
  std::string reading_;  ///< the requested one, also of models to come
  Measuring measuring_ = Measuring::always;

  std::unique_ptr<Analyzer> analyzer_;
  std::uint64_t generation_ = 0;
  CapturedFrame last_;  ///< analysed anew when a model changes while nothing comes
  base::AnalyzedFramePtr last_analysis_;
  bool end_is_told_ = true;  ///< to the sinks, since the last frame
  std::string last_error_;
  std::chrono::steady_clock::time_point reported_at_{};
};

}  // namespace mien::analysis
