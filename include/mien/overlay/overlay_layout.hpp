#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"
#include "mien/overlay/palette.hpp"

namespace mien::overlay {

/// What is drawn over a picture, as geometry. The screen paints it with ImGui and the recorder
/// with OpenCV, so that both show the same.
struct OverlayBar {
  std::string word;  ///< "happy"
  cv::Point2f text;  ///< top left of the word
  cv::Rect2f track;  ///< the whole bar
  float share = 0;   ///< 0..1 of the track that is filled
  Color color;
};

struct OverlayFace {
  cv::Rect2f box;
  Color color;          ///< the person's
  bool dashed = false;  ///< not sure
  float thickness = 2;
  cv::Rect2f tag;         ///< filled with `color`, rounded
  cv::Point2f tag_text;   ///< top left of the text
  std::string tag_words;  ///< "P1 · happy 97%"
  Color tag_ink;          ///< readable on `color`
  cv::Rect2f bars_panel;  ///< dark, translucent; empty when there are no bars
  std::vector<OverlayBar> bars;
  std::vector<cv::Point2f> landmarks;
};

struct Overlay {
  std::vector<OverlayFace> faces;
  float font_size = 16;       ///< of tags, pixels of the canvas
  float bars_font_size = 13;  ///< of the words beside bars
};

struct OverlayStyle {
  float font_size = 16;  ///< pixels of the canvas
  bool bars = true;
  bool landmarks = false;
  bool mirrored = false;               ///< the canvas shows the picture mirrored
  std::map<int, std::string> names{};  ///< given by the user; others are "P1", "P2", ...
};

/// Width and height of a text at a font size, in the painter's own font.
using MeasureText = std::function<cv::Size2f(std::string_view text, float font_size)>;

/// Lays out the readings of a frame that is drawn over `canvas`, in the canvas's pixels; the
/// canvas has the aspect ratio of `analysis.frame`. Up to four faces have bars. Tags and bars
/// stay inside the canvas, and bars keep off the other faces' boxes where there is room. Any
/// thread.
Overlay layout_overlay(const base::AnalyzedFrame& analysis, cv::Rect2f canvas,
                       const OverlayStyle& style, const MeasureText& measure);

}  // namespace mien::overlay
