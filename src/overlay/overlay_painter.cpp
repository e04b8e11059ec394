#include "mien/overlay/overlay_painter.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <opencv2/freetype.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"

#include "shapes.hpp"

namespace mien::overlay {
namespace {

// Inter's line is 1.21 times its em, and its baseline sits at 0.8 of the line (ascender 0.969
// em, descender 0.241 em).
constexpr float kLinePerEm = 1.21F;
constexpr float kBaseline = 0.8F;

constexpr Color kPanelGround{16, 18, 24};
constexpr float kPanelOpacity = 0.78F;
constexpr Color kTrack{92, 97, 110};
constexpr Color kPanelInk{226, 229, 236};

// Fixed-point coordinates of cv::line(), so that thin lines do not jump from pixel to pixel.
constexpr int kShift = 4;

void draw_line(cv::Mat& bgr, cv::Point2f from, cv::Point2f to, Color color, int thickness) {
  // Points may lie far outside the picture; beyond this they would overflow.
  static constexpr float kFar = 1e5F;
  const auto fixed = [](cv::Point2f point) {
    return cv::Point(
        static_cast<int>(std::lround(std::clamp(point.x, -kFar, kFar) * (1 << kShift))),
        static_cast<int>(std::lround(std::clamp(point.y, -kFar, kFar) * (1 << kShift))));
  };
  cv::line(bgr, fixed(from), fixed(to), cv::Scalar(color.b, color.g, color.r), thickness,
           cv::LINE_AA, kShift);
}

/// Mesh and axes: below everything else, which has words.
void paint_geometry(cv::Mat& bgr, const OverlayFace& face) {
  for (std::size_t i = 0; i + 1 < face.mesh.size(); i += 2) {
    draw_line(bgr, face.mesh[i], face.mesh[i + 1], face.color, 1);
  }
  const int thickness = std::max(2, static_cast<int>(std::lround(face.thickness)));
  for (const auto& axis : face.axes) {
    draw_line(bgr, axis.from, axis.to, {0, 0, 0}, thickness + 2);
    draw_line(bgr, axis.from, axis.to, axis.color, thickness);
  }
}

}  // namespace

class OverlayPainter::Font {
 public:
  explicit Font(const std::filesystem::path& file) {
    base::translate_errors("The font " + file.string() + " cannot be read", [&] {
      if (!std::filesystem::exists(file)) {
        throw base::Error("The font " + file.string() + " is missing; install mien again.");
      }
      font_ = cv::freetype::createFreeType2();
      font_->loadFontData(file.string(), 0);
    });
  }

  cv::Size2f measure(std::string_view text, float line_height) const {
    if (text.empty()) return {0, line_height};
    int baseline = 0;
    const auto box = font_->getTextSize(std::string(text), em(line_height), -1, &baseline);
    return {static_cast<float>(box.width), line_height};
  }

  /// `top_left` of the line. OpenCV writes past the picture's edges, so the text is written
  /// into a patch that holds all of it, and only what lies in the picture is copied back.
  void put(cv::Mat& bgr, std::string_view text, cv::Point2f top_left, float line_height,
           Color color) const {
    if (text.empty()) return;
    const auto size = measure(text, line_height);
    const int pad = em(line_height);
    const cv::Point baseline(
        static_cast<int>(std::lround(top_left.x)),
        static_cast<int>(std::lround(top_left.y + kBaseline * line_height)));
    const cv::Rect wanted(baseline.x - pad, baseline.y - 2 * pad,
                          static_cast<int>(size.width) + 3 * pad, 3 * pad);
    const cv::Rect visible = wanted & cv::Rect({0, 0}, bgr.size());
    if (visible.empty()) return;
    cv::Mat patch(wanted.size(), CV_8UC3, cv::Scalar::all(0));
    const cv::Rect in_patch(visible.tl() - wanted.tl(), visible.size());
    bgr(visible).copyTo(patch(in_patch));
    font_->putText(patch, std::string(text), baseline - wanted.tl(), em(line_height),
                   cv::Scalar(color.b, color.g, color.r), -1, cv::LINE_AA, true);
    patch(in_patch).copyTo(bgr(visible));
  }

 private:
  static int em(float line_height) {
    return std::max(6, static_cast<int>(std::lround(line_height / kLinePerEm)));
  }
  cv::Ptr<cv::freetype::FreeType2> font_;
};

OverlayPainter::OverlayPainter() {
  const auto fonts = base::data_dir() / "assets" / "fonts";
  regular_ = std::make_unique<Font>(fonts / "Inter-Regular.otf");
  bold_ = std::make_unique<Font>(fonts / "Inter-SemiBold.otf");
}

OverlayPainter::~OverlayPainter() = default;

MeasureText OverlayPainter::measure() const {
  // One font measures all: the wider one, so that nothing is ever cut.
  return [this](std::string_view text, float size) { return bold_->measure(text, size); };
}

void OverlayPainter::paint(cv::Mat& bgr, const Overlay& overlay) {
  CV_Assert(bgr.type() == CV_8UC3);
  for (const auto& face : overlay.faces)
    paint_face(bgr, face, overlay.font_size, overlay.bars_font_size);
}

void OverlayPainter::paint_face(cv::Mat& bgr, const OverlayFace& face, float font_size,
                                float bars_font_size) {
  paint_geometry(bgr, face);
  const float box_radius = 0.4F * font_size;
  stroke_rounded(bgr, face.box, box_radius, face.color, face.thickness,
                 face.dashed ? 2.5F * face.thickness + 2 : 0);
  for (const auto& point : face.landmarks) {
    fill_circle(bgr, point, face.thickness + 1, {0, 0, 0}, 0.6F);
    fill_circle(bgr, point, face.thickness, face.color);
  }
  if (!face.bars_panel.empty()) {
    fill_rounded(bgr, face.bars_panel, 0.4F * font_size, kPanelGround, kPanelOpacity);
    for (const auto& bar : face.bars) {
      regular_->put(bgr, bar.word, bar.text, bars_font_size, kPanelInk);
      const float radius = bar.track.height / 2;
      fill_rounded(bgr, bar.track, radius, kTrack, 0.55F);
      cv::Rect2f filled = bar.track;
      filled.width *= std::clamp(bar.share, 0.F, 1.F);
      fill_rounded(bgr, filled, radius, bar.color);
    }
  }
  if (!face.tag.empty()) {
    fill_rounded(bgr, face.tag, 0.35F * font_size, face.color);
    bold_->put(bgr, face.tag_words, face.tag_text, font_size, face.tag_ink);
  }
}

float OverlayPainter::font_size_for(cv::Size picture) {
  const auto side = static_cast<float>(std::min(picture.width, picture.height));
  return std::clamp(std::round(side / 36), 12.F, 48.F);
}

}  // namespace mien::overlay
