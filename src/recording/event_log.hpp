#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "mien/base/reading.hpp"
#include "mien/sessions/session_events.hpp"

namespace mien::recording {

/// A model and its reading, if it has one, as the table names them: "mien-base (acted)".
std::string model_words(const std::string& model, const std::string& reading);

/// What happens in a session beside the faces: finds it in the frames, takes notes of what
/// cannot be seen there, and writes it into events.csv in the order of the frames. One thread.
class EventLog {
 public:
  using Clock = std::chrono::steady_clock;

  /// `model`, as model_words() has it, `detector` and `landmarks`, empty for none, are those of
  /// the session's start.
  EventLog(std::filesystem::path file, std::string model, std::string detector,
           std::string landmarks);

  /// See SessionWriter::note().
  void note(sessions::SessionEvent event, Clock::time_point at);
  /// See SessionWriter::set_source_name().
  void set_source_name(std::uint64_t source, std::string name) {
    source_names_[source] = std::move(name);
  }

  /// The session's time in milliseconds of a moment between the last frame and the next one,
  /// which arrived then and has that time; nothing when the moment is later.
  std::optional<std::int64_t> place(Clock::time_point at, Clock::time_point arrived,
                                    std::int64_t milliseconds) const;

  /// The session's next frame.
  void add(const base::AnalyzedFrame& frame, std::uint64_t number, std::int64_t milliseconds);
  /// A frame that is not recorded, but was not lost on its way here either.
  void leave_out(const base::AnalyzedFrame& frame);
  /// Notes for which no frame came: those that have waited for longer than a second, or all,
  /// belong to the last frame. Before the first frame they wait on, unless `all`.
  void settle(bool all);

  sessions::EventsTable& table() { return table_; }
  const sessions::EventsTable& table() const { return table_; }

  std::uint64_t events() const { return events_; }
  std::uint64_t lost_frames() const { return lost_frames_; }
  const std::map<int, std::string>& names() const { return names_; }

 private:
  struct Note {
    sessions::SessionEvent event;
    Clock::time_point at;
  };
  /// A frame that is written.
  struct Past {
    Clock::time_point arrived;
    std::uint64_t number = 0;
    std::int64_t milliseconds = 0;
  };
  struct Presence {
    std::uint64_t frame = 0;  ///< in which they were last seen
    std::int64_t milliseconds = 0;
    // Which neutral faces they were read by last; 0: none.
    std::uint32_t expressions = 0;
    std::uint32_t movements = 0;
  };

  void place_notes(Clock::time_point arrived, std::int64_t milliseconds);
  bool place_late(const Note& note);
  void find_loss(const base::AnalyzedFrame& frame);
  void find_changes(const base::AnalyzedFrame& frame);
  void find_people(const base::AnalyzedFrame& frame);
  void keep_neutral_faces(const base::FaceReading& reading, Presence& presence);
  void find_neutral_faces(const base::FaceReading& reading, Presence& presence);
  void depart(int person, const Presence& presence);
  /// At the last frame.
  void write(sessions::SessionEvent event) { write(std::move(event), milliseconds_); }
  void write(sessions::SessionEvent event, std::int64_t milliseconds) {
    write(std::move(event), milliseconds, number_);
  }
  void write(sessions::SessionEvent event, std::int64_t milliseconds, std::uint64_t number);

  sessions::EventsTable table_;
  std::deque<Note> notes_;
  std::deque<Past> past_;  ///< the last minutes, for markers whose text took its time
  std::map<std::uint64_t, std::string> source_names_;
  std::map<int, Presence> present_;
  std::map<int, Presence> before_source_;  ///< when the source before ended
  std::map<int, std::string> names_;
  std::string model_;
  std::string detector_;
  std::string landmarks_;

  // Of the last frame.
  std::uint64_t number_ = 0;
  std::int64_t milliseconds_ = 0;
  std::uint64_t source_ = 0;
  std::uint64_t sequence_ = 0;

  bool paused_ = false;
  /// Frames that a pause threw away are no loss; until two seconds after it.
  bool pause_took_frames_ = false;
  std::int64_t resumed_ = 0;  ///< milliseconds

  std::uint64_t events_ = 0;
  std::uint64_t lost_frames_ = 0;
};

}  // namespace mien::recording
