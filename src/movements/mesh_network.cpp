#include "mien/movements/mesh_network.hpp"

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/faces/square_network.hpp"
#include "mien/models/model_library.hpp"

#include "isolated_mesh_network.hpp"
#include "network_card.hpp"

namespace mien::movements {
namespace {

constexpr int kCoordinates = 3 * base::kMeshPoints;

NetworkCard mesh_card(const models::ModelCard& card) {
  return {card, models::ModelCard::Task::landmarks};
}

void check_mesh_card(const models::ModelCard& card) {
  const auto asked = mesh_card(card);
  asked.require_task();
  if (card.architecture != kMeshArchitecture) {
    asked.refuse("the \"architecture\" in its card is \"" + card.architecture +
                 "\"; it must be \"" + kMeshArchitecture + '"');
  }
  if (card.format != models::ModelCard::Format::onnx ||
      card.input.channels == models::ModelCard::Channels::gray ||
      card.input.width != card.input.height) {
    asked.refuse("it must be an \"onnx\" file with a square input in \"rgb\" or \"bgr\"");
  }
}

class LocalMeshNetwork : public MeshNetwork {
 public:
  explicit LocalMeshNetwork(const models::ModelCard& card)
      : id_(card.id),
        network_(card),
        swap_red_(card.input.channels == models::ModelCard::Channels::rgb) {
    for (int c = 0; c < 3; ++c) {
      const auto at = static_cast<std::size_t>(c);
      to_input_(c, c) = card.rescale_factor / card.image_std.at(at);
      to_input_(c, 3) = -card.image_mean.at(at) / card.image_std.at(at);
    }
    if (network_.output(kCoordinates) == nullptr || network_.output(1) == nullptr) {
      mesh_card(card).refuse("it must give " + std::to_string(kCoordinates) +
                             " numbers for the points and one for the presence");
    }
    // Of the run on black with which loading ends.
    if (!are_mesh_numbers(numbers())) mesh_card(card).refuse("its numbers are not finite");
  }

  const std::string& id() const override { return id_; }
  int side() const override { return network_.side(); }

  std::vector<float> run(const cv::Mat& crop) override {
    return base::translate_errors("The landmarks model " + id_ + " failed", [&] {
      if (swap_red_) {
        cv::cvtColor(crop, ordered_, cv::COLOR_BGR2RGB);
        ordered_.convertTo(pixels_, CV_32F);
      } else {
        crop.convertTo(pixels_, CV_32F);
      }
      cv::transform(pixels_, network_.input(), to_input_);
      network_.run();
      return numbers();
    });
  }

 private:
  /// Of the last run.
  std::vector<float> numbers() const {
    const float* const points = network_.output(kCoordinates);
    const float* const presence = network_.output(1);
    std::vector<float> all;
    if (points == nullptr || presence == nullptr) return all;
    all.reserve(kCoordinates + 1);
    all.assign(points, points + kCoordinates);
    all.push_back(*presence);
    return all;
  }

  std::string id_;
  faces::SquareNetwork network_;
  bool swap_red_;
  /// From a pixel's three values to the input's: factors, then what is added.
  cv::Matx<float, 3, 4> to_input_ = cv::Matx<float, 3, 4>::zeros();
  cv::Mat ordered_;  ///< the crop in the network's order of colours
  cv::Mat pixels_;   ///< the same as floats
};

}  // namespace

std::unique_ptr<MeshNetwork> load_mesh_network(const models::ModelCard& card) {
  check_mesh_card(card);
  if (models::is_shipped(card)) return std::make_unique<LocalMeshNetwork>(card);
  // Missing and damaged files are found before a process is started.
  models::verify_model_files(card);
  return std::make_unique<IsolatedMeshNetwork>(card);
}

models::ServedModel serve_mesh_network(const models::ModelCard& card) {
  check_mesh_card(card);
  const auto network = std::make_shared<LocalMeshNetwork>(card);
  return [network](const cv::Mat& crop) {
    auto numbers = network->run(crop);
    // ModelProcess takes numbers that are not finite for a worker that lies; these are an
    // honest one's, of one crop.
    if (!are_mesh_numbers(numbers)) numbers.clear();
    return numbers;
  };
}

}  // namespace mien::movements
