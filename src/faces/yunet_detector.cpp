#include <algorithm>
#include <cmath>

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect/face.hpp>

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/network.hpp"

#include "detectors.hpp"

namespace mien::faces {
namespace {

constexpr int kTopCandidates = 1000;
constexpr int kValues = 15;  // box, five points, score

constexpr int kBoxNumbers = 4;
constexpr int kPointNumbers = 10;  // x and y of eyes, nose and both corners of the mouth
constexpr float kMaxExponent = 10;

/// One stride's grid.
struct Grid {
  std::vector<const float*> scores;  // two, whose product counts, so that their order does not
  const float* boxes = nullptr;
  const float* points = nullptr;
};

Grid find_grid(const std::vector<cv::Mat>& outputs, int cells) {
  Grid grid;
  for (const cv::Mat& output : outputs) {
    if (output.dims < 2 || output.type() != CV_32F || !output.isContinuous()) continue;
    const int numbers = output.size[output.dims - 1];
    if (numbers < 1 ||
        output.total() != static_cast<std::size_t>(cells) * static_cast<std::size_t>(numbers)) {
      continue;
    }
    const auto* const values = output.ptr<float>();
    if (numbers == 1) grid.scores.push_back(values);
    if (numbers == kBoxNumbers) grid.boxes = values;
    if (numbers == kPointNumbers) grid.points = values;
  }
  if (grid.scores.size() != 2 || grid.boxes == nullptr || grid.points == nullptr) {
    throw base::Error(
        "The model is neither the YuNet of March 2022 nor that of March 2023; this program "
        "reads these two only.");
  }
  return grid;
}

/// A network that takes pictures of any size within limits.
class YunetNetwork {
 public:
  virtual ~YunetNetwork() = default;
  /// Faces in the pixels of `bgr`, in any order.
  virtual std::vector<base::Face> find(const cv::Mat& bgr) = 0;
};

/// The picture with black to the right and below, at least `least` on each side and a multiple
/// of `step`.
const cv::Mat& padded(const cv::Mat& bgr, int least, int step, cv::Mat& buffer) {
  const auto fit = [&](int size) { return (std::max(size, least) + step - 1) / step * step; };
  const int right = fit(bgr.cols) - bgr.cols;
  const int below = fit(bgr.rows) - bgr.rows;
  if (right == 0 && below == 0) return bgr;
  cv::copyMakeBorder(bgr, buffer, 0, below, 0, right, cv::BORDER_CONSTANT, cv::Scalar::all(0));
  return buffer;
}

/// That of March 2022, through OpenCV's own reader for it.
class Yunet2022 : public YunetNetwork {
 public:
  Yunet2022(const models::ModelCard& card, float score, float overlap)
      : net_(cv::FaceDetectorYN::create((card.folder / card.files.front().name).string(), "",
                                        {kMinSide, kMinSide}, score, overlap, kTopCandidates)) {
  }

  std::vector<base::Face> find(const cv::Mat& bgr) override {
    const cv::Mat& picture = padded(bgr, kMinSide, 1, padded_);
    if (net_->getInputSize() != picture.size()) net_->setInputSize(picture.size());
    cv::Mat found;
    net_->detect(picture, found);
    std::vector<base::Face> faces;
    if (found.empty()) return faces;
    if (found.cols != kValues || found.type() != CV_32F) {
      throw base::Error(
          "The model is neither the YuNet of March 2022 nor that of March 2023; this program "
          "reads these two only.");
    }
    for (int row = 0; row < found.rows; ++row) {
      const float* value = found.ptr<float>(row);
      const auto point = [&](int k) { return cv::Point2f(value[k], value[k + 1]); };
      base::Face face;
      face.box = {value[0], value[1], value[2], value[3]};
      face.confidence = value[14];
      face.landmarks =
          base::Landmarks{point(4), point(6), point(8), (point(10) + point(12)) / 2};
      faces.push_back(face);
    }
    return faces;
  }

 private:
  static constexpr int kMinSide = 64;  // its deepest grid is empty for less
  cv::Ptr<cv::FaceDetectorYN> net_;
  cv::Mat padded_;
};

/// That of March 2023, which OpenCV's reader knows from 4.8 on.
class Yunet2023 : public YunetNetwork {
 public:
  Yunet2023(const cv::dnn::Net& net, float score, float overlap)
      : net_(net),
        outputs_(net_.getUnconnectedOutLayersNames()),
        score_(score),
        overlap_(overlap) {
    net_.setInput(cv::dnn::blobFromImage(cv::Mat(64, 64, CV_8UC3, cv::Scalar::all(0))));
    models::run_by_layers(net_);
  }

  std::vector<base::Face> find(const cv::Mat& bgr) override {
    const cv::Mat& picture = padded(bgr, kStep, kStep, padded_);
    net_.setInput(cv::dnn::blobFromImage(picture));
    net_.forward(results_, outputs_);
    const auto candidates = decode_yunet_2023(results_, picture.size(), score_);
    std::vector<cv::Rect2d> boxes;
    std::vector<float> scores;
    for (const base::Face& face : candidates) {
      boxes.emplace_back(face.box);
      scores.push_back(face.confidence);
    }
    std::vector<int> kept;
    cv::dnn::NMSBoxes(boxes, scores, score_, overlap_, kept, 1, kTopCandidates);
    std::vector<base::Face> faces;
    faces.reserve(kept.size());
    for (const int i : kept) faces.push_back(candidates[static_cast<std::size_t>(i)]);
    return faces;
  }

 private:
  static constexpr int kStep = 32;  // its coarsest grid
  cv::dnn::Net net_;
  std::vector<cv::String> outputs_;
  float score_;
  float overlap_;
  cv::Mat padded_;
  std::vector<cv::Mat> results_;
};

constexpr std::size_t kOutputsOf2023 = 12;  // for each of three grids two scores, boxes, points

class YunetDetector : public FaceDetector {
 public:
  explicit YunetDetector(const models::ModelCard& card) : id_(card.id) {
    const CardOptions options(card);
    longest_side_ = static_cast<int>(options.number("longest_side", 320, 32, 4096));
    const float score = options.number("score_threshold", 0.7F, 0, 1);
    const float overlap = options.number("overlap_threshold", 0.3F, 0, 1);
    models::load_network(card, [&](cv::dnn::Net& net) {
      if (net.getUnconnectedOutLayers().size() == kOutputsOf2023) {
        net_ = std::make_unique<Yunet2023>(net, score, overlap);
      } else {
        net_ = std::make_unique<Yunet2022>(card, score, overlap);
      }
      detect(cv::Mat(longest_side_, longest_side_, CV_8UC3, cv::Scalar::all(0)));
    });
  }

  const std::string& id() const override { return id_; }

  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    return base::translate_errors("The face detector " + id_ + " failed", [&] {
      const float scale =
          std::min(1.0F, static_cast<float>(longest_side_) / std::max(bgr.cols, bgr.rows));
      const cv::Size size(std::max(1, cvRound(bgr.cols * scale)),
                          std::max(1, cvRound(bgr.rows * scale)));
      if (size == bgr.size()) {
        shrunk_ = bgr;
      } else {
        shrunk_ = cv::Mat();  // never into the caller's pixels
        cv::resize(bgr, shrunk_, size, 0, 0, cv::INTER_AREA);
      }
      return in_source_pixels(net_->find(shrunk_), scale);
    });
  }

 private:
  static std::vector<base::Face> in_source_pixels(std::vector<base::Face> found, float scale) {
    std::vector<base::Face> faces;
    for (base::Face& face : found) {
      face.box = {face.box.tl() / scale, face.box.br() / scale};
      face.confidence = std::clamp(face.confidence, 0.0F, 1.0F);
      if (face.landmarks) {
        for (cv::Point2f* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                                   &face.landmarks->nose, &face.landmarks->mouth}) {
          *point /= scale;
        }
      }
      if (face.box.width > 0 && face.box.height > 0) faces.push_back(face);
    }
    std::stable_sort(faces.begin(), faces.end(), [](const base::Face& a, const base::Face& b) {
      return a.confidence > b.confidence;
    });
    return faces;
  }

  std::string id_;
  int longest_side_ = 320;
  std::unique_ptr<YunetNetwork> net_;
  cv::Mat shrunk_;
};

}  // namespace

std::vector<base::Face> decode_yunet_2023(const std::vector<cv::Mat>& outputs, cv::Size input,
                                          float score_threshold) {
  std::vector<base::Face> faces;
  for (const int stride : {8, 16, 32}) {
    const int columns = input.width / stride;
    const int rows = input.height / stride;
    const Grid grid = find_grid(outputs, columns * rows);
    const auto size = static_cast<float>(stride);
    for (int cell = 0; cell < columns * rows; ++cell) {
      const float product = std::clamp(grid.scores[0][cell], 0.0F, 1.0F) *
                            std::clamp(grid.scores[1][cell], 0.0F, 1.0F);
      const float score = std::sqrt(product);
      if (!(score >= score_threshold)) continue;
      const auto column = static_cast<float>(cell % columns);
      const int line = cell / columns;
      const auto row = static_cast<float>(line);
      const float* const box = grid.boxes + static_cast<std::ptrdiff_t>(cell) * kBoxNumbers;
      const float* const points =
          grid.points + static_cast<std::ptrdiff_t>(cell) * kPointNumbers;
      const auto point = [&](int k) {
        return cv::Point2f((points[std::ptrdiff_t{2} * k] + column) * size,
                           (points[std::ptrdiff_t{2} * k + 1] + row) * size);
      };
      const cv::Point2f center((column + box[0]) * size, (row + box[1]) * size);
      const float width = std::exp(std::min(box[2], kMaxExponent)) * size;
      const float height = std::exp(std::min(box[3], kMaxExponent)) * size;
      base::Face face;
      face.box = {center.x - width / 2, center.y - height / 2, width, height};
      face.confidence = score;
      face.landmarks = base::Landmarks{point(0), point(1), point(2), (point(3) + point(4)) / 2};
      faces.push_back(face);
    }
  }
  return faces;
}

std::unique_ptr<FaceDetector> make_yunet_detector(const models::ModelCard& card) {
  return base::translate_errors("The face detector " + card.id + " cannot be loaded",
                                [&] { return std::make_unique<YunetDetector>(card); });
}

}  // namespace mien::faces
