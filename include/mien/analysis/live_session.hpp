#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/analysis/analyzer.hpp"
#include "mien/base/notice.hpp"
#include "mien/base/reading.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien::analysis {

/// Takes analysed frames beside the screen: the recorder, what sends them to other programs.
class AnalyzedFrameSink {
 public:
  virtual ~AnalyzedFrameSink() = default;
  /// Called by the analysis thread for every analysed frame, in order. May wait when the sink
  /// cannot keep up; then live frames wait in the mailbox and the newest wins, counted. False:
  /// wants no more.
  virtual bool push(base::AnalyzedFramePtr frame) = 0;
  /// Called by the analysis thread before the first frame of another source than before.
  virtual void source_changes(const std::string& /*name*/) {}
  /// Called by the analysis thread when the source has ended and none of its frames is under
  /// way: nobody is found any more in those that were pushed. Also after each frame that is
  /// pushed since: a new sink's first, one that was read anew. Must not wait.
  virtual void source_ended() {}
};

/// How often faces are measured: mesh, pose and movements take time that nobody should pay who
/// does not see them.
enum class Measuring {
  never,      ///< nothing shows or keeps them
  sometimes,  ///< at most fifteen times a second: a card and the timeline show no more
  always,     ///< every frame: drawn over the picture, or recorded
};

/// The landmarks model that is none, and the standard one.
inline constexpr const char* kNoLandmarks = movements::kNoLandmarks;
inline constexpr const char* kDefaultLandmarks = movements::kDefaultLandmarks;

/// How the session goes, for the status bar.
struct LiveStatus {
  enum class State { opening, running, paused, ended, failed };
  State state = State::opening;
  /// Why the first source, detector or model could not be had, where nothing may stand in;
  /// empty otherwise.
  std::string missing;
  sources::SourceInfo source;  ///< of the newest source that opened
  std::string model_id;        ///< in use
  std::string model_name;
  std::string model_reading;  ///< id of the reading in use; empty without any
  std::vector<models::ModelCard::Reading> readings;  ///< that the model offers
  std::string baseline_model;                        ///< what kept resting faces must be of
  std::string detector_id;                           ///< in use
  std::string landmarks_id;  ///< in use; empty: none, faces are not measured
  std::string movements_id;  ///< in use, what reads movements; empty: none
  /// The cards of both; null when there are none.
  std::shared_ptr<const movements::MovementModels> movement_models;
  bool loading_model = false;  ///< another model or detector is being loaded
  double capture_fps = 0;      ///< measured over the last second
  double analysis_fps = 0;     ///< measured over the last second
  base::StageTimes times;      ///< medians over the last second
  std::uint64_t captured = 0;  ///< frames since the source opened
  std::uint64_t analysed = 0;
  std::uint64_t dropped = 0;  ///< lost in the mailbox before analysis
};

/// What the threads have for the screen, all of one moment.
struct LiveSnapshot {
  base::FramePtr frame;  ///< the newest captured one; null before the first
  base::AnalyzedFramePtr
      analysis;  ///< the newest of the source in `status`; null before the first
  LiveStatus status;
  /// Resting faces of the people in `analysis`, by person, to be kept; null: of nobody.
  std::shared_ptr<const std::map<int, emotions::NeutralBaseline>> baselines;
  std::optional<emotions::NeutralBaseline> baseline(int person) const;  ///< from `baselines`
};

/// What is to happen to somebody's resting face, see Analyzer: that of their expressions and,
/// where they begin or clear it, that of their movements. Readings say how far it has come; a
/// model without a neutral label, and a baseline of another model, is a notice.
struct BaselineRequest {
  enum class Kind { begin, clear, use };
  Kind kind = Kind::begin;
  int person = 0;
  emotions::NeutralBaseline baseline{};  ///< to be used
};

/// What a LiveSession is asked to change. What is not set stays as it is, or as it was asked
/// for before.
struct LiveRequests {
  /// Another source. The old one plays on until the new one has opened, unless it is the same
  /// device; a failure is a notice and the old one stays. One that was asked for before and is
  /// still being opened, which may hang, is given up.
  std::optional<sources::SourceRequest> source{};
  /// A paused session shows its last frame; a live source is read on and its frames thrown
  /// away, uncounted; a file stands still. A source that opens ends a pause.
  std::optional<bool> paused{};
  bool restart = false;                   ///< plays a file that has ended again
  std::optional<std::string> model{};     ///< id or folder; empty: the standard one
  std::optional<std::string> reading{};   ///< also of later models, as far as they have it
  std::optional<std::string> detector{};  ///< id; empty: the standard one
  /// Id of a landmarks model, kNoLandmarks for none; empty: the standard one.
  std::optional<std::string> landmarks{};
  std::optional<Measuring> measuring{};
  std::vector<BaselineRequest> baselines{};
};

/// The capture and the analysis thread behind a window.
///
/// Members are for the UI thread, and none of them waits for a device, a file or a model.
/// Errors of the threads become notices; the session goes on with what it had.
class LiveSession {
 public:
  /// What the threads call to make things; tests put fakes here.
  struct Factories {
    std::function<std::unique_ptr<sources::FrameSource>(const sources::SourceRequest&)>
        open_source;
    std::function<std::unique_ptr<faces::FaceDetector>(const std::string& id)> make_detector;
    /// With the reading of that id if the model has one, else with its default.
    std::function<std::unique_ptr<emotions::EmotionModel>(const std::string& id_or_folder,
                                                          const std::string& reading)>
        load_model;
    /// The reader of a landmarks model by its id, never kNoLandmarks; may be empty where none
    /// is asked for.
    std::function<std::unique_ptr<movements::MovementReader>(const std::string& id)>
        load_movements{};
    /// Called from any thread when there is something new to draw. Must not block.
    std::function<void()> wake = [] {};
  };

  /// The real ones, over ModelLibrary::standard().
  static Factories standard_factories(std::function<void()> wake);

  struct Start {
    sources::SourceRequest source;
    std::string detector{};
    std::string model{};
    std::string reading{};  ///< id of a model card's reading; empty: the model's default
    /// As LiveRequests::landmarks; one that cannot be had is a notice and faces are not
    /// measured, unless it was named and nothing may stand in.
    std::string landmarks = kNoLandmarks;
    /// Use the demo, the default detector and the default model when the requested ones cannot
    /// be opened at the start. False for a recording: recording something else is worse than
    /// recording nothing.
    bool allow_fallbacks = true;
    /// A source that is not live waits with its first analysed frame until set_sink() is
    /// called, so that a recording has all of it.
    bool hold_until_sink = false;
  };

  /// Starts both threads. When the first source, detector or model cannot be had, a notice says
  /// so and the demo, the default detector and the default model are used. Throws Error when no
  /// threads can be had.
  LiveSession(const Factories& factories, Start start);
  /// Stops and joins. A source that does not answer delays this by two seconds and is abandoned
  /// in a detached thread.
  ~LiveSession();
  LiveSession(const LiveSession&) = delete;
  LiveSession& operator=(const LiveSession&) = delete;

  /// Merges into the pending requests; of each kind the newest counts.
  void request(LiveRequests requests);

  /// Where analysed frames go besides the screen; null for nowhere. Takes effect with the next
  /// frame, which is read as was requested before; when the source has ended (a still picture
  /// ends at once), its last frame is given, read in that way too.
  void set_sink(std::shared_ptr<AnalyzedFrameSink> sink);
  /// Where they go besides the screen and the sink, before the latter, so that a slow disk
  /// delays nothing there; its push() must not wait. It is given a frame again that was read
  /// anew: with another model, or corrected for a resting face. Else as set_sink(), also for
  /// the last frame; a source does not wait for it.
  void set_outputs(std::shared_ptr<AnalyzedFrameSink> outputs);

  /// To be taken once a redraw; the same again when nothing new came.
  LiveSnapshot snapshot() const;
  /// Notices since the last call, oldest first.
  std::vector<base::Notice> take_notices();

 private:
  class Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace mien::analysis
