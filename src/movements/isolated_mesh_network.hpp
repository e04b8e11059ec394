#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mien/models/model_process.hpp"
#include "mien/movements/mesh_network.hpp"

namespace mien::movements {

/// Whether these are as many numbers as MeshNetwork::run() gives, all of them finite.
bool are_mesh_numbers(const std::vector<float>& numbers);

/// A mesh network of others, running in a process of its own; to whoever uses it, one like any.
/// What it says is not believed: an answer that is no mesh's ends it as a crash does, and run()
/// throws ModelProcessEnded then and ever after.
class IsolatedMeshNetwork : public MeshNetwork {
 public:
  /// The worker must serve the card with serve_mesh_network(). Throws Error.
  explicit IsolatedMeshNetwork(const models::ModelCard& card, models::ModelLimits limits = {});

  const std::string& id() const override { return id_; }
  int side() const override { return side_; }
  /// Empty where the network's own numbers are not finite.
  std::vector<float> run(const cv::Mat& crop) override;

 private:
  [[noreturn]] void end(const std::string& sentence);

  std::string id_;
  int side_;
  std::unique_ptr<models::ModelProcess> process_;  ///< null once it was ended from here
  std::string failure_;
};

}  // namespace mien::movements
