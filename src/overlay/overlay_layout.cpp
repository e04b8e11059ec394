#include "mien/overlay/overlay_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mien/base/labels.hpp"

#include "mesh_shape.hpp"

namespace mien::overlay {
namespace {

// Everything is in units of the font size, so that the overlay grows with it.
constexpr float kTagHeight = 1.5F;
constexpr float kTagPadding = 0.55F;
constexpr float kBarsFont = 0.82F;
constexpr float kBarsRow = 1.3F;      // of the bars' font
constexpr float kBarsPadding = 0.6F;  // of the bars' font
constexpr float kBarsTrack = 4.2F;    // of the bars' font
constexpr float kGap = 0.6F;
constexpr std::size_t kMaxBars = 8;
// A panel that would hide more than this share of itself on faces or other panels is left out;
// the side panel has its figures.
constexpr float kMaxOverlap = 0.12F;
// In a larger company panels would hide more of the picture than they tell.
constexpr std::size_t kMaxWithBars = 4;

/// Picture pixels to canvas pixels.
class Mapping {
 public:
  Mapping(cv::Size picture, cv::Rect2f canvas, bool mirrored)
      : canvas_(canvas),
        scale_x_(canvas.width / static_cast<float>(picture.width)),
        scale_y_(canvas.height / static_cast<float>(picture.height)),
        mirrored_(mirrored) {}

  cv::Point2f operator()(cv::Point2f p) const {
    const float x = p.x * scale_x_;
    return {mirrored_ ? canvas_.x + canvas_.width - x : canvas_.x + x,
            canvas_.y + p.y * scale_y_};
  }

  // Clipped to the canvas, so that a face at the edge keeps a closed box.
  cv::Rect2f operator()(const cv::Rect2f& r) const {
    const cv::Point2f a = (*this)(r.tl());
    const cv::Point2f b = (*this)(r.br());
    return cv::Rect2f({std::min(a.x, b.x), a.y}, cv::Point2f{std::max(a.x, b.x), b.y}) &
           canvas_;
  }

 private:
  cv::Rect2f canvas_;
  float scale_x_;
  float scale_y_;
  bool mirrored_;
};

std::string percent(float share) {
  return std::to_string(static_cast<int>(std::lround(std::clamp(share, 0.0F, 1.0F) * 100))) +
         "%";
}

std::string tag_words(const base::FaceReading& reading, const std::vector<std::string>& labels,
                      const std::map<int, std::string>& names) {
  const auto name = names.find(reading.person);
  std::string words =
      (name != names.end() ? name->second : "P" + std::to_string(reading.person)) + " · ";
  if (!reading.verdict.sure())
    return words + "not sure: " + base::describe(reading.verdict.doubt);
  const auto label = static_cast<std::size_t>(reading.verdict.label);
  if (label >= labels.size()) return words + "?";
  return words.append(base::display_word(labels[label])) + " " +
         percent(reading.verdict.certainty);
}

cv::Rect2f kept_inside(cv::Rect2f r, const cv::Rect2f& canvas) {
  r.x = std::max(canvas.x, std::min(r.x, canvas.br().x - r.width));
  r.y = std::max(canvas.y, std::min(r.y, canvas.br().y - r.height));
  return r;
}

void place_tag(OverlayFace& face, const cv::Rect2f& canvas, float font,
               const MeasureText& measure) {
  const cv::Size2f text = measure(face.tag_words, font);
  const float height = kTagHeight * font;
  cv::Rect2f tag(face.box.x, face.box.y - height - font * 0.25F,
                 text.width + 2 * kTagPadding * font, height);
  // No room above: inside the box's top, where hair usually is.
  if (tag.y < canvas.y) tag.y = face.box.y + font * 0.25F;
  face.tag = kept_inside(tag, canvas);
  face.tag_text = {face.tag.x + kTagPadding * font,
                   face.tag.y + (face.tag.height - text.height) / 2};
}

/// Overlapping tags are shortened: first without the reason, then to the person alone.
void keep_tags_apart(Overlay& overlay, const cv::Rect2f& canvas, const MeasureText& measure) {
  const auto crowded = [&](const OverlayFace& face) {
    return std::any_of(overlay.faces.begin(), overlay.faces.end(), [&](const auto& other) {
      return &other != &face && (other.tag & face.tag).area() > 0;
    });
  };
  for (const char* from : {": ", " · "}) {
    for (auto& face : overlay.faces) {
      const auto cut = face.tag_words.rfind(from);
      const bool reason = std::string_view(from) == ": ";
      if (cut == std::string::npos || (reason && !face.dashed) || !crowded(face)) continue;
      face.tag_words.resize(cut);
      place_tag(face, canvas, overlay.font_size, measure);
    }
  }
}

/// The labels to show, in the model's order so that bars do not jump: all, or the likeliest
/// eight.
std::vector<std::size_t> shown_labels(const std::vector<float>& shares) {
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > kMaxBars) {
    std::partial_sort(order.begin(), order.begin() + kMaxBars, order.end(),
                      [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
    order.resize(kMaxBars);
    std::sort(order.begin(), order.end());
  }
  return order;
}

/// The colours of three axes: those of the palette that are furthest apart.
constexpr Color kAxisColors[] = {{213, 94, 0}, {0, 158, 115}, {86, 180, 233}};
constexpr float kAxisLength = 0.5F;  // of the box' longer side
constexpr std::size_t kNoseTip = 4;  // of the mesh

void place_geometry(OverlayFace& face, const base::FaceReading& reading, const Mapping& map,
                    const OverlayStyle& style) {
  if (!reading.geometry) return;
  const auto& geometry = *reading.geometry;
  const auto& points = geometry.mesh.points;
  for (const auto& [from, to] : shown_lines(geometry.mesh, style.mesh)) {
    if (!base::in_picture(geometry.mesh, from) || !base::in_picture(geometry.mesh, to))
      continue;
    for (const int end : {from, to}) {
      const auto& point = points.at(static_cast<std::size_t>(end));
      face.mesh.push_back(map(cv::Point2f(point.x, point.y)));
    }
  }
  if (!style.pose_axes || !geometry.pose) return;
  const auto& box = reading.face.box;
  // A past session has no mesh to tell where the nose is.
  const cv::Point2f from = points.size() > kNoseTip
                               ? cv::Point2f(points[kNoseTip].x, points[kNoseTip].y)
                               : (box.tl() + box.br()) / 2;
  const float length = kAxisLength * std::max(box.width, box.height);
  const auto ends = axis_ends(*geometry.pose);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    face.axes.push_back({map(from), map(from + length * ends[i]), kAxisColors[i]});
  }
}

void place_bars(OverlayFace& face, const base::FaceReading& reading,
                const std::vector<std::string>& labels, const std::vector<cv::Rect2f>& taken,
                const cv::Rect2f& canvas, float font, const MeasureText& measure) {
  const auto shown = shown_labels(reading.smoothed);
  if (shown.empty() || reading.smoothed.size() != labels.size()) return;
  const float size = font * kBarsFont;
  const float row = size * kBarsRow;
  const float padding = size * kBarsPadding;
  float words = 0;
  for (const auto label : shown) {
    words = std::max(words, measure(base::display_word(labels[label]), size).width);
  }
  const cv::Size2f panel(words + size * (0.7F + kBarsTrack) + 2 * padding,
                         row * static_cast<float>(shown.size()) + 2 * padding);
  if (panel.width > canvas.width || panel.height > canvas.height) return;

  const float gap = kGap * font;
  const cv::Rect2f& box = face.box;
  const float top = std::min(face.box.y, face.tag.y);
  const cv::Point2f places[] = {{box.br().x + gap, box.y},
                                {box.x - gap - panel.width, box.y},
                                {box.x, box.br().y + gap},
                                {box.x, top - gap - panel.height},
                                {box.br().x - panel.width, box.br().y - panel.height}};
  float least = kMaxOverlap;
  for (const auto& place : places) {
    const cv::Rect2f spot = kept_inside({place, panel}, canvas);
    float overlap = 0;
    for (const auto& other : taken) overlap += (spot & other).area();
    overlap /= spot.area();
    if (overlap < least) {
      least = overlap;
      face.bars_panel = spot;
    }
    if (overlap == 0) break;
  }
  if (face.bars_panel.empty()) return;

  float y = face.bars_panel.y + padding;
  const float bar = std::max(2.0F, size * 0.38F);
  for (const auto label : shown) {
    const auto word = base::display_word(labels[label]);
    const cv::Size2f text = measure(word, size);
    face.bars.push_back({std::string(word),
                         {face.bars_panel.x + padding, y + (row - text.height) / 2},
                         {face.bars_panel.x + padding + words + size * 0.7F,
                          y + (row - bar) / 2, size * kBarsTrack, bar},
                         std::clamp(reading.smoothed[label], 0.0F, 1.0F),
                         label_color(labels[label], static_cast<int>(label))});
    y += row;
  }
}

}  // namespace

Overlay layout_overlay(const base::AnalyzedFrame& analysis, cv::Rect2f canvas,
                       const OverlayStyle& style, const MeasureText& measure) {
  Overlay overlay;
  overlay.font_size = style.font_size;
  overlay.bars_font_size = style.font_size * kBarsFont;
  if (!analysis.frame || analysis.frame->image.empty() || canvas.empty()) return overlay;
  const Mapping map(analysis.frame->image.size(), canvas, style.mirrored);

  for (const auto& reading : analysis.readings) {
    OverlayFace face;
    face.box = map(reading.face.box);
    face.color = person_color(reading.person);
    face.dashed = !reading.verdict.sure();
    face.thickness = std::max(1.5F, style.font_size / 8);
    face.tag_words = tag_words(reading, *analysis.labels, style.names);
    face.tag_ink = ink_on(face.color);
    place_tag(face, canvas, style.font_size, measure);
    if (style.landmarks && reading.face.landmarks) {
      const auto& points = *reading.face.landmarks;
      for (const auto& point : {points.right_eye, points.left_eye, points.nose, points.mouth}) {
        face.landmarks.push_back(map(point));
      }
    }
    place_geometry(face, reading, map, style);
    overlay.faces.push_back(std::move(face));
  }
  keep_tags_apart(overlay, canvas, measure);
  if (!style.bars || overlay.faces.size() > kMaxWithBars) return overlay;

  // Bars keep off every box and tag, and off the bars that are placed before them.
  std::vector<cv::Rect2f> taken;
  for (const auto& face : overlay.faces) {
    taken.push_back(face.box);
    taken.push_back(face.tag);
  }
  for (std::size_t i = 0; i < overlay.faces.size(); ++i) {
    auto& face = overlay.faces[i];
    place_bars(face, analysis.readings[i], *analysis.labels, taken, canvas, style.font_size,
               measure);
    if (!face.bars_panel.empty()) taken.push_back(face.bars_panel);
  }
  return overlay;
}

}  // namespace mien::overlay
