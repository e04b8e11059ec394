#include "mien/movements/mesh_network.hpp"

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/faces/square_network.hpp"
#include "mien/models/model_library.hpp"

namespace mien::movements {
namespace {

constexpr int kCoordinates = 3 * base::kMeshPoints;

[[noreturn]] void refuse(const models::ModelCard& card, const std::string& why) {
  throw base::Error("The landmarks model " + card.id + " cannot be used: " + why + ".");
}

void check_card(const models::ModelCard& card) {
  if (card.task != models::ModelCard::Task::landmarks) {
    refuse(card, std::string("its card is of task \"") + models::to_string(card.task) +
                     "\", not \"landmarks\"");
  }
  if (card.architecture != kMeshArchitecture) {
    refuse(card, "the \"architecture\" in its card is \"" + card.architecture +
                     "\"; it must be \"" + kMeshArchitecture + '"');
  }
  if (card.format != models::ModelCard::Format::onnx ||
      card.input.channels != models::ModelCard::Channels::rgb ||
      card.input.layout != models::ModelCard::Layout::nhwc ||
      card.input.width != card.input.height) {
    refuse(card, "it must be an \"onnx\" file with a square \"rgb\" input in \"nhwc\"");
  }
}

class LocalMeshNetwork : public MeshNetwork {
 public:
  explicit LocalMeshNetwork(const models::ModelCard& card)
      : id_(card.id), network_(card), scale_(card.rescale_factor) {
    if (network_.output(kCoordinates) == nullptr || network_.output(1) == nullptr) {
      refuse(card, "it must give " + std::to_string(kCoordinates) +
                       " numbers for the points and one for the presence");
    }
  }

  const std::string& id() const override { return id_; }
  int side() const override { return network_.side(); }

  std::vector<float> run(const cv::Mat& crop) override {
    return base::translate_errors("The landmarks model " + id_ + " failed", [&] {
      cv::cvtColor(crop, rgb_, cv::COLOR_BGR2RGB);
      rgb_.convertTo(network_.input(), CV_32F, scale_);
      network_.run();
      const float* const points = network_.output(kCoordinates);
      const float* const presence = network_.output(1);
      std::vector<float> numbers;
      if (points == nullptr || presence == nullptr) return numbers;
      numbers.reserve(kCoordinates + 1);
      numbers.assign(points, points + kCoordinates);
      numbers.push_back(*presence);
      return numbers;
    });
  }

 private:
  std::string id_;
  faces::SquareNetwork network_;
  double scale_;
  cv::Mat rgb_;
};

}  // namespace

std::unique_ptr<MeshNetwork> load_mesh_network(const models::ModelCard& card) {
  check_card(card);
  if (!models::is_shipped(card)) {
    refuse(card, "only landmarks models that come with the program can be used");
  }
  return std::make_unique<LocalMeshNetwork>(card);
}

}  // namespace mien::movements
