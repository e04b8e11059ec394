#include <algorithm>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect/face.hpp>

#include "mien/base/error.hpp"
#include "mien/base/onnx_guard.hpp"

#include "card_options.hpp"
#include "detectors.hpp"

namespace mien {
namespace {

constexpr int kTopCandidates = 1000;
constexpr int kValues = 15;  // box, five points, score

class YunetDetector : public FaceDetector {
 public:
  explicit YunetDetector(const ModelCard& card) : id_(card.id) {
    const CardOptions options(card);
    longest_side_ = static_cast<int>(options.number("longest_side", 320, 32, 4096));
    // It reads the file itself; the check here is what keeps a broken one from ending the
    // program.
    read_checked_onnx(card);
    MutexLock lock(network_load_mutex());
    net_ = cv::FaceDetectorYN::create(
        (card.folder / card.files.front().name).string(), "", {longest_side_, longest_side_},
        options.number("score_threshold", 0.7F, 0, 1),
        options.number("overlap_threshold", 0.3F, 0, 1), kTopCandidates);
    detect(cv::Mat(longest_side_, longest_side_, CV_8UC3, cv::Scalar::all(0)));
  }

  const std::string& id() const override { return id_; }

  std::vector<Face> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    return translate_errors("The face detector " + id_ + " failed", [&] {
      const float scale =
          std::min(1.0F, static_cast<float>(longest_side_) / std::max(bgr.cols, bgr.rows));
      const cv::Size size(std::max(1, cvRound(bgr.cols * scale)),
                          std::max(1, cvRound(bgr.rows * scale)));
      if (size == bgr.size()) {
        shrunk_ = bgr;
      } else {
        cv::resize(bgr, shrunk_, size, 0, 0, cv::INTER_AREA);
      }
      if (net_->getInputSize() != size) net_->setInputSize(size);
      cv::Mat found;
      net_->detect(shrunk_, found);
      return read(found, scale);
    });
  }

 private:
  static std::vector<Face> read(const cv::Mat& found, float scale) {
    std::vector<Face> faces;
    if (found.empty()) return faces;
    if (found.cols != kValues || found.type() != CV_32F) {
      throw Error(
          "The model is not the YuNet of March 2022; this program reads that one only.");
    }
    for (int row = 0; row < found.rows; ++row) {
      const float* value = found.ptr<float>(row);
      const auto point = [&](int k) { return cv::Point2f(value[k], value[k + 1]) / scale; };
      Face face;
      face.box = {value[0] / scale, value[1] / scale, value[2] / scale, value[3] / scale};
      face.confidence = std::clamp(value[14], 0.0F, 1.0F);
      face.landmarks = Landmarks{point(4), point(6), point(8), (point(10) + point(12)) / 2};
      if (face.box.width > 0 && face.box.height > 0) faces.push_back(face);
    }
    std::stable_sort(faces.begin(), faces.end(),
                     [](const Face& a, const Face& b) { return a.confidence > b.confidence; });
    return faces;
  }

  std::string id_;
  int longest_side_ = 320;
  cv::Ptr<cv::FaceDetectorYN> net_;
  cv::Mat shrunk_;
};

}  // namespace

std::unique_ptr<FaceDetector> make_yunet_detector(const ModelCard& card) {
  return translate_errors("The face detector " + card.id + " cannot be loaded",
                          [&] { return std::make_unique<YunetDetector>(card); });
}

}  // namespace mien
