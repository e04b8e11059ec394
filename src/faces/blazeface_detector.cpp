#include "mien/base/error.hpp"

#include "blazeface.hpp"
#include "detectors.hpp"

namespace mien {
namespace {

constexpr std::size_t kMostBoxes = 4096;

class BlazeFaceDetector : public FaceDetector {
 public:
  explicit BlazeFaceDetector(const ModelCard& card) : network_(card) {}

  const std::string& id() const override { return network_.id(); }

  std::vector<Face> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    auto faces = network_.find(bgr, network_.score_threshold());
    // Blending takes the square of their number.
    if (faces.size() > kMostBoxes) {
      throw Error("The face detector " + id() + " finds faces at " +
                  std::to_string(faces.size()) +
                  " places of one picture; raise options.score_threshold in its card or "
                  "choose another detector.");
    }
    return blend_overlapping(std::move(faces), network_.overlap_threshold());
  }

 private:
  BlazeFace network_;
};

}  // namespace

std::unique_ptr<FaceDetector> make_blazeface_detector(const ModelCard& card) {
  return translate_errors("The face detector " + card.id + " cannot be loaded",
                          [&] { return std::make_unique<BlazeFaceDetector>(card); });
}

}  // namespace mien
