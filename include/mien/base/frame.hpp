#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <opencv2/core.hpp>

namespace mien::base {

/// One picture on its way from a source to the screen.
///
/// Shared as FramePtr; nobody writes into it after it is published, and a source allocates a
/// fresh cv::Mat for every read, so any thread may read it without a lock.
struct Frame {
  /// Counts from 0 within one opened source; a gap means frames that the source itself lost.
  std::uint64_t sequence = 0;
  /// Capture time since the source opened: monotonic, from the device's clock when it has one.
  /// For a file: its presentation time.
  std::chrono::nanoseconds time{0};
  /// When the picture reached this program; the screen's latency is counted from here.
  std::chrono::steady_clock::time_point arrived{};
  /// 8-bit BGR, never empty.
  cv::Mat image;
  /// The name of the file that holds the picture, where each has one of its own; else empty.
  std::string file{};
  /// A picture by itself, not the next moment of the one before: nobody is followed into it.
  bool standalone = false;
};

using FramePtr = std::shared_ptr<const Frame>;

}  // namespace mien::base
