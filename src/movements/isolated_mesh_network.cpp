#include "isolated_mesh_network.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/base/log.hpp"

namespace mien::movements {

bool are_mesh_numbers(const std::vector<float>& numbers) {
  return numbers.size() == std::size_t{3} * base::kMeshPoints + 1 &&
         std::all_of(numbers.begin(), numbers.end(),
                     [](float number) { return std::isfinite(number); });
}

IsolatedMeshNetwork::IsolatedMeshNetwork(const models::ModelCard& card,
                                         models::ModelLimits limits)
    : id_(card.id),
      side_(card.input.width),
      process_(std::make_unique<models::ModelProcess>(card, limits)) {}

std::vector<float> IsolatedMeshNetwork::run(const cv::Mat& crop) {
  using models::ModelCard;
  if (!process_) throw models::ModelProcessEnded(ModelCard::Task::landmarks, failure_);
  std::vector<float> numbers;
  try {
    numbers = process_->run(crop);
  } catch (const models::ModelProcessEnded&) {
    throw;
  } catch (const base::Error& error) {
    // A network of a fixed size that fails at one crop fails at the next one, too.
    end(error.what());
  }
  if (!numbers.empty() && !are_mesh_numbers(numbers)) {
    end("The landmarks model " + id_ +
        " returned values that are no mesh; choose another landmarks model.");
  }
  return numbers;
}

void IsolatedMeshNetwork::end(const std::string& sentence) {
  failure_ = sentence;
  process_.reset();
  base::log::error("movements", failure_);
  throw models::ModelProcessEnded(models::ModelCard::Task::landmarks, failure_);
}

}  // namespace mien::movements
