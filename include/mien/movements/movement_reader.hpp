#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/blinks.hpp"
#include "mien/movements/canonical_face.hpp"
#include "mien/movements/covered_mouth.hpp"
#include "mien/movements/learned_movements.hpp"
#include "mien/movements/measures.hpp"
#include "mien/movements/mesh_reader.hpp"
#include "mien/movements/neutral_faces.hpp"
#include "mien/movements/steady_truth.hpp"

namespace mien::movements {

/// The cards of what measures a face, with the checksums of all networks.
struct MovementModels {
  models::ModelCard landmarks;
  models::ModelCard movements;
};

/// Everything that a face's shape says: mesh, pose, movements, blinks and whether it looks at
/// the camera, with what is known of its person. Belongs to one thread.
class MovementReader {
 public:
  /// Without `learned`, the movements that a network reads are NaN; without `mouth`, no mouth
  /// is covered. `models`: what these were loaded from, for whoever keeps what was measured;
  /// may be null.
  MovementReader(MeshReader mesh, CanonicalFace canonical,
                 std::unique_ptr<LearnedMovements> learned = nullptr,
                 std::shared_ptr<const MovementModels> models = nullptr,
                 std::unique_ptr<CoveredMouth> mouth = nullptr);

  const std::string& id() const { return mesh_.id(); }
  /// Of the network of movements; empty without one.
  std::string network_id() const { return learned_ ? learned_->id() : ""; }
  /// Null for networks that were not loaded from cards.
  const std::shared_ptr<const MovementModels>& models() const { return models_; }

  /// Fills in `reading.geometry`; one run of each network, and of the mesh's a few at most.
  /// While a mouth is covered, its movements are NaN, and the frame is none for a neutral face.
  /// `bgr`: 8-bit BGR, the frame of that time. Throws Error when a network fails.
  void read(const cv::Mat& bgr, base::FaceReading& reading, std::chrono::nanoseconds time);

  /// "Set neutral": from then on, movements are counted from this person's own face.
  NeutralFaces& neutral() { return neutral_; }

  /// Forgets people not seen for a minute; their numbers never come back.
  void forget_absent(std::chrono::nanoseconds now);
  /// The same people before a clock that starts anew.
  void reconnect() {
    followed_.clear();
    mouths_.clear();
  }
  void reset();
  std::size_t remembered() const;

 private:
  struct Followed {
    base::FaceMesh mesh;
    std::chrono::nanoseconds time{0};
  };
  /// Whether a mouth is covered: at once in a person's first frame, then for as many frames as
  /// a single one's error needs to be outvoted.
  struct Mouth {
    SteadyTruth covered{kMouthTime, kMouthBegins, kMouthEnds};
    std::chrono::nanoseconds time{0};
  };
  // At 30 frames a second it begins with the third covered frame and ends with the fourth bare
  // one; down to 11 a second, a single frame says nothing.
  static constexpr double kMouthTime = 0.1;  // seconds
  static constexpr float kMouthBegins = 0.6F;
  static constexpr float kMouthEnds = 0.35F;

  bool mouth_covered(const cv::Mat& bgr, const base::FaceMesh& mesh, int person,
                     std::chrono::nanoseconds time);
  const base::FaceMesh* followed(int person, std::chrono::nanoseconds time) const;
  const Measures& neutral_measures(int person) const;

  MeshReader mesh_;
  CanonicalFace canonical_;
  std::unique_ptr<LearnedMovements> learned_;                      ///< null: none
  std::unique_ptr<CoveredMouth> mouth_;                            ///< null: none
  std::shared_ptr<const MovementModels> models_;                   ///< null: not known
  std::shared_ptr<const std::vector<std::pair<int, int>>> lines_;  ///< of every mesh
  NeutralFaces neutral_;
  std::unordered_map<int, Measures> own_;  ///< of the neutral faces
  BlinkCounter blinks_;
  std::unordered_map<int, Followed> followed_;  ///< everybody's mesh in the frame before
  std::unordered_map<int, Mouth> mouths_;
};

/// The landmarks model that is used when one is asked for without a name.
inline constexpr const char* kDefaultLandmarks = "face-mesh";
/// The word of the command line for none.
inline constexpr const char* kNoLandmarks = "none";

/// The network that reads movements from the points, whichever landmarks model gave them.
inline constexpr const char* kMovementNetwork = "face-movements";

/// The reader of a landmarks model, by its id or folder, with the network of movements; null
/// for kNoLandmarks. Throws Error.
std::unique_ptr<MovementReader> load_movement_reader(const std::string& id_or_folder,
                                                     const models::ModelLibrary& library);

}  // namespace mien::movements
