#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"
#include "mien/base/statistics.hpp"
#include "mien/ui/view_model.hpp"

#include "picture_surface.hpp"

namespace mien::app {

/// The median over the last second of how old pictures were when they could be seen.
class LatencyMeter {
 public:
  using Clock = std::chrono::steady_clock;

  void add(Clock::time_point arrived, Clock::time_point seen) {
    values_.emplace_back(seen,
                         std::chrono::duration<double, std::milli>(seen - arrived).count());
  }

  /// None when nothing was shown in the last second.
  std::optional<double> median_ms(Clock::time_point now) {
    while (!values_.empty() && now - values_.front().first > std::chrono::seconds{1}) {
      values_.pop_front();
    }
    if (values_.empty()) return std::nullopt;
    std::vector<double> ages;
    for (const auto& value : values_) ages.push_back(value.second);
    return base::percentile(std::move(ages), 0.5);
  }

 private:
  std::deque<std::pair<Clock::time_point, double>> values_;
};

/// What the screen shows: a picture, and readings over it.
struct PictureChoice {
  base::FramePtr frame;             ///< null: nothing yet
  base::AnalyzedFramePtr analysis;  ///< null: none that belongs to this source
  float strength = 1;               ///< of the readings, fading as they age
};

/// Decides which picture the screen shows. While analysis keeps up (it is at most one frame
/// behind the newest) that is the analysed frame with its own boxes, so they sit exactly. When
/// it falls behind it is the newest frame with the latest readings. Time never goes back.
///
/// One thread.
class PictureChooser {
 public:
  using Clock = std::chrono::steady_clock;

  /// `live`: the source's frames come at their own time; those of a file wait for the analysis.
  PictureChoice choose(base::FramePtr newest, base::AnalyzedFramePtr analysis, bool live,
                       Clock::time_point now);

 private:
  bool keeps_up(const base::Frame& newest, const base::AnalyzedFrame& analysis, bool live,
                Clock::time_point now);

  base::FramePtr last_;
  Clock::time_point behind_until_{};
};

/// How strongly readings of that age are drawn, 0..1.
float strength_at(std::chrono::duration<float> age);

/// Decides which picture the window shows, puts it on the surface when it is a new one, and
/// measures how old live pictures are when they can be seen. Needs no display. The UI thread's.
class Presenter {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Presenter(std::unique_ptr<PictureSurface> surface);

  /// What a live source has. True when there is something else to draw.
  bool take_live(base::FramePtr frame, base::AnalyzedFramePtr analysis, bool live,
                 Clock::time_point now);
  /// A frame of a past session, which is shown as it is.
  bool take_replayed(base::AnalyzedFramePtr analysis);
  /// Shows nothing until something is taken.
  void clear();

  const PictureChoice& chosen() const { return chosen_; }

  /// Fills in what panels draw of the picture; `area` is the room for it in pixels of the
  /// screen. Uploads only when the picture, or the scale that it needs, is another one.
  void present(ui::ViewModel& view, cv::Size2f area, Clock::time_point now);
  /// What present() gave can be seen since `now`.
  void shown(Clock::time_point now);
  /// Whether a picture with its readings was ever seen.
  bool analysis_shown() const { return analysis_shown_; }

 private:
  const std::unique_ptr<PictureSurface> surface_;
  PictureChooser chooser_;
  PictureChoice chosen_;
  bool replayed_ = false;  ///< chosen_ is of a past session
  base::FramePtr uploaded_;
  float uploaded_width_ = 0;
  bool not_shown_ = false;  ///< uploaded_ has not been drawn yet
  LatencyMeter latency_;
  bool analysis_shown_ = false;
};

}  // namespace mien::app
