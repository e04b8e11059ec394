#include "mien/sessions/session_check.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/media/file_kinds.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_video.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;

/// Probabilities are written with four decimals: eight of them may be off by that much.
constexpr double kSumTolerance = 0.002;

std::int64_t milliseconds(double seconds) { return std::llround(seconds * 1000); }

std::string at(std::uint64_t frame) { return "frame " + std::to_string(frame); }

class Checker {
 public:
  explicit Checker(const fs::path& folder)
      : folder_(folder), document_(read_session_document(folder)) {}

  SessionCheck check() {
    check_state();
    check_faces();
    check_video();
    check_counts();
    check_events();
    check_files();
    check_privacy();
    return std::move(result_);
  }

 private:
  void problem(const std::string& sentence) { result_.problems.push_back(sentence); }

  /// Runs a step; what it throws is a problem of the session, not of the check. False when it
  /// threw: what the step read is then not to be compared.
  template <typename Step>
  bool attempt(Step&& step) {
    try {
      step();
      return true;
    } catch (...) {
      problem(base::describe_current_exception());
      return false;
    }
  }

  void check_state() {
    if (base::text_in(document_, "state") == "recording") {
      problem(is_being_recorded(folder_)
                  ? "The session is being recorded; what follows may be half written."
                  : "The session was not closed: its program ended before; `mien report "
                    "--recover` recovers it.");
    }
    const auto told = base::text_in(document_, "problem");
    if (!told.empty()) problem("session.json reports a problem: " + told);
  }

  void check_faces() {
    attempt([&] {
      const auto faces = read_faces(folder_ / session_file::kFaces);
      labels_ = faces.labels;
      rows_ = faces.rows;
      faces_read_ = true;
      const auto columns = base::text_in(document_, "columns");
      if (!columns.empty() && columns != word(faces.columns)) {
        problem("faces.csv has the columns \"" + std::string(word(faces.columns)) +
                "\" where session.json says \"" + columns + "\".");
      }
      CsvFile table(folder_ / session_file::kFaces);
      std::vector<std::string_view> cells;
      bool complete = true;
      while (table.next(cells)) complete = table.complete();
      if (!complete) problem("The last line of faces.csv is cut short.");
    });
    if (!faces_read_) return;
    result_.rows = rows_.size();
    if (labels_ != base::texts_in(document_, "labels")) {
      problem("The labels of faces.csv are not those of session.json.");
    }
    const SessionRow* before = nullptr;
    for (const auto& row : rows_) {
      if (before == nullptr || row.frame != before->frame) {
        check_new_frame(row, before);
        people_here_.clear();
      } else {
        check_same_frame(row, *before);
      }
      check_row(row);
      before = &row;
    }
    result_.table_frames = times_.size();
  }

  void check_new_frame(const SessionRow& row, const SessionRow* before) {
    const std::uint64_t expected = before == nullptr ? 1 : before->frame + 1;
    if (row.frame != expected) {
      problem("faces.csv goes from frame " + std::to_string(expected - 1) + " to " +
              std::to_string(row.frame) + ".");
    }
    if (before == nullptr && milliseconds(row.timestamp) != 0) {
      problem("The first frame is at " + base::decimal(row.timestamp, 3) + " s, not at 0.");
    }
    if (before != nullptr && milliseconds(row.timestamp) <= milliseconds(before->timestamp)) {
      problem("The time of " + at(row.frame) + " does not come after the one before it.");
    }
    times_.push_back(milliseconds(row.timestamp));
  }

  void check_same_frame(const SessionRow& row, const SessionRow& before) {
    if (milliseconds(row.timestamp) != milliseconds(before.timestamp)) {
      problem("The rows of " + at(row.frame) + " have different times.");
    }
    if (!row.success || !before.success) {
      problem("In " + at(row.frame) + " a row says that there is no face, another has one.");
    }
  }

  void check_row(const SessionRow& row) {
    if (!row.success) {
      ++without_face_;
      if (row.person != 0 || !row.verdict.empty()) {
        problem("The row of " + at(row.frame) + " has no face, but a person or a verdict.");
      }
      return;
    }
    ++faces_;
    people_.insert(row.person);
    const auto who = "P" + std::to_string(row.person) + " in " + at(row.frame);
    if (row.person < 1) problem("A face in " + at(row.frame) + " has no person number.");
    if (!people_here_.insert(row.person).second) problem(who + " is there twice.");
    if (row.verdict.empty()) problem(who + " has no verdict.");
    if ((row.verdict == kNotSure) == row.reason.empty()) {
      problem(who + (row.reason.empty() ? " is not sure without a reason."
                                        : " is sure, but has a reason not to be."));
    }
    check_probabilities(row, who);
  }

  void check_probabilities(const SessionRow& row, const std::string& who) {
    if (row.valence < -1.0001F || row.valence > 1.0001F) {
      problem("The valence of " + who + " is " +
              base::decimal(static_cast<double>(row.valence), 4) + ".");
    }
    if (other_labels_at(row.frame)) return;  // columns are those of the first model
    double sum = 0;
    bool all = true;
    for (const float value : row.probabilities) {
      if (!std::isfinite(value)) {
        all = false;
        continue;
      }
      if (value < 0 || value > 1) {
        problem("A probability of " + who + " is " +
                base::decimal(static_cast<double>(value), 4) + ".");
      }
      sum += static_cast<double>(value);
    }
    if (all && !row.probabilities.empty() && std::abs(sum - 1) > kSumTolerance) {
      problem("The probabilities of " + who + " sum to " + base::decimal(sum, 4) + ".");
    }
    if (row.verdict != kNotSure && !row.verdict.empty() &&
        std::find(labels_.begin(), labels_.end(), row.verdict) == labels_.end()) {
      problem("The verdict of " + who + " is \"" + row.verdict + "\", which is not a label.");
    }
  }

  /// Whether another model's labels were in use then.
  bool other_labels_at(std::uint64_t frame) {
    if (!changes_) {
      changes_.emplace();
      for (const auto& change : base::list_in(document_, "model_changes")) {
        (*changes_)[static_cast<std::uint64_t>(base::whole_in(change, "frame"))] =
            base::texts_in(change, "labels") != labels_;
      }
    }
    const auto after = changes_->upper_bound(frame);
    return after != changes_->begin() && std::prev(after)->second;
  }

  void check_video() {
    const auto file = folder_ / session_file::kVideo;
    std::error_code code;
    result_.video = fs::exists(file, code);
    const auto files = base::texts_in(document_, "files");
    const bool promised =
        std::find(files.begin(), files.end(), session_file::kVideo) != files.end();
    if (!result_.video) {
      if (promised && !(faces_read_ && times_.empty())) {
        problem("session.json names video.mkv, which is missing.");
      }
      return;
    }
    std::vector<std::int64_t> shown;
    const bool read = attempt([&] {
      VideoReader video(file);
      const auto bad = video.for_each_frame([&](std::int64_t time) { shown.push_back(time); });
      if (bad > 0) {
        problem(std::to_string(bad) + " packets of video.mkv cannot be decoded.");
      }
      const auto& told = base::object_in(document_, "video");
      if (video.size() != cv::Size(static_cast<int>(base::whole_in(told, "width")),
                                   static_cast<int>(base::whole_in(told, "height")))) {
        problem("video.mkv has " + std::to_string(video.size().width) + " x " +
                std::to_string(video.size().height) +
                " pixels, session.json says something else.");
      }
    });
    result_.video_frames = shown.size();
    if (!read || !faces_read_) return;
    if (shown.size() != times_.size()) {
      problem("video.mkv has " + std::to_string(shown.size()) + " frames, faces.csv " +
              std::to_string(times_.size()) + ".");
    }
    std::size_t different = 0;
    for (std::size_t i = 0; i < std::min(shown.size(), times_.size()); ++i) {
      if (shown[i] == times_[i]) continue;
      if (++different <= 5) {
        problem("Frame " + std::to_string(i + 1) + " is at " + std::to_string(shown[i]) +
                " ms in video.mkv, at " + std::to_string(times_[i]) + " ms in faces.csv.");
      }
    }
    if (different > 5) {
      problem(std::to_string(different) + " frames in all are at other times.");
    }
  }

  void check_counts() {
    const auto& counts = base::object_in(document_, "counts");
    const auto compare = [&](const char* key, std::uint64_t found, const std::string& what) {
      if (!counts.contains(key)) return;
      const auto told = base::whole_in(counts, key, -1);
      if (told != static_cast<std::int64_t>(found)) {
        problem("session.json counts " + std::to_string(told) + ' ' + what + ", there are " +
                std::to_string(found) + ".");
      }
    };
    if (!faces_read_) return;
    compare("frames", times_.size(), "frames");
    compare("faces", faces_, "faces");
    compare("frames_without_face", without_face_, "frames without a face");
    compare("people", people_.size(), "people");
    const double seconds = base::number_in(document_, "seconds");
    const auto last = times_.empty() ? 0 : times_.back();
    if (milliseconds(seconds) != last) {
      problem("session.json says " + base::decimal(seconds, 3) + " s, the last frame is at " +
              base::decimal(static_cast<double>(last) / 1000, 3) + " s.");
    }
  }

  void check_events() {
    std::error_code code;
    if (!fs::exists(folder_ / session_file::kEvents, code)) {
      const auto files = base::texts_in(document_, "files");
      if (std::find(files.begin(), files.end(), session_file::kEvents) != files.end()) {
        problem("session.json names events.csv, which is missing.");
      }
      return;
    }
    std::vector<SessionEvent> events;
    if (!attempt([&] { events = read_events(folder_ / session_file::kEvents); })) return;
    result_.events = events.size();
    const auto& counts = base::object_in(document_, "counts");
    if (counts.contains("events") &&
        base::whole_in(counts, "events") != static_cast<std::int64_t>(events.size())) {
      problem("session.json counts " + std::to_string(base::whole_in(counts, "events")) +
              " events, there are " + std::to_string(events.size()) + ".");
    }
    std::int64_t lost = 0;
    for (const auto& event : events) {
      if (event.kind == SessionEvent::Kind::gap) lost += event.value;
      if (faces_read_) check_event(event);
    }
    if (counts.contains("frames_lost") && base::whole_in(counts, "frames_lost") != lost) {
      problem("session.json counts " + std::to_string(base::whole_in(counts, "frames_lost")) +
              " lost frames, events.csv " + std::to_string(lost) + ".");
    }
  }

  /// What an event says of frames and people against the faces.
  void check_event(const SessionEvent& event) {
    const auto last = times_.empty() ? 0 : times_.back();
    const auto what = std::string("The event ") + word(event.kind) + " at " +
                      base::decimal(event.timestamp, 3) + " s";
    const auto time = milliseconds(event.timestamp);
    if (time < 0 || time > last) {
      problem(what + " lies outside the session.");
    } else if (event.frame < 1 || event.frame > times_.size()) {
      problem(what + " belongs to " + at(event.frame) + ", which is not there.");
    } else if (time > times_[event.frame - 1] ||
               (event.frame > 1 && time < times_[event.frame - 2])) {
      // What happens between two frames belongs to the second one.
      problem(what + " is not at the time of its " + at(event.frame) + ".");
    }
    const bool about_somebody = event.kind == SessionEvent::Kind::arrival ||
                                event.kind == SessionEvent::Kind::departure ||
                                event.kind == SessionEvent::Kind::neutral;
    if (about_somebody && people_.count(event.person) == 0) {
      problem(what + " is about P" + std::to_string(event.person) +
              ", who is not in faces.csv.");
    }
  }

  void check_files() {
    constexpr auto kOthers = fs::perms::group_all | fs::perms::others_all;
    std::error_code code;
    if ((fs::status(folder_, code).permissions() & kOthers) != fs::perms::none) {
      problem("The folder can be read by others than its owner.");
    }
    for (fs::directory_iterator file(folder_, code), end; !code && file != end;
         file.increment(code)) {
      const auto name = file->path().filename().string();
      std::error_code unknown;
      const auto status = file->status(unknown);
      if (!fs::is_regular_file(status)) continue;
      if ((status.permissions() & kOthers) != fs::perms::none) {
        problem(name + " can be read by others than its owner.");
      }
      if (name.ends_with(session_file::kPartial)) problem(name + " is a partial file.");
    }
  }

  void check_privacy() {
    auto told = base::text_in(document_, "privacy");
    if (told.empty()) return;
    const auto privacy = privacy_of(told);
    if (!privacy) {
      problem("session.json has the privacy \"" + told + "\", which is not known.");
      return;
    }
    if (*privacy == Privacy::everything) return;
    std::error_code code;
    if (*privacy == Privacy::data_only && result_.video) {
      problem("The session is data only, but has a video.");
    }
    for (fs::directory_iterator file(folder_, code), end; !code && file != end;
         file.increment(code)) {
      if (media::looks_like_image(file->path())) {
        problem(file->path().filename().string() + " is a picture, which the privacy " + told +
                " forbids.");
      }
    }
    const auto report = folder_ / session_file::kReport;
    attempt([&] {
      if (fs::exists(report, code) &&
          base::read_text_file(report, kMaxReportBytes).find("data:image") !=
              std::string::npos) {
        problem("report.html holds pictures, which the privacy " + told + " forbids.");
      }
    });
  }

  const fs::path folder_;
  const nlohmann::json document_;
  SessionCheck result_;
  bool faces_read_ = false;  ///< otherwise nothing is compared with faces.csv
  std::vector<std::string> labels_;
  std::vector<SessionRow> rows_;
  std::vector<std::int64_t> times_;  ///< of each frame of faces.csv, milliseconds
  std::set<int> people_;
  std::set<int> people_here_;  ///< in the frame that is looked at
  std::uint64_t faces_ = 0;
  std::uint64_t without_face_ = 0;
  /// Frame -> whether labels other than the columns are in use from there on.
  std::optional<std::map<std::uint64_t, bool>> changes_;
};

}  // namespace

SessionCheck check_session(const fs::path& folder) { return Checker(folder).check(); }

}  // namespace mien::sessions
