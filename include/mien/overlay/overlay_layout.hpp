#pragma once

#include <functional>
#include <map>
#include <optional>
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

/// One of the axes that show how a head is held.
struct OverlayAxis {
  cv::Point2f from, to;
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
  std::vector<cv::Point2f> mesh;  ///< ends of thin lines, two of each
  /// To the person's left, up, and out of the face; empty unless the pose is known and shown.
  std::vector<OverlayAxis> axes;
};

struct Overlay {
  std::vector<OverlayFace> faces;
  float font_size = 16;       ///< of tags, pixels of the canvas
  float bars_font_size = 13;  ///< of the words beside bars
};

/// What is drawn of a face's mesh.
enum class MeshStyle {
  off,
  features,  ///< eyes, brows, nose, lips and the outline
  lines,     ///< all lines between its points
};
/// "off", "features", "lines": the word of the settings and of session.json.
const char* word(MeshStyle style);
/// Nothing for another word.
std::optional<MeshStyle> mesh_style_of(std::string_view word);

struct OverlayStyle {
  float font_size = 16;  ///< pixels of the canvas
  bool bars = true;
  bool landmarks = false;
  MeshStyle mesh = MeshStyle::off;
  bool pose_axes = false;
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
