#include <algorithm>
#include <cmath>
#include <filesystem>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "mien/base/error.hpp"

#include "detectors.hpp"
#include "nms.hpp"

namespace fs = std::filesystem;

namespace mien::faces {
namespace {

constexpr const char* kCascade = "haarcascades/haarcascade_frontalface_default.xml";
constexpr int kHaarLongestSide =
    480;                      // larger pictures are shrunk: its cost grows with the pixels
constexpr int kMinFace = 36;  // of the shrunk picture; most time goes into the smallest
constexpr double kScaleStep = 1.15;
constexpr int kNeighbours = 4;  // hits that must agree
// Level weights of the last stage: about 0 for what barely passes, 5 and more for a clear face.
constexpr double kHalfSureWeight = 1.5;
// The cascade's square reaches from hairline to below the chin; the networks' boxes, for which
// crops are cut, are narrower. Measured on portraits that both detectors find.
constexpr float kBoxScale = 0.8F;
constexpr float kBoxDown = 0.05F;
constexpr float kInsideAnother = 0.5F;  // share of the smaller box

fs::path find_cascade() {
  for (const char* root :
       {"/usr/share/opencv4", "/usr/share/opencv", "/usr/local/share/opencv4"}) {
    std::error_code error;
    if (fs::is_regular_file(fs::path(root) / kCascade, error)) return fs::path(root) / kCascade;
  }
  throw base::Error(
      "The detector haar needs haarcascade_frontalface_default.xml, which is not on this "
      "machine; "
      "install the package opencv-data or choose another detector.");
}

class HaarDetector : public FaceDetector {
 public:
  explicit HaarDetector(const fs::path& file) {
    if (!cascade_.load(file.string())) {
      throw base::Error(
          "The cascade " + file.string() +
          " cannot be read; install the package opencv-data again or choose another "
          "detector.");
    }
  }

  const std::string& id() const override { return id_; }

  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    return base::translate_errors("The face detector haar failed", [&] {
      const float scale =
          std::min(1.0F, static_cast<float>(kHaarLongestSide) / std::max(bgr.cols, bgr.rows));
      const cv::Size size(std::max(1, cvRound(bgr.cols * scale)),
                          std::max(1, cvRound(bgr.rows * scale)));
      cv::cvtColor(bgr, gray_, cv::COLOR_BGR2GRAY);
      if (scale < 1) cv::resize(gray_, gray_, size, 0, 0, cv::INTER_AREA);
      cv::equalizeHist(gray_, gray_);

      std::vector<cv::Rect> boxes;
      std::vector<int> levels;
      std::vector<double> weights;
      cascade_.detectMultiScale(gray_, boxes, levels, weights, kScaleStep, kNeighbours, 0,
                                {kMinFace, kMinFace}, {}, true);
      std::vector<base::Face> faces;
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        faces.push_back({frame_box(boxes[i], scale), confidence(weights[i]), std::nullopt});
      }
      // The cascade likes to find a second, smaller face within a face.
      return suppress_overlapping(std::move(faces), 1, kInsideAnother);
    });
  }

 private:
  static cv::Rect2f frame_box(const cv::Rect& box, float scale) {
    const float side = static_cast<float>(box.width) / scale;
    const cv::Point2f center((box.x + box.width / 2.0F) / scale,
                             (box.y + box.height / 2.0F) / scale + side * kBoxDown);
    const float kept = side * kBoxScale;
    return {center.x - kept / 2, center.y - kept / 2, kept, kept};
  }

  static float confidence(double weight) {
    return static_cast<float>(1 / (1 + std::exp(-(weight - kHalfSureWeight))));
  }

  const std::string id_ = "haar";
  cv::CascadeClassifier cascade_;
  cv::Mat gray_;
};

}  // namespace

DetectorInfo haar_info() {
  return {"haar", "Haar cascade", "OpenCV's classic detector: frontal faces, no landmarks.",
          "BSD-3-Clause"};
}

std::unique_ptr<FaceDetector> make_haar_detector(const models::ModelLibrary&) {
  return base::translate_errors("The face detector haar cannot be loaded",
                                [] { return std::make_unique<HaarDetector>(find_cascade()); });
}

}  // namespace mien::faces
