#include "appearance.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr float kSides = 0.15F;
constexpr float kAbove = 0.25F;
constexpr float kBelow = 0.5F;
constexpr int kFewestSamples = 60;
// One person from frame to frame stays below the first (0.1 to 0.2) and above the second.
constexpr float kOtherColours = 0.33F;
constexpr float kOtherPicture = 0.6F;

}  // namespace

Appearance Appearance::of(const cv::Mat& bgr, const cv::Rect2f& box) {
  Appearance result;
  if (bgr.empty() || bgr.type() != CV_8UC3) return result;
  const float left = box.x - kSides * box.width;
  const float top = box.y - kAbove * box.height;
  const float width = box.width * (1 + 2 * kSides);
  const float height = box.height * (1 + kAbove + kBelow);
  std::array<int, kBands> counts{};
  for (int j = 0; j < kGrid; ++j) {
    const int y = cvFloor(top + height * (static_cast<float>(j) + 0.5F) / kGrid);
    if (y < 0 || y >= bgr.rows) continue;
    const auto band = static_cast<std::size_t>(j * kBands / kGrid);
    const auto* row = bgr.ptr<cv::Vec3b>(y);
    for (int i = 0; i < kGrid; ++i) {
      const int x = cvFloor(left + width * (static_cast<float>(i) + 0.5F) / kGrid);
      if (x < 0 || x >= bgr.cols) continue;
      const int b = row[x][0];
      const int g = row[x][1];
      const int r = row[x][2];
      const int lightness = (r + 2 * g + b) / 4;
      result.gray_[static_cast<std::size_t>(j) * kGrid + static_cast<std::size_t>(i)] =
          static_cast<float>(lightness);
      // Differences of colour matter near gray, where nearly everything is: 16 a bin.
      const int red = std::clamp((r - g) / 16 + 2, 0, kBins - 1);
      const int blue = std::clamp((b - g) / 16 + 4, 0, kBins - 1);
      float* band_share = &result.share_[band * kChannels * kBins];
      ++band_share[lightness * kBins / 256];
      ++band_share[kBins + red];
      ++band_share[2 * kBins + blue];
      ++counts[band];
    }
  }
  int all = 0;
  for (std::size_t band = 0; band < kBands; ++band) {
    all += counts[band];
    if (counts[band] == 0) continue;
    for (std::size_t k = 0; k < std::size_t{kChannels} * kBins; ++k) {
      result.share_[band * kChannels * kBins + k] /= static_cast<float>(counts[band]);
    }
  }
  result.known_ = all >= kFewestSamples;
  return result;
}

float Appearance::distance(const Appearance& other) const {
  if (!known_ || !other.known_) return 0;
  float sum = 0;
  int compared = 0;
  for (std::size_t h = 0; h < std::size_t{kBands} * kChannels; ++h) {
    float alike = 0;
    float mine = 0;
    float theirs = 0;
    for (std::size_t k = h * kBins; k < (h + 1) * kBins; ++k) {
      alike += std::sqrt(share_[k] * other.share_[k]);
      mine += share_[k];
      theirs += other.share_[k];
    }
    if (mine <= 0 || theirs <= 0) continue;  // that band was outside the picture
    sum += std::sqrt(std::max(0.0F, 1 - alike));
    ++compared;
  }
  return compared > 0 ? sum / static_cast<float>(compared) : 0;
}

float Appearance::correlation(const Appearance& other) const {
  if (!known_ || !other.known_) return 1;
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < gray_.size(); ++i) {
    const double mine = gray_[i];
    const double theirs = other.gray_[i];
    a += mine;
    b += theirs;
    aa += mine * mine;
    bb += theirs * theirs;
    ab += mine * theirs;
  }
  const auto n = static_cast<double>(gray_.size());
  const double spread = std::sqrt((aa - a * a / n) * (bb - b * b / n));
  // Flat pictures correlate by noise alone.
  if (!(spread / n > 20)) return 1;
  return static_cast<float>((ab - a * b / n) / spread);
}

bool Appearance::is_someone_else(const Appearance& other) const {
  return distance(other) > kOtherColours && correlation(other) < kOtherPicture;
}

void Appearance::adapt(const Appearance& now, float share) {
  if (!now.known_) return;
  if (!known_) {
    *this = now;
    return;
  }
  for (std::size_t k = 0; k < share_.size(); ++k) {
    share_[k] += share * (now.share_[k] - share_[k]);
  }
  gray_ = now.gray_;
}

}  // namespace mien
