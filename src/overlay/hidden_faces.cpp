#include "mien/overlay/hidden_faces.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <opencv2/imgproc.hpp>

namespace mien::overlay {
namespace {

constexpr float kMargin = 0.25F;
/// Of eight blocks, the detector found 57 of the demo's 60 faces again; of six 27, of five 13,
/// of four none. A face that no detector finds is not recognised by what follows it either.
constexpr int kBlocksAcross = 4;

cv::Rect2f enlarged(const cv::Rect2f& box) {
  const float x = kMargin * box.width;
  const float y = kMargin * box.height;
  return {box.x - x, box.y - y, box.width + 2 * x, box.height + 2 * y};
}

}  // namespace

void HiddenFaces::add(const base::AnalyzedFrame& frame, const base::AnalyzedFrame* oldest) {
  const auto time = frame.frame->time;
  for (const auto& reading : frame.readings) {
    sightings_.push_back({frame.source, time, reading.person, reading.face.box});
  }
  const auto& first = oldest == nullptr ? frame : *oldest;
  const auto first_time = first.frame->time;
  std::erase_if(sightings_, [&](const Sighting& s) {
    return s.source + 1 < first.source ||
           (s.source == first.source && s.time < first_time - kHideAfter - 2 * kHideBefore);
  });
}

std::vector<cv::Rect2f> HiddenFaces::in(const base::AnalyzedFrame& frame) const {
  const auto time = frame.frame->time;
  std::vector<cv::Rect2f> boxes;
  for (const auto& reading : frame.readings) boxes.push_back(enlarged(reading.face.box));

  struct Around {
    std::optional<cv::Rect2f> before;
    std::optional<cv::Rect2f> after;
  };
  std::map<int, Around> missed;
  for (const auto& s : sightings_) {  // in the order of time
    if (s.source != frame.source || s.time < time - kHideAfter || s.time > time + kHideBefore)
      continue;
    const bool here = std::any_of(frame.readings.begin(), frame.readings.end(),
                                  [&](const auto& r) { return r.person == s.person; });
    if (here) continue;
    auto& around = missed[s.person];
    if (s.time <= time) {
      around.before = s.box;
    } else if (!around.after) {
      around.after = s.box;
    }
  }
  for (const auto& [person, around] : missed) {
    // In between they may be anywhere on the way: the union of both boxes is hidden.
    boxes.push_back(enlarged(around.before && around.after ? *around.before | *around.after
                             : around.before               ? *around.before
                                                           : *around.after));
  }
  return boxes;
}

void pixelate(cv::Mat& bgr, const cv::Rect2f& box) {
  const cv::Rect whole(
      cv::Point(static_cast<int>(std::floor(box.x)), static_cast<int>(std::floor(box.y))),
      cv::Point(static_cast<int>(std::ceil(box.br().x)),
                static_cast<int>(std::ceil(box.br().y))));
  const cv::Rect visible = whole & cv::Rect({0, 0}, bgr.size());
  if (visible.empty()) return;
  // A face that is cut off by the edge has blocks of the same size as a whole one.
  const float block = std::max(1.F, static_cast<float>(whole.width) / kBlocksAcross);
  const auto blocks = [&](int length) {
    return std::max(1, static_cast<int>(static_cast<float>(length) / block));
  };
  cv::Mat region = bgr(visible);
  cv::Mat coarse;
  cv::resize(region, coarse, {blocks(visible.width), blocks(visible.height)}, 0, 0,
             cv::INTER_AREA);
  cv::resize(coarse, region, region.size(), 0, 0, cv::INTER_NEAREST);
}

}  // namespace mien::overlay
