#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "mien/sources/frame_source.hpp"

namespace mien::analysis {

/// A source in a thread of its own, which opens, reads and releases it. Whatever hangs in there
/// (a network file system, a device, a server) hangs in that thread alone: who owns the reader
/// can turn to another source, or end, at any time.
///
/// Members are for the capture thread and never wait, but for wait_released().
class SourceReader {
 public:
  using Open =
      std::function<std::unique_ptr<sources::FrameSource>(const sources::SourceRequest&)>;

  /// Begins to open. `on_change` is called from the reader's thread when there is something new
  /// to take, and never after the destructor. `before` has to let go of its device first, for
  /// which it is given a few seconds; may be null. Throws Error when no thread can be had.
  SourceReader(Open open, sources::SourceRequest request, std::function<void()> on_change,
               const SourceReader* before);
  /// Interrupts the source and leaves its thread, which releases it, to itself.
  ~SourceReader();
  SourceReader(const SourceReader&) = delete;
  SourceReader& operator=(const SourceReader&) = delete;

  enum class State {
    opening,
    refused,  ///< could not be opened: see `problem`
    open,     ///< gives frames
    ended,    ///< there will be no frame after those that can still be taken
    broken,   ///< as `ended`, for a reason: see `problem`
  };
  struct Status {
    State state = State::opening;
    std::string problem;  ///< a sentence
    /// Of the source, at its end: FrameSource::damage() and remark(); the remark of a live one
    /// once it is open.
    std::string damage;
    std::string remark;
  };
  Status status() const;

  /// Once open; does not change.
  const sources::SourceInfo& info() const;

  /// The next frame, oldest first; null when there is none yet, or none any more. Frames wait
  /// in the source but for very few.
  base::FramePtr take();

  /// From now on frames are no longer read, and the source is released as soon as it can be.
  void stop();
  /// Waits until the source is released; false when it was not in time.
  bool wait_released(std::chrono::milliseconds limit) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace mien::analysis
