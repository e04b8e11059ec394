#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/models/model_card.hpp"
#include "mien/movements/movement_network.hpp"

namespace mien::movements {

/// The mean face at rest that comes with a movement network: base::kMeshPoints points in the
/// axes of the canonical face, millimetres. `options.resting_face` of the card names the file.
/// Throws Error with one sentence for a file that is not named or listed, missing, changed or
/// damaged.
std::vector<cv::Point3f> read_resting_face(const models::ModelCard& card);

/// The rows of base::movements() that a network reads from the change of a face since it was at
/// rest. Belongs to one thread.
class LearnedMovements {
 public:
  /// `network` must not be null; outputs that are no movements are left out. `resting`:
  /// base::kMeshPoints points, as read_resting_face() gives them.
  LearnedMovements(std::unique_ptr<MovementNetwork> network, std::vector<cv::Point3f> resting);

  const std::string& id() const { return network_->id(); }

  /// One run of the network. `face`: HeadFit::face. `own`: the same at rest, of this person
  /// (NeutralFaces), or null for the mean face. Writes 0..1 into the network's rows of
  /// `values`, which has one for each of base::movements(), and leaves the others; NaN where
  /// the network gives no number or the points are none. Throws Error when the network fails.
  void read(const std::vector<cv::Point3f>& face, const std::vector<cv::Point3f>* own,
            std::vector<float>& values);

 private:
  std::unique_ptr<MovementNetwork> network_;
  std::vector<cv::Point3f> resting_;
  std::vector<std::size_t> rows_;  ///< of base::movements(), for each output
  std::vector<float> change_;
};

/// Network and face at rest of a card of task movements, files verified. Throws Error.
std::unique_ptr<LearnedMovements> load_learned_movements(const models::ModelCard& card);

}  // namespace mien::movements
