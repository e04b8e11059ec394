#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "mien/sessions/text_file.hpp"

namespace mien::sessions {

/// What happened in a session beside the faces: a row of events.csv.
///
/// Its columns: frame, timestamp (seconds, to the millisecond), event (the kind's word),
/// face_id, value, text. RFC 4180 with CRLF; a line end within a text is a space. In the order
/// of frames, but for markers whose text was written late; read_events() sorts.
struct SessionEvent {
  enum class Kind {
    marker,     ///< somebody set a marker; `text` is what they wrote, may be empty
    arrival,    ///< a person came into the picture
    departure,  ///< a person has been gone for longer than the tracker waits, two seconds, or
                ///< the source has changed; `value` is the frame in which they were last seen
    name,       ///< `person` was given the name `text`
    source,     ///< the source changed to `text`
    model,      ///< the model changed to `text`
    detector,   ///< the detector changed to `text`
    landmarks,  ///< the landmarks model changed to `text`, or to none: "none"
    pause,      ///< no frames are recorded from here
    resume,     ///< until here
    neutral,    ///< from here on `person` is read by another neutral face, kNeutralSet, or by
                ///< none, kNeutralCleared
    gap,  ///< `value` frames were lost before this frame, by the source or on the way here
  };
  Kind kind = Kind::marker;
  std::uint64_t frame = 0;  ///< the frame it belongs to, from 1; the next one when between two
  double timestamp = 0;     ///< seconds since the session's first frame
  int person = 0;           ///< 0: nobody in particular
  std::int64_t value = 0;   ///< of gaps, departures and neutral events; 0 otherwise
  std::string text;
};

/// What a landmarks event says of a change to none.
inline constexpr const char* kNoLandmarksText = "none";

/// What a neutral event says.
inline constexpr const char* kNeutralSet = "set";
inline constexpr const char* kNeutralCleared = "cleared";
/// What it is about, added up, as its value.
inline constexpr std::int64_t kNeutralExpressions = 1;
inline constexpr std::int64_t kNeutralMovements = 2;

/// The word that events.csv has for it: "marker".
const char* word(SessionEvent::Kind kind);
/// Nothing for another word.
std::optional<SessionEvent::Kind> event_kind_of(std::string_view word);

/// events.csv, as SessionEvent describes it. One thread.
class EventsTable {
 public:
  explicit EventsTable(std::filesystem::path file);

  void write(const SessionEvent& event);
  void flush() { file_.flush(); }
  void close() { file_.close(); }

  const system::FileHandle& handle() const { return file_.handle(); }
  std::uintmax_t bytes_written() const { return file_.bytes_written(); }

 private:
  TextFile file_;
};

}  // namespace mien::sessions
