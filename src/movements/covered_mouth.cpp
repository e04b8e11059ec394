#include "mien/movements/covered_mouth.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "mien/faces/face_patch.hpp"

#include "mesh_points.hpp"
#include "mesh_square.hpp"
#include "network_card.hpp"
#include "numbers_network.hpp"

namespace mien::movements {
namespace {

// In sides of the mesh' square; training/mouth.py has the same.
constexpr float kMouthExtent = 0.72F;
constexpr float kAboveMouth = 0.04F;
// Of 255: less is noise, and not stretched.
constexpr double kFlattest = 4;
constexpr int kMouthPixels = kMouthSide * kMouthSide;
constexpr const char* kMouthKey = "covered_mouth";

/// The pixels as the network takes them: light and contrast taken out.
std::vector<float> standard_pixels(const cv::Mat& square) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(square, mean, deviation);
  const double contrast = std::max(kFlattest, deviation[0]);
  cv::Mat pixels;
  square.convertTo(pixels, CV_32F, 1 / contrast, -mean[0] / contrast);
  return {pixels.begin<float>(), pixels.end<float>()};
}

struct MouthOption {
  models::ModelCard card;  ///< as of a network of its own
  float limit = 0;
};

MouthOption mouth_option(const models::ModelCard& card) {
  const NetworkCard asked(card, models::ModelCard::Task::movements);
  asked.require_task();
  asked.require_shipped();
  const auto named = card.options.find(kMouthKey);
  const auto text = [&](const char* key) {
    return named->contains(key) && named->at(key).is_string()
               ? named->at(key).get<std::string>()
               : std::string();
  };
  if (named == card.options.end() || !named->is_object() || text("file").empty()) {
    asked.refuse("\"options.covered_mouth\" in its card names no file; install it again");
  }
  const std::string name = text("file");
  const auto listed = std::find_if(card.files.begin(), card.files.end(),
                                   [&](const auto& file) { return file.name == name; });
  if (listed == card.files.end()) {
    asked.refuse("its card lists no " + name + ", which tells covered mouths");
  }
  const auto above = named->find("above");
  if (above == named->end() || !above->is_number() ||
      !(above->get<double>() > 0 && above->get<double>() < 1)) {
    asked.refuse("\"options.covered_mouth.above\" in its card is no number between 0 and 1");
  }
  MouthOption option{card, above->get<float>()};
  option.card.files = {*listed};
  option.card.input.name = "mouth";
  option.card.input.width = kMouthPixels;
  option.card.output.name = "covered";
  return option;
}

class LocalCoveredMouth : public CoveredMouth {
 public:
  explicit LocalCoveredMouth(const MouthOption& option)
      : limit_(option.limit), network_(option.card, 1, "covered mouths need one") {}

  float limit() const override { return limit_; }
  float probability(const cv::Mat& square) override {
    const auto given = network_.run(standard_pixels(square));
    return given.empty() || !std::isfinite(given.front()) ? 0
                                                          : std::clamp(given.front(), 0.F, 1.F);
  }

 private:
  float limit_;
  NumbersNetwork network_;
};

}  // namespace

cv::Mat cut_out_mouth(const cv::Mat& bgr, const base::FaceMesh& mesh) {
  cv::Mat square, gray;
  if (mesh.points.size() != base::kMeshPoints) return gray;
  const auto at = [&](int point) {
    const auto& p = mesh.points[static_cast<std::size_t>(point)];
    return cv::Point2f(p.x, p.y);
  };
  const MeshSquare face = square_around(mesh);
  const cv::Point2f down(-face.across.y, face.across.x);
  const cv::Point2f middle =
      (at(mesh_point::kRightMouthCorner) + at(mesh_point::kLeftMouthCorner)) / 2;
  const faces::FacePatch patch(middle - down * (kAboveMouth * face.side), face.across,
                               kMouthSide, kMouthExtent * face.side);
  if (patch.cut_out(bgr, square)) cv::cvtColor(square, gray, cv::COLOR_BGR2GRAY);
  return gray;
}

std::unique_ptr<CoveredMouth> load_covered_mouth(const models::ModelCard& card) {
  return std::make_unique<LocalCoveredMouth>(mouth_option(card));
}

}  // namespace mien::movements
