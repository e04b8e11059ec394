#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/analysis/live_session.hpp"
#include "mien/analysis/system_report.hpp"
#include "mien/base/notice.hpp"
#include "mien/base/reading.hpp"
#include "mien/base/settings.hpp"
#include "mien/movements/opinion_rules.hpp"
#include "mien/sessions/columns.hpp"
#include "mien/sessions/privacy.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_store.hpp"
#include "mien/sources/cameras.hpp"

namespace mien::ui {

/// Something that a menu offers.
struct Choice {
  std::string id;
  std::string name;
  std::string description;  ///< one line; may be empty
};

/// How the recording goes.
struct RecordingView {
  bool active = false;
  bool finishing = false;  ///< stopped, files being closed
  double seconds = 0;      ///< recorded so far
  std::uintmax_t bytes = 0;
  sessions::Privacy privacy = sessions::Privacy::everything;
  std::optional<double> seconds_left;  ///< until the disk is full, at the present rate
  bool requested = false;              ///< one starts as soon as there is something to record
};

/// Where an output can send to, for a menu.
struct SendPlace {
  std::string argument;  ///< as OutputView::argument
  std::string name;      ///< for people
};

/// A way to send the reading to other programs, as the Send menu has it. One that is on in
/// several places is there several times.
struct OutputView {
  enum class State { off, opening, sending, failed };
  std::string word;                 ///< of its protocol: "osc"
  std::string name;                 ///< for people: "OSC"
  std::string description{};        ///< one line
  std::string form{};               ///< what can be chosen of it: "HOST:PORT"; empty: nothing
  std::string argument{};           ///< what was chosen, or is meant without a choice
  std::vector<SendPlace> places{};  ///< that there are at present
  std::string place{};              ///< the one in use, when `argument` leaves that open
  State state = State::off;
  bool measures = true;     ///< it sends what is measured on faces
  std::string listeners{};  ///< "2 listeners"; empty where nobody can know
  std::string address{};    ///< where others find it; may be empty
  std::string token{};      ///< what others need to command through it; may be empty
  std::string problem{};    ///< sentences when it failed, or serves not everybody
  std::uint64_t lost = 0;   ///< frames that did not go out
};

/// Where to send was chosen in the menu, and that needs the user's word first.
struct SendQuestion {
  std::string word;      ///< of the protocol
  std::string before;    ///< its argument until now
  std::string argument;  ///< with which it is sent there
  std::string risk;      ///< sentences
  bool on = false;       ///< as action::SendTo::on
};

/// A marker that another program has set.
struct OutsideMarker {
  std::string text;
  std::chrono::steady_clock::time_point at;
};

struct ReplayHistory;  // src/ui/replay_state.hpp

/// A recorded session that is looked at instead of the live picture.
struct ReplayView {
  std::shared_ptr<const sessions::RecordedSession> session;  ///< never null
  double position = 0;                                       ///< seconds since its first frame
  double length = 0;                                         ///< to its last frame
  /// The picture has no boxes in it yet: a session without a video.
  bool unpainted = false;
  /// Of prepare_replay(): what the panels show of the whole session. Null: made at the first
  /// redraw, which then takes as long as that does.
  std::shared_ptr<ReplayHistory> history{};
};

/// How far "Teach it your face" has come.
struct TeachingView {
  struct Label {
    std::string name;          ///< canonical, or the user's own word
    std::size_t examples = 0;  ///< so many were shown
    int thumbnails = 0;        ///< so many of the newest have a picture
  };
  /// The newest trained model.
  struct TrainingResult {
    std::string id;  ///< of the model
    std::string name;
    std::size_t examples = 0;
    std::size_t labels = 0;
    double accuracy = 0;  ///< of faces that were held out, mean over the labels
    /// The two labels that are taken for each other most, and how often; empty when none are.
    std::string shown, answered;
    double mistaken = 0;
    bool saved = false;    ///< lies among the user's models
    bool current = false;  ///< no example came or went since
  };
  enum class State { idle, loading, training, saving };
  State state = State::idle;
  float progress = 0;         ///< of training, 0..1
  std::vector<Label> labels;  ///< in the order in which they first came
  /// A texture with the thumbnails, a row a label in the order of `labels`, the newest first,
  /// `thumbnail_grid` of them; 0 for none.
  std::uintptr_t thumbnails = 0;
  cv::Size thumbnail_grid;
  std::string missing;  ///< why it cannot be trained yet; empty when it can
  std::string problem;  ///< what went wrong last
  std::optional<TrainingResult> result;
  std::vector<Choice> saved;  ///< models trained earlier, on this computer
};

/// The system check: what it has found so far.
struct SystemCheckView {
  bool running = false;
  analysis::SystemReport report;
};

/// All that the panels show, as plain values taken once per redraw, so a test or a
/// screenshot can show any moment. Panels read nothing else, except the open dialog, which
/// lists folders in a thread, and the compiled-in tables of encoders and export formats.
struct ViewModel {
  /// An opaque texture that holds the picture, 0 for none. Whoever draws keeps it alive.
  std::uintptr_t picture = 0;
  cv::Size picture_size;  ///< pixels of the frame, not of the texture
  bool mirrored = false;  ///< show the picture as in a mirror

  /// The readings shown; null for none. Boxes are in pixels of picture_size.
  base::AnalyzedFramePtr analysis;
  float reading_strength =
      1;  ///< 1: of this very picture; less: older, drawn fainter; 0: too old

  analysis::LiveStatus status;
  std::optional<double> latency_ms;  ///< from capture to screen; none when nothing moves
  RecordingView recording;
  sessions::Privacy privacy = sessions::Privacy::everything;  ///< of the next recording
  std::string video_encoder;  ///< of the next recording; empty: the best there is
  /// Of the recording that runs or of the next one; without a landmarks model it is basic.
  sessions::Columns columns = sessions::Columns::basic;

  /// Nobody has said yet that they know what this program does and where it is forbidden.
  bool first_run = false;
  /// --record was given: the recording waits until they have, and starts then.
  bool record_at_acceptance = false;
  /// A session that a crash left open and about which the user is to be asked.
  std::optional<sessions::SessionEntry> broken_session;
  std::vector<sessions::SessionEntry>
      sessions;                      ///< past ones, newest first, as of the last look
  bool sessions_known = false;       ///< the first look is done
  std::optional<ReplayView> replay;  ///< set: everything here is of a past session
  /// The name of a past session that is being read, and can be given up; empty: none is.
  std::string replay_opening;

  std::vector<sources::CameraInfo> cameras;
  bool cameras_known = false;  ///< the first look for cameras is done
  std::vector<Choice> detectors;
  std::vector<Choice> models;
  std::vector<Choice> landmarks;  ///< models that measure faces
  /// What is said on the cards of faces that are measured; null: nothing.
  std::shared_ptr<const movements::OpinionRules> opinions;

  std::optional<SendQuestion> send_question;  ///< waits for an answer
  std::vector<OutputView> outputs;            ///< in the order of the menu
  std::vector<OutsideMarker> markers;         ///< new ones; each is given once

  TeachingView teaching;
  SystemCheckView system_check;

  /// What the user calls people, by their number; the others are "P1", "P2" ...
  std::map<int, std::string> names;
  /// Names under which resting faces are kept for the model in use.
  std::vector<std::string> kept_people;

  base::Settings settings;
  std::string sessions_folder;        ///< where recordings go
  std::vector<base::Notice> notices;  ///< new ones; each is given once
  std::string version;
};

}  // namespace mien::ui
