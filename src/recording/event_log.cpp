#include "event_log.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/redaction.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;

/// The longest that the tracker keeps the number of somebody who is not seen.
constexpr std::int64_t kGoneAfter = 2000;
constexpr std::int64_t kPauseEchoes = 2000;
constexpr auto kNotesWait = 1s;
constexpr auto kRemembered = 3min;

bool is_found_in_frames(sessions::SessionEvent::Kind kind) {
  return kind != sessions::SessionEvent::Kind::marker &&
         kind != sessions::SessionEvent::Kind::name &&
         kind != sessions::SessionEvent::Kind::pause &&
         kind != sessions::SessionEvent::Kind::resume;
}

}  // namespace

std::string model_words(const std::string& model, const std::string& reading) {
  return reading.empty() ? model : model + " (" + reading + ')';
}

EventLog::EventLog(std::filesystem::path file, std::string model, std::string detector,
                   std::string landmarks)
    : table_(std::move(file)),
      model_(std::move(model)),
      detector_(std::move(detector)),
      landmarks_(std::move(landmarks)) {}

void EventLog::note(sessions::SessionEvent event, Clock::time_point at) {
  if (is_found_in_frames(event.kind)) return;
  Note note{std::move(event), at};
  if (!place_late(note)) notes_.push_back(std::move(note));
}

void EventLog::add(const base::AnalyzedFrame& frame, std::uint64_t number,
                   std::int64_t milliseconds) {
  const bool first = number_ == 0;
  number_ = number;
  place_notes(frame.frame->arrived, milliseconds);
  milliseconds_ = milliseconds;
  if (frame.frame->arrived != Clock::time_point{}) {
    past_.push_back({frame.frame->arrived, number, milliseconds});
    while (past_.back().arrived - past_.front().arrived > kRemembered) past_.pop_front();
  }
  if (!first) {
    find_loss(frame);
  } else {
    source_ = frame.source;
  }
  sequence_ = frame.frame->sequence;
  find_changes(frame);
  find_people(frame);
}

void EventLog::leave_out(const base::AnalyzedFrame& frame) {
  if (frame.source == source_) sequence_ = std::max(sequence_, frame.frame->sequence);
}

void EventLog::settle(bool all) {
  const auto now = Clock::now();
  while (!notes_.empty() && (all || (number_ > 0 && now - notes_.front().at > kNotesWait))) {
    auto note = std::move(notes_.front());
    notes_.pop_front();
    write(std::move(note.event));
  }
}

/// A marker belongs where it was set, though its row comes later: readers sort by frame.
bool EventLog::place_late(const Note& note) {
  if (note.event.kind != sessions::SessionEvent::Kind::marker || past_.empty() ||
      note.at > past_.back().arrived) {
    return false;
  }
  const auto frame =
      std::lower_bound(past_.begin(), past_.end(), note.at,
                       [](const Past& past, auto at) { return past.arrived < at; });
  const auto earlier =
      std::chrono::duration_cast<std::chrono::milliseconds>(frame->arrived - note.at).count();
  const auto before = frame == past_.begin() ? frame->milliseconds : (frame - 1)->milliseconds;
  write(note.event, std::max(frame->milliseconds - earlier, before), frame->number);
  return true;
}

std::optional<std::int64_t> EventLog::place(Clock::time_point at, Clock::time_point arrived,
                                            std::int64_t milliseconds) const {
  std::chrono::milliseconds earlier{0};
  // Frames that were made up have no arrival.
  if (arrived != Clock::time_point{}) {
    if (at > arrived) return std::nullopt;
    earlier = std::chrono::duration_cast<std::chrono::milliseconds>(arrived - at);
  }
  return std::max(milliseconds - earlier.count(), milliseconds_);
}

/// `arrived` and `milliseconds` are those of the frame that has come after them, if it has.
void EventLog::place_notes(Clock::time_point arrived, std::int64_t milliseconds) {
  while (!notes_.empty()) {
    auto& [event, at] = notes_.front();
    const auto placed = place(at, arrived, milliseconds);
    if (!placed) return;
    write(std::move(event), *placed);
    notes_.pop_front();
  }
}

void EventLog::find_loss(const base::AnalyzedFrame& frame) {
  if (frame.source != source_) return;
  if (pause_took_frames_ && !paused_ && milliseconds_ - resumed_ > kPauseEchoes) {
    pause_took_frames_ = false;
  }
  const auto sequence = frame.frame->sequence;
  if (sequence <= sequence_ + 1) return;
  if (pause_took_frames_) {
    if (!paused_) pause_took_frames_ = false;
    return;
  }
  const auto lost = sequence - sequence_ - 1;
  lost_frames_ += lost;
  write({.kind = sessions::SessionEvent::Kind::gap,
         .value = static_cast<std::int64_t>(lost),
         .text = {}});
}

void EventLog::find_changes(const base::AnalyzedFrame& frame) {
  if (frame.source != source_) {
    source_ = frame.source;
    // Another source, or the same one connected anew, plays whatever the one before did.
    if (paused_) write({.kind = sessions::SessionEvent::Kind::resume, .text = {}});
    pause_took_frames_ = false;
    // Who is there again after a camera has come back is read by the same neutral face.
    before_source_ = std::exchange(present_, {});
    for (const auto& [person, presence] : before_source_) depart(person, presence);
    const auto name = source_names_.find(source_);
    write({.kind = sessions::SessionEvent::Kind::source,
           .text = name != source_names_.end() ? base::redact_address(name->second) : ""});
  }
  if (auto model = model_words(frame.model_id, frame.model_reading); model != model_) {
    model_ = std::move(model);
    write({.kind = sessions::SessionEvent::Kind::model, .text = model_});
  }
  if (frame.detector_id != detector_) {
    write({.kind = sessions::SessionEvent::Kind::detector,
           .text = detector_ = frame.detector_id});
  }
  if (frame.landmarks_id != landmarks_) {
    landmarks_ = frame.landmarks_id;
    write({.kind = sessions::SessionEvent::Kind::landmarks,
           .text = landmarks_.empty() ? sessions::kNoLandmarksText : landmarks_});
  }
}

void EventLog::find_people(const base::AnalyzedFrame& frame) {
  for (auto it = present_.begin(); it != present_.end();) {
    const bool here = std::any_of(frame.readings.begin(), frame.readings.end(),
                                  [&](const auto& r) { return r.person == it->first; });
    if (!here && milliseconds_ - it->second.milliseconds > kGoneAfter) {
      depart(it->first, it->second);
      it = present_.erase(it);
    } else {
      ++it;
    }
  }
  for (const auto& reading : frame.readings) {
    const auto [it, arrived] = present_.try_emplace(reading.person);
    it->second.frame = number_;
    it->second.milliseconds = milliseconds_;
    if (arrived) {
      write({.kind = sessions::SessionEvent::Kind::arrival, .person = it->first, .text = {}});
      keep_neutral_faces(reading, it->second);
    }
    find_neutral_faces(reading, it->second);
  }
}

/// Of somebody who was there when the source before ended, as far as they are the same.
void EventLog::keep_neutral_faces(const base::FaceReading& reading, Presence& presence) {
  const auto before = before_source_.extract(reading.person);
  if (before.empty()) return;
  if (before.mapped().expressions == reading.neutral) presence.expressions = reading.neutral;
  if (reading.geometry && before.mapped().movements == reading.geometry->neutral) {
    presence.movements = reading.geometry->neutral;
  }
}

/// Expressions and movements have a neutral face each, which begin with the same frame or with
/// two, since each is learnt from what it can use.
void EventLog::find_neutral_faces(const base::FaceReading& reading, Presence& presence) {
  std::int64_t set = 0;
  std::int64_t cleared = 0;
  const auto compare = [&](std::uint32_t& last, std::uint32_t now, std::int64_t what) {
    if (std::exchange(last, now) != now) (now != 0 ? set : cleared) += what;
  };
  compare(presence.expressions, reading.neutral, sessions::kNeutralExpressions);
  // Who is not measured in this frame may be in the next one.
  if (reading.geometry) {
    compare(presence.movements, reading.geometry->neutral, sessions::kNeutralMovements);
  }
  const auto tell = [&](std::int64_t what, const char* text) {
    if (what == 0) return;
    write({.kind = sessions::SessionEvent::Kind::neutral,
           .person = reading.person,
           .value = what,
           .text = text});
  };
  tell(cleared, sessions::kNeutralCleared);
  tell(set, sessions::kNeutralSet);
}

void EventLog::depart(int person, const Presence& presence) {
  write({.kind = sessions::SessionEvent::Kind::departure,
         .person = person,
         .value = static_cast<std::int64_t>(presence.frame),
         .text = {}});
}

void EventLog::write(sessions::SessionEvent event, std::int64_t milliseconds,
                     std::uint64_t number) {
  // A pause that a new source has ended cannot end again.
  if (event.kind ==
      (paused_ ? sessions::SessionEvent::Kind::pause : sessions::SessionEvent::Kind::resume))
    return;
  event.frame = number;
  event.timestamp = static_cast<double>(milliseconds) / 1000;
  switch (event.kind) {
    case sessions::SessionEvent::Kind::pause:
      paused_ = pause_took_frames_ = true;
      break;
    case sessions::SessionEvent::Kind::resume:
      paused_ = false;
      resumed_ = milliseconds;
      break;
    case sessions::SessionEvent::Kind::name:
      names_[event.person] = event.text;
      break;
    default:
      break;
  }
  table_.write(event);
  ++events_;
}

}  // namespace mien::recording
