#pragma once

#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/models/model_card.hpp"
#include "mien/models/model_worker.hpp"

namespace mien::movements {

/// The network behind a MeshReader, as numbers for a crop. Belongs to one thread.
class MeshNetwork {
 public:
  virtual ~MeshNetwork() = default;

  virtual const std::string& id() const = 0;
  virtual int side() const = 0;  ///< of the square crop that it takes, pixels

  /// For an 8-bit BGR crop of side() x side(): x, y and z of each of base::kMeshPoints points
  /// in pixels of the crop, then the presence as a logit. Unchecked: the numbers may be
  /// anything. Throws Error; ModelProcessEnded when it ran in a process of its own that is
  /// gone.
  virtual std::vector<float> run(const cv::Mat& crop) = 0;
};

/// Which architecture of a card a mesh network has: its points are those of MediaPipe's mesh.
inline constexpr const char* kMeshArchitecture = "facemesh";

/// Loads the network of a card of task landmarks, weights verified. One that the program does
/// not bring (is_shipped()) runs in a process of its own (mien/models/model_process.hpp).
/// Throws Error with one sentence when the card or the network is no face mesh.
std::unique_ptr<MeshNetwork> load_mesh_network(const models::ModelCard& card);

/// For model workers: the network of a card as MeshNetwork::run() for a crop; no number at all
/// where they are not finite.
models::ServedModel serve_mesh_network(const models::ModelCard& card);

}  // namespace mien::movements
