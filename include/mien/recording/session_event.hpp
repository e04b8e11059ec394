#pragma once

#include <cstdint>
#include <string>

namespace mien {

/// What happened in a session beside the faces: a row of events.csv.
struct SessionEvent {
  enum class Kind {
    marker,     ///< somebody set a marker; `text` is what they wrote, may be empty
    arrival,    ///< a person came into the picture
    departure,  ///< a person has been gone for longer than the tracker waits
    name,       ///< `person` was given the name `text`
    source,     ///< the source changed to `text`
    model,      ///< the model changed to `text`
    detector,   ///< the detector changed to `text`
    pause,      ///< no frames are recorded from here
    resume,     ///< until here
    gap,        ///< `value` frames were lost before this frame
  };
  Kind kind = Kind::marker;
  std::uint64_t frame = 0;  ///< the frame it belongs to, from 1; the next one when between two
  double timestamp = 0;     ///< seconds since the session's first frame
  int person = 0;           ///< 0: nobody in particular
  std::int64_t value = 0;   ///< the number of lost frames of a gap; 0 otherwise
  std::string text;
};

/// The word that events.csv has for it: "marker".
const char* word(SessionEvent::Kind kind);

}  // namespace mien
