#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mien/base/face_mesh.hpp"
#include "mien/models/model_card.hpp"

namespace mien::movements {

/// How many numbers a movement network takes: x, y and z of each point.
inline constexpr int kMovementInputs = 3 * base::kMeshPoints;

/// The network behind LearnedMovements, as numbers for a mesh. Belongs to one thread.
class MovementNetwork {
 public:
  virtual ~MovementNetwork() = default;

  virtual const std::string& id() const = 0;
  /// Ids of base::movements(), one for each number of run() and in their order.
  virtual const std::vector<std::string>& outputs() const = 0;

  /// For kMovementInputs numbers, the change of HeadFit::face from the face at rest in
  /// millimetres, x, y and z point after point: how strong each movement is, 0 at rest, 1 at
  /// the strongest. Unchecked: the numbers may be anything. Throws Error.
  virtual std::vector<float> run(const std::vector<float>& change) = 0;
};

/// Loads the network of a card of task movements, files verified. Throws Error with one
/// sentence when the card or the network is none of these, or did not come with the program.
std::unique_ptr<MovementNetwork> load_movement_network(const models::ModelCard& card);

}  // namespace mien::movements
