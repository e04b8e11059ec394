#include "face_charts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rng.hpp"

namespace mien::synthesis {
namespace {

constexpr int kFiner = 4;  // drawn so many times larger
constexpr int kBrowStyles = 24;
constexpr int kBrowWidth = 160, kBrowHeight = 80;
constexpr int kBrowLevels = 5;
constexpr double kBrowBlur = 0.6;  // of the second level, points of the map
constexpr float kBrowLeft = 0.02F, kBrowBottom = -0.06F, kBrowReachX = 0.66F,
                kBrowReachY = 0.40F;

using Curve = std::vector<cv::Point2f>;

cv::Point2f on_chart(const cv::Point2f& p, float finer) {
  return {(p.x - FaceCharts::kLeft) / FaceCharts::kWidth * FaceCharts::kSide * finer,
          (FaceCharts::kBottom + FaceCharts::kHeight - p.y) / FaceCharts::kHeight *
              FaceCharts::kSide * finer};
}

/// A smooth curve through points (Catmull-Rom), as OpenCV's sixteenths of a fine pixel.
std::vector<cv::Point> fine_curve(const Curve& through, bool closed) {
  std::vector<cv::Point> out;
  const int count = static_cast<int>(through.size());
  const auto at = [&](int i) {
    return through[static_cast<std::size_t>(closed ? (i + count) % count
                                                   : std::clamp(i, 0, count - 1))];
  };
  for (int i = 0; i < (closed ? count : count - 1); ++i) {
    const auto a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
    for (int s = 0; s <= 8; ++s) {
      const float t = static_cast<float>(s) / 8;
      const auto p = 0.5F * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * (t * t) +
                             (3 * b - a - 3 * c + d) * (t * t * t));
      const auto q = on_chart(p, kFiner) * 16;
      out.emplace_back(cvRound(q.x), cvRound(q.y));
    }
  }
  return out;
}

/// Draws on a fine sheet, blurs (decimetres) and gives the map 0..1 of the chart's size.
class Drawing {
 public:
  Drawing()
      : sheet_(FaceCharts::kSide * kFiner, FaceCharts::kSide * kFiner, CV_8U, cv::Scalar(0)) {}
  void fill(const Curve& curve) {
    cv::fillPoly(sheet_, std::vector{fine_curve(curve, true)}, cv::Scalar(255), cv::LINE_AA, 4);
  }
  void fill_mirrored(Curve curve) {
    fill(curve);
    for (auto& p : curve) p.x = -p.x;
    fill(curve);
  }
  /// A line that is thickest in the middle; `width` in decimetres, `strength` 0..1.
  void line(const Curve& curve, float width, float strength = 1, bool tapered = true) {
    const auto points = fine_curve(curve, false);
    cv::Mat layer(sheet_.size(), CV_8U, cv::Scalar(0));
    const float pixels = width / FaceCharts::kWidth * FaceCharts::kSide * kFiner;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      const float t = (static_cast<float>(i) + 0.5F) / static_cast<float>(points.size() - 1);
      const float body = tapered ? std::pow(std::sin(t * std::numbers::pi_v<float>), 0.6F) : 1;
      cv::line(layer, points[i], points[i + 1],
               cv::Scalar(255.0 * static_cast<double>(strength * (0.35F + 0.65F * body))),
               std::max(1, cvRound(pixels * (0.4F + 0.6F * body))), cv::LINE_AA, 4);
    }
    cv::max(sheet_, layer, sheet_);
  }
  void mirrored_line(Curve curve, float width, float strength = 1) {
    line(curve, width, strength);
    for (auto& p : curve) p.x = -p.x;
    line(curve, width, strength);
  }
  void spot(cv::Point2f at, float radius_x, float radius_y, float strength) {
    Curve ring;
    for (int i = 0; i < 12; ++i) {
      const float angle = static_cast<float>(i) * std::numbers::pi_v<float> / 6;
      ring.emplace_back(at.x + radius_x * std::cos(angle), at.y + radius_y * std::sin(angle));
    }
    cv::Mat layer(sheet_.size(), CV_8U, cv::Scalar(0));
    cv::fillPoly(layer, std::vector{fine_curve(ring, true)},
                 cv::Scalar(255.0 * static_cast<double>(strength)), cv::LINE_AA, 4);
    cv::max(sheet_, layer, sheet_);
  }
  cv::Mat done(float blur) const {
    cv::Mat small, out;
    cv::resize(sheet_, small, {FaceCharts::kSide, FaceCharts::kSide}, 0, 0, cv::INTER_AREA);
    small.convertTo(out, CV_32F, 1 / 255.0);
    const auto x = static_cast<double>(blur / FaceCharts::kWidth * FaceCharts::kSide);
    const auto y = static_cast<double>(blur / FaceCharts::kHeight * FaceCharts::kSide);
    if (x > 0.2) cv::GaussianBlur(out, out, {}, x, y);
    return out;
  }

 private:
  cv::Mat sheet_;
};

/// The brow's middle line over x.
float brow_line(float x) {
  static const std::array<cv::Point2f, 6> line = {{{0.06F, 0.075F},
                                                   {0.15F, 0.105F},
                                                   {0.28F, 0.135F},
                                                   {0.40F, 0.140F},
                                                   {0.50F, 0.115F},
                                                   {0.62F, 0.050F}}};
  std::size_t i = 0;
  while (i + 2 < line.size() && x > line[i + 1].x) ++i;
  const float share = (x - line[i].x) / (line[i + 1].x - line[i].x);
  return mix(line[i].y, line[i + 1].y, share);
}

std::vector<std::uint8_t> noise_bytes(const cv::Mat& map) {
  cv::Mat bytes;
  map.convertTo(bytes, CV_8U, 255);
  return {bytes.datastart, bytes.dataend};
}

}  // namespace

FaceCharts::FaceCharts() {
  draw_masks();
  draw_folds();
  draw_brows();
  draw_noise();
}

namespace {

/// Where a place lies on a chart: its upper left point and the shares of the points after it.
struct ChartPlace {
  std::size_t index = 0;
  float right = 0, below = 0;
  bool inside = false;

  ChartPlace(float x, float y) {
    constexpr auto side = FaceCharts::kSide;
    const float u = (x - FaceCharts::kLeft) / FaceCharts::kWidth * side - 0.5F;
    const float v =
        (FaceCharts::kBottom + FaceCharts::kHeight - y) / FaceCharts::kHeight * side - 0.5F;
    inside = u >= 0 && v >= 0 && u < side - 1 && v < side - 1;
    if (!inside) return;
    const int column = static_cast<int>(u), row = static_cast<int>(v);
    right = u - static_cast<float>(column);
    below = v - static_cast<float>(row);
    index = static_cast<std::size_t>(row) * static_cast<std::size_t>(side) +
            static_cast<std::size_t>(column);
  }

  /// All channels of a chart at once.
  template <typename T, int n>
  cv::Vec<float, n> of(const std::vector<cv::Vec<T, n>>& chart) const {
    constexpr auto side = static_cast<std::size_t>(FaceCharts::kSide);
    const auto &a = chart[index], &b = chart[index + 1];
    const auto &c = chart[index + side], &d = chart[index + side + 1];
    const float d1 = right * below, c1 = below - d1, b1 = right - d1, a1 = 1 - right - c1;
    cv::Vec<float, n> out;
    for (int i = 0; i < n; ++i) {
      out[i] = static_cast<float>(a[i]) * a1 + static_cast<float>(b[i]) * b1 +
               static_cast<float>(c[i]) * c1 + static_cast<float>(d[i]) * d1;
    }
    return out;
  }
};

}  // namespace

FaceCharts::Masks FaceCharts::masks(float x, float y) const {
  const ChartPlace place(x, y);
  if (!place.inside) return {};
  const auto m = place.of(masks_) * (1 / 255.F);
  return {m[0], m[1], m[2], m[3], m[4]};
}

FaceCharts::Folds FaceCharts::folds_at(const FoldSheet& sheet, float x, float y) {
  const ChartPlace place(x, y);
  if (!place.inside) return {};
  const auto f = place.of(sheet);
  return {f[0], f[1], f[2]};
}

void FaceCharts::draw_masks() {
  masks_.assign(static_cast<std::size_t>(kSide) * kSide, MaskPoint::all(0));
  const auto keep = [this](int channel, const cv::Mat& map) {
    std::size_t i = 0;
    for (const float value : cv::Mat_<float>(map)) {
      masks_[i++][channel] = cv::saturate_cast<std::uint8_t>(value * 255);
    }
  };
  {
    Drawing lips;
    lips.fill({{0.262F, -0.678F},
               {0.20F, -0.640F},
               {0.13F, -0.612F},
               {0.06F, -0.590F},
               {0.F, -0.602F},
               {-0.06F, -0.590F},
               {-0.13F, -0.612F},
               {-0.20F, -0.640F},
               {-0.262F, -0.678F},
               {-0.20F, -0.722F},
               {-0.12F, -0.752F},
               {0.F, -0.765F},
               {0.12F, -0.752F},
               {0.20F, -0.722F}});
    keep(0, lips.done(0.012F));
  }
  {
    Drawing flush;
    for (const float side : {-1.F, 1.F}) flush.spot({side * 0.42F, -0.35F}, 0.17F, 0.15F, 0.8F);
    flush.spot({0, -0.40F}, 0.13F, 0.09F, 0.9F);
    flush.spot({0, -1.02F}, 0.14F, 0.07F, 0.4F);
    keep(1, flush.done(0.07F));
  }
  {
    Drawing lids;
    lids.fill_mirrored({{0.17F, 0.00F},
                        {0.22F, 0.055F},
                        {0.31F, 0.095F},
                        {0.40F, 0.075F},
                        {0.49F, 0.015F},
                        {0.44F, 0.02F},
                        {0.31F, 0.045F},
                        {0.22F, 0.015F}});
    keep(2, lids.done(0.02F));
    Drawing edges;
    edges.mirrored_line({{0.195F, -0.012F},
                         {0.235F, 0.026F},
                         {0.31F, 0.044F},
                         {0.39F, 0.034F},
                         {0.455F, 0.000F}},
                        0.020F);
    edges.mirrored_line(
        {{0.215F, -0.028F}, {0.30F, -0.050F}, {0.38F, -0.044F}, {0.445F, -0.010F}}, 0.010F,
        0.5F);
    keep(3, edges.done(0.006F));
    Drawing under;
    under.fill_mirrored({{0.16F, -0.06F},
                         {0.25F, -0.09F},
                         {0.36F, -0.10F},
                         {0.44F, -0.07F},
                         {0.38F, -0.155F},
                         {0.27F, -0.16F},
                         {0.18F, -0.12F}});
    keep(4, under.done(0.035F));
  }
}

FaceCharts::FoldPatch FaceCharts::patch_of(const cv::Mat& depth) {
  // Slopes as bends of the normal: a fold's flanks face each other.
  constexpr double kBend = 1.5;
  cv::Mat soft, x, y;
  cv::GaussianBlur(depth, soft, {3, 3}, 0.8);
  cv::Scharr(soft, x, CV_32F, 1, 0, kBend / 16);
  cv::Scharr(soft, y, CV_32F, 0, 1, -kBend / 16);
  FoldPatch patch;
  const cv::Mat touched = depth > 1e-4;
  patch.where = cv::boundingRect(touched);
  // The slopes reach two points farther than the fold.
  patch.where = (patch.where + cv::Size(4, 4) - cv::Point(2, 2)) & cv::Rect({}, depth.size());
  const std::array<cv::Mat, 4> channels = {depth, x, y, cv::Mat::zeros(depth.size(), CV_32F)};
  cv::Mat all;
  cv::merge(channels.data(), channels.size(), all);
  patch.values = all(patch.where).clone();
  return patch;
}

void FaceCharts::draw_folds() {
  const auto set = [&](Fold fold, const Drawing& drawing, float blur) {
    const cv::Mat left = drawing.done(blur);
    cv::Mat right;
    cv::flip(left, right, 1);
    folds_[static_cast<std::size_t>(fold)] = {patch_of(right), patch_of(left)};
  };
  {
    Drawing d;
    d.line({{0.062F, 0.02F}, {0.048F, 0.09F}, {0.05F, 0.17F}, {0.065F, 0.26F}}, 0.026F);
    d.line({{0.105F, 0.12F}, {0.10F, 0.19F}, {0.12F, 0.27F}}, 0.016F, 0.5F);
    d.line({{0.012F, 0.07F}, {0.008F, 0.14F}, {0.012F, 0.22F}}, 0.014F, 0.45F);
    set(Fold::frown, d, 0.010F);
  }
  {
    Drawing d;
    for (int i = 0; i < 4; ++i) {
      const float y = 0.31F + 0.085F * static_cast<float>(i);
      d.line(
          {{-0.06F, y - 0.008F}, {0.07F, y + 0.004F}, {0.17F, y + 0.012F}, {0.27F, y + 0.006F}},
          0.020F, 0.95F - 0.12F * static_cast<float>(i));
    }
    set(Fold::forehead_inner, d, 0.011F);
  }
  {
    Drawing d;
    for (int i = 0; i < 4; ++i) {
      const float y = 0.31F + 0.085F * static_cast<float>(i);
      d.line(
          {{0.15F, y + 0.010F}, {0.27F, y + 0.014F}, {0.39F, y - 0.004F}, {0.51F, y - 0.05F}},
          0.020F, 0.95F - 0.12F * static_cast<float>(i));
    }
    set(Fold::forehead_outer, d, 0.011F);
  }
  {
    Drawing d;
    d.line({{-0.03F, 0.035F}, {0.02F, 0.04F}, {0.075F, 0.02F}}, 0.018F);
    d.line({{-0.02F, -0.01F}, {0.03F, -0.01F}, {0.075F, -0.035F}}, 0.014F, 0.7F);
    d.line({{0.055F, -0.03F}, {0.095F, -0.09F}, {0.115F, -0.17F}}, 0.018F, 0.9F);
    d.line({{0.095F, -0.02F}, {0.135F, -0.08F}, {0.155F, -0.15F}}, 0.016F, 0.7F);
    d.line({{0.02F, -0.07F}, {0.05F, -0.13F}, {0.06F, -0.19F}}, 0.012F, 0.5F);
    set(Fold::nose_root, d, 0.009F);
  }
  {
    Drawing d;
    d.line({{0.165F, -0.33F},
            {0.235F, -0.42F},
            {0.305F, -0.54F},
            {0.345F, -0.66F},
            {0.345F, -0.76F}},
           0.036F);
    set(Fold::nasolabial, d, 0.014F);
  }
  {
    Drawing d;
    d.line({{0.135F, -0.24F}, {0.175F, -0.31F}, {0.215F, -0.40F}, {0.25F, -0.48F}}, 0.034F);
    set(Fold::nose_wing, d, 0.012F);
  }
  {
    Drawing d;
    d.line({{0.485F, 0.03F}, {0.54F, 0.07F}, {0.62F, 0.13F}}, 0.015F, 0.9F);
    d.line({{0.495F, 0.00F}, {0.56F, 0.015F}, {0.65F, 0.03F}}, 0.015F);
    d.line({{0.485F, -0.03F}, {0.55F, -0.05F}, {0.63F, -0.07F}}, 0.015F, 0.9F);
    d.line({{0.46F, -0.07F}, {0.52F, -0.11F}, {0.59F, -0.16F}}, 0.014F, 0.6F);
    set(Fold::crows_feet, d, 0.009F);
  }
  {
    Drawing d;
    d.line({{0.185F, -0.055F}, {0.26F, -0.105F}, {0.35F, -0.115F}, {0.45F, -0.075F}}, 0.022F);
    d.line({{0.19F, -0.10F}, {0.27F, -0.155F}, {0.37F, -0.165F}}, 0.018F, 0.5F);
    set(Fold::under_eye, d, 0.012F);
  }
  {
    Drawing d;
    d.line(
        {{0.185F, 0.01F}, {0.22F, 0.058F}, {0.31F, 0.082F}, {0.40F, 0.066F}, {0.475F, 0.018F}},
        0.016F);
    set(Fold::lid_crease, d, 0.008F);
  }
  {
    Drawing d;
    d.line({{0.285F, -0.60F}, {0.312F, -0.665F}, {0.295F, -0.74F}}, 0.026F);
    set(Fold::corner_dimple, d, 0.012F);
  }
  {
    Drawing d;
    d.line({{0.268F, -0.685F}, {0.295F, -0.76F}, {0.300F, -0.86F}, {0.285F, -0.95F}}, 0.028F);
    set(Fold::marionette, d, 0.013F);
  }
  {
    Drawing d;
    d.line({{-0.10F, -0.862F}, {0.F, -0.845F}, {0.09F, -0.858F}, {0.17F, -0.895F}}, 0.034F);
    set(Fold::chin_crease, d, 0.014F);
  }
  {
    Drawing d;
    Rng rng(77);
    for (int i = 0; i < 46; ++i) {
      const auto x = static_cast<float>(rng.uniform(-0.02, 0.16));
      const auto y = static_cast<float>(rng.uniform(-1.06, -0.89));
      d.spot({x, y}, 0.011F, 0.009F, 0.9F);
    }
    set(Fold::chin_dimples, d, 0.007F);
  }
  {
    Drawing d;
    for (int i = 0; i < 7; ++i) {
      const float x = 0.02F + 0.036F * static_cast<float>(i);
      const float top = -0.605F - 0.14F * x;
      d.line({{x * 1.05F, top + 0.075F}, {x, top + 0.03F}, {x * 0.97F, top - 0.02F}}, 0.011F,
             0.8F);
      d.line({{x * 0.97F, -0.745F + 0.13F * x},
              {x, -0.79F + 0.10F * x},
              {x * 1.04F, -0.83F + 0.08F * x}},
             0.011F, 0.7F);
    }
    set(Fold::lip_lines, d, 0.007F);
  }
}

void FaceCharts::draw_brows() {
  constexpr int kFine = 4;
  for (int style = 0; style < kBrowStyles; ++style) {
    Rng rng(static_cast<std::uint64_t>(style) * 7919 + 5);
    cv::Mat sheet(kBrowHeight * kFine, kBrowWidth * kFine, CV_8U, cv::Scalar(0));
    const double half = rng.uniform(0.016, 0.034);
    const double inner = rng.uniform(0.06, 0.12), outer = rng.uniform(0.50, 0.60);
    const double peak = rng.uniform(0.3, 0.7), arch = rng.uniform(-0.02, 0.03);
    const double bushy = rng.uniform(0.6, 1.4);
    const double shade = rng.uniform(0.15, 0.5);  // under the hairs, so that no skin shines
    const auto place = [&](double x, double y) {
      return cv::Point2d((x - static_cast<double>(kBrowLeft)) /
                             static_cast<double>(kBrowReachX) * kBrowWidth * kFine,
                         (static_cast<double>(kBrowBottom + kBrowReachY) - y) /
                             static_cast<double>(kBrowReachY) * kBrowHeight * kFine);
    };
    const auto fixed = [&](cv::Point2d p) {
      return cv::Point(cvRound(p.x * 16), cvRound(p.y * 16));
    };
    const auto body = [&](double t) {  // how thick along the brow
      const double rise = std::min(1.0, t / 0.18), fall = std::pow(std::max(0.0, 1 - t), 0.7);
      return half * std::pow(rise, 0.5) * std::min(1.0, 0.25 + 1.3 * fall);
    };
    const auto middle = [&](double t) {
      const double x = inner + (outer - inner) * t;
      const double bump = std::exp(-std::pow((t - peak - 0.15) / 0.3, 2));
      return cv::Point2d(x,
                         static_cast<double>(brow_line(static_cast<float>(x))) + arch * bump);
    };
    std::vector<cv::Point> outline;
    for (int i = 0; i <= 40; ++i) {
      const double t = i / 40.0;
      const auto m = middle(t);
      outline.push_back(fixed(place(m.x, m.y + 0.75 * body(t))));
    }
    for (int i = 40; i >= 0; --i) {
      const double t = i / 40.0;
      const auto m = middle(t);
      outline.push_back(fixed(place(m.x, m.y - 0.75 * body(t))));
    }
    cv::fillPoly(sheet, std::vector{outline}, cv::Scalar(255 * shade), cv::LINE_AA, 4);
    cv::Mat under;
    cv::resize(sheet, under, {kBrowWidth, kBrowHeight}, 0, 0, cv::INTER_AREA);
    cv::GaussianBlur(under, under, {}, 2.5);
    cv::resize(under, sheet, sheet.size(), 0, 0, cv::INTER_LINEAR);
    const int hairs = static_cast<int>(340 * bushy);
    for (int i = 0; i < hairs; ++i) {
      const double t = rng.uniform(0, 1);
      const auto root = middle(t) + cv::Point2d(0, body(t) * rng.uniform(-1, 0.7));
      const double steep = 1.25 - 1.15 * std::min(1.0, t * 1.8) - 0.45 * t;
      const double angle = steep + 0.22 * rng.normal();
      const double length = rng.uniform(0.03, 0.06) * (0.6 + 0.4 * bushy);
      const cv::Point2d tip = root + cv::Point2d(std::cos(angle), std::sin(angle)) * length;
      cv::line(sheet, fixed(place(root.x, root.y)), fixed(place(tip.x, tip.y)),
               cv::Scalar(rng.uniform(150, 255)), 2, cv::LINE_AA, 4);
    }
    cv::Mat small, map;
    cv::resize(sheet, small, {kBrowWidth, kBrowHeight}, 0, 0, cv::INTER_AREA);
    small.convertTo(map, CV_32F, 1 / 255.0);
    std::vector<cv::Mat> levels = {map};
    for (int level = 1; level < kBrowLevels; ++level) {
      cv::Mat soft;
      cv::GaussianBlur(map, soft, {}, kBrowBlur * std::pow(2.0, level - 1));
      levels.push_back(soft);
    }
    brows_.push_back(std::move(levels));
  }
}

float FaceCharts::brow(int style, float thickness, float x, float y, float footprint) const {
  x = std::abs(x);
  const float line = brow_line(x);
  y = line + (y - line) / thickness;
  const float u = (x - kBrowLeft) / kBrowReachX * kBrowWidth - 0.5F;
  const float v = (kBrowBottom + kBrowReachY - y) / kBrowReachY * kBrowHeight - 0.5F;
  if (!(u >= 0 && v >= 0 && u < kBrowWidth - 1 && v < kBrowHeight - 1)) return 0;
  const auto& levels = brows_[static_cast<std::size_t>(style % kBrowStyles + kBrowStyles) %
                              static_cast<std::size_t>(kBrowStyles)];
  // A picture's pixel that covers many hairs shows their mean.
  const float points = footprint / kBrowReachX * kBrowWidth;
  std::size_t level = 0;
  while (level + 1 < levels.size() && points > 2 * static_cast<float>(1 << level)) ++level;
  const cv::Mat& map = levels[level];
  const int x0 = static_cast<int>(u), y0 = static_cast<int>(v);
  const float fx = u - static_cast<float>(x0), fy = v - static_cast<float>(y0);
  const auto* a = map.ptr<float>(y0) + x0;
  const auto* b = map.ptr<float>(y0 + 1) + x0;
  return mix(mix(a[0], a[1], fx), mix(b[0], b[1], fx), fy);
}

void FaceCharts::draw_noise() {
  cv::Mat grain(kNoiseSide, kNoiseSide, CV_32F);
  Rng rng(4242);
  for (auto& value : cv::Mat_<float>(grain)) value = static_cast<float>(rng.uniform(0, 1));
  cv::Mat cloud(kNoiseSide, kNoiseSide, CV_32F, cv::Scalar(0));
  float sum = 0;
  for (int octave = 0; octave < 5; ++octave) {
    const int cells = 4 << octave;
    cv::Mat coarse(cells, cells, CV_32F);
    for (auto& value : cv::Mat_<float>(coarse)) value = static_cast<float>(rng.uniform(0, 1));
    const float share = std::pow(0.6F, static_cast<float>(octave));
    sum += share;
    for (int y = 0; y < kNoiseSide; ++y) {
      for (int x = 0; x < kNoiseSide; ++x) {
        const float u = static_cast<float>(x) * static_cast<float>(cells) / kNoiseSide;
        const float v = static_cast<float>(y) * static_cast<float>(cells) / kNoiseSide;
        const int x0 = static_cast<int>(u), y0 = static_cast<int>(v);
        const float fx = smooth_step(0, 1, u - static_cast<float>(x0));
        const float fy = smooth_step(0, 1, v - static_cast<float>(y0));
        const auto at = [&](int xx, int yy) {
          return coarse.at<float>(yy % cells, xx % cells);
        };
        cloud.at<float>(y, x) += share * mix(mix(at(x0, y0), at(x0 + 1, y0), fx),
                                             mix(at(x0, y0 + 1), at(x0 + 1, y0 + 1), fx), fy);
      }
    }
  }
  cloud /= static_cast<double>(sum);
  grain_ = noise_bytes(grain);
  cloud_ = noise_bytes(cloud);
}

FaceCharts::FoldSheet FaceCharts::folded(const FoldWeights& weights) const {
  FoldSheet sheet(static_cast<std::size_t>(kSide) * kSide, cv::Vec4f::all(0));
  for (std::size_t i = 0; i < folds_.size(); ++i) {
    for (std::size_t side = 0; side < 2; ++side) {
      const float weight = weights[i][side];
      if (weight <= 0.01F) continue;
      const auto& [where, values] = folds_[i][side];
      for (int y = 0; y < where.height; ++y) {
        const auto* from = values.ptr<float>(y);
        float* to = sheet[static_cast<std::size_t>(where.y + y) * kSide +
                          static_cast<std::size_t>(where.x)]
                        .val;
        for (int k = 0; k < 4 * where.width; ++k) to[k] += from[k] * weight;
      }
    }
  }
  return sheet;
}

FoldWeights fold_weights(const FaceLook& look, const Expression& expression) {
  FoldWeights folds{};
  const float old = smooth_step(30, 80, look.age);
  const float fresh = 1 - smooth_step(3, 14, look.age) * 0.75F;  // a child's skin folds little
  const float moved = (0.55F + 0.65F * look.wrinkles + 0.35F * old) * (1 - 0.55F * fresh);
  for (std::size_t side = 0; side < 2; ++side) {
    const auto of = [&](FaceAction action) {
      const int index = movement_index(action, side == 0 ? FaceSide::right : FaceSide::left);
      return index >= 0 && static_cast<std::size_t>(index) < expression.weights.size()
                 ? expression.weights[static_cast<std::size_t>(index)]
                 : 0.F;
    };
    const auto set = [&](Fold fold, float by_movement, float by_age) {
      folds[static_cast<std::size_t>(fold)][side] =
          std::min(1.3F, moved * std::min(1.F, by_movement) + by_age * look.wrinkles * old);
    };
    using enum FaceAction;
    const float smile = std::max(of(lip_corner_pull), of(open_smile));
    const float nose = of(nose_wrinkle),
                lip_up = std::max(of(upper_lip_raise), of(bared_teeth));
    const float cheek = std::max(of(cheek_raise), 0.5F * smile);
    set(Fold::frown, of(brow_lower) + 0.35F * nose, 0.5F);
    set(Fold::forehead_inner, of(inner_brow_raise) + 0.35F * of(outer_brow_raise), 0.5F);
    set(Fold::forehead_outer, of(outer_brow_raise) * (1 - 0.6F * of(brow_lower)), 0.45F);
    set(Fold::nose_root, 1.2F * nose + 0.25F * of(brow_lower), 0.15F);
    set(Fold::nasolabial,
        0.9F * smile + 0.6F * lip_up + 0.4F * nose + 0.7F * of(nasolabial_deepen) +
            0.3F * of(lip_stretch),
        0.75F);
    set(Fold::nose_wing, 1.0F * nose + 0.8F * lip_up + 0.4F * of(nasolabial_deepen), 0.35F);
    set(Fold::crows_feet, cheek + 0.3F * of(lid_tighten) + 0.5F * of(eye_close) * nose, 0.6F);
    set(Fold::under_eye, 0.8F * cheek + 0.6F * of(lid_tighten) + 0.5F * nose, 0.7F);
    folds[static_cast<std::size_t>(Fold::lid_crease)][side] =
        0.55F * (1 - 0.6F * of(brow_lower)) * (1 - look.group[1] * 0.5F);
    set(Fold::corner_dimple, of(dimple) + 0.55F * smile + 0.3F * of(lip_press), 0.25F);
    set(Fold::marionette, 0.9F * of(corner_depress) + 0.3F * of(chin_raise), 0.7F);
    set(Fold::chin_crease, 0.8F * of(chin_raise) + 0.4F * of(lip_press), 0.3F);
    set(Fold::chin_dimples, of(chin_raise) + 0.25F * of(corner_depress), 0.1F);
    set(Fold::lip_lines, 0.8F * of(pucker) + 0.5F * of(lip_tighten) + 0.4F * of(lip_press),
        0.45F);
  }
  return folds;
}

}  // namespace mien::synthesis
