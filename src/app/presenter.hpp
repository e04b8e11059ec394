#pragma once

#include <chrono>
#include <memory>

#include <opencv2/core.hpp>

#include "mien/ui/view_model.hpp"

#include "latency_meter.hpp"
#include "picture_choice.hpp"
#include "picture_surface.hpp"

namespace mien {

/// Decides which picture the window shows, puts it on the surface when it is a new one, and
/// measures how old live pictures are when they can be seen. Needs no display. The UI thread's.
class Presenter {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Presenter(std::unique_ptr<PictureSurface> surface);

  /// What a live source has. True when there is something else to draw.
  bool take_live(FramePtr frame, AnalyzedFramePtr analysis, bool live, Clock::time_point now);
  /// A frame of a past session, which is shown as it is.
  bool take_replayed(AnalyzedFramePtr analysis);
  /// Shows nothing until something is taken.
  void clear();

  const PictureChoice& chosen() const { return chosen_; }

  /// Fills in what panels draw of the picture; `area` is the room for it in pixels of the
  /// screen. Uploads only when the picture, or the scale that it needs, is another one.
  void present(ViewModel& view, cv::Size2f area, Clock::time_point now);
  /// What present() gave can be seen since `now`.
  void seen(Clock::time_point now);
  /// Whether a picture with its readings was ever seen.
  bool seen_analysis() const { return seen_analysis_; }

 private:
  const std::unique_ptr<PictureSurface> surface_;
  PictureChooser chooser_;
  PictureChoice chosen_;
  bool replayed_ = false;  ///< chosen_ is of a past session
  FramePtr uploaded_;
  float uploaded_width_ = 0;
  bool unseen_ = false;  ///< uploaded_ has not been drawn yet
  LatencyMeter latency_;
  bool seen_analysis_ = false;
};

}  // namespace mien
