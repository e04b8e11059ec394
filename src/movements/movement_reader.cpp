#include "mien/movements/movement_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "mien/base/log.hpp"
#include "mien/base/movements.hpp"
#include "mien/movements/gaze.hpp"
#include "mien/movements/geometric_movements.hpp"
#include "mien/movements/head_pose.hpp"

#include "mesh_square.hpp"

namespace mien::movements {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds kFollowFor = 200ms;   // later, a head is somewhere else
constexpr nanoseconds kMouthHolds = 500ms;  // later, a hand has come or gone
// Beyond, one eye is hardly seen, and a lid's movement is foreshortened.
constexpr float kEyesSeenYaw = 35;   // degrees
constexpr float kEyesSeenDown = 28;  // degrees of pitch
constexpr float kEyesSeenUp = 42;
// Of the mesh's side: nearer to the picture's edge, points are drawn into it.
constexpr float kEdge = 0.03F;
// Who sets neutral looks at the camera.
constexpr float kNeutralYaw = 20;    // degrees
constexpr float kNeutralPitch = 25;  // degrees

/// Which parts of a face can be read.
struct SeenParts {
  bool brows = true, eyes = true, lips = true, jaw = true;

  bool all() const { return brows && eyes && lips && jaw; }
  bool has(base::Movement::Part part) const {
    using Part = base::Movement::Part;
    switch (part) {
      case Part::brows:
        return brows;
      case Part::eyes:
        return eyes;
      case Part::lips:
        return lips;
      case Part::jaw:
        return jaw;
    }
    return false;
  }
};

/// Those whose outlines lie in the picture: where it ends, the network goes on as faces usually
/// do.
SeenParts parts_in_picture(const base::FaceMesh& mesh) {
  const float margin = kEdge * square_around(mesh).side;
  const cv::Rect2f inner(margin, margin, static_cast<float>(mesh.picture.width) - 2 * margin,
                         static_cast<float>(mesh.picture.height) - 2 * margin);
  const auto inside = [&](std::size_t first, std::size_t count) {
    const auto points = base::mesh_to_68().subspan(first, count);
    return std::all_of(points.begin(), points.end(), [&](int point) {
      const auto& at = mesh.points[static_cast<std::size_t>(point)];
      return inner.contains(cv::Point2f(at.x, at.y));
    });
  };
  const bool brows = inside(17, 10);
  // Without its brows the network guesses how far an eye is open.
  return {brows, brows && inside(36, 12), inside(48, 20), inside(7, 3)};  // the jaw's: the chin
}

/// What the others would show is invented.
void keep_seen(const SeenParts& seen, std::vector<float>& movements) {
  const auto table = base::movements();
  for (std::size_t i = 0; i < std::min(table.size(), movements.size()); ++i) {
    if (!seen.has(table[i].part)) movements[i] = std::numeric_limits<float>::quiet_NaN();
  }
}

/// The edges of the triangles, each once.
std::shared_ptr<const std::vector<std::pair<int, int>>> mesh_lines(
    const CanonicalFace& canonical) {
  auto lines = std::make_shared<std::vector<std::pair<int, int>>>();
  for (const auto& corners : canonical.triangles) {
    for (std::size_t i = 0; i < corners.size(); ++i) {
      lines->push_back(std::minmax({corners[i], corners[(i + 1) % corners.size()]}));
    }
  }
  std::sort(lines->begin(), lines->end());
  lines->erase(std::unique(lines->begin(), lines->end()), lines->end());
  return lines;
}

}  // namespace

MovementReader::MovementReader(MeshReader mesh, CanonicalFace canonical,
                               std::unique_ptr<LearnedMovements> learned,
                               std::shared_ptr<const MovementModels> models,
                               std::unique_ptr<CoveredMouth> mouth)
    : mesh_(std::move(mesh)),
      canonical_(std::move(canonical)),
      learned_(std::move(learned)),
      mouth_(std::move(mouth)),
      models_(std::move(models)),
      lines_(mesh_lines(canonical_)) {}

const base::FaceMesh* MovementReader::followed(int person, nanoseconds time) const {
  const auto found = followed_.find(person);
  if (found == followed_.end()) return nullptr;
  const nanoseconds passed = time - found->second.time;
  return passed > 0ns && passed <= kFollowFor ? &found->second.mesh : nullptr;
}

bool MovementReader::mouth_covered(const cv::Mat& bgr, const base::FaceMesh& mesh, int person,
                                   nanoseconds time) {
  if (!mouth_) return false;
  const cv::Mat square = cut_out_mouth(bgr, mesh);
  const bool now = !square.empty() && mouth_->probability(square) >= mouth_->limit();
  const auto [found, is_new] = mouths_.try_emplace(person);
  Mouth& mouth = found->second;
  const nanoseconds passed = time - mouth.time;
  mouth.time = time;
  if (is_new || passed < 0ns || passed > kMouthHolds) {
    mouth.covered.begin(now);
  } else {
    mouth.covered.update(now, std::chrono::duration<double>(passed).count());
  }
  return mouth.covered.holds();
}

const Measures& MovementReader::neutral_measures(int person) const {
  const auto found = own_.find(person);
  return found == own_.end() ? population_neutral() : found->second;
}

void MovementReader::read(const cv::Mat& bgr, base::FaceReading& reading, nanoseconds time) {
  const int person = reading.person;
  base::FaceGeometry& geometry = reading.geometry.emplace();
  MeshReading found = mesh_.read(bgr, reading.face, followed(person, time));
  geometry.doubt = found.doubt;
  geometry.mesh = std::move(found.mesh);
  std::optional<EyeOpenings> openings;
  const auto fit = geometry.doubt == base::MeshDoubt::none
                       ? fit_head(canonical_, geometry.mesh, bgr.size())
                       : std::nullopt;
  if (fit) {
    geometry.mesh.lines = lines_;
    followed_[person] = {geometry.mesh, time};
    geometry.pose = fit->pose;
    const auto from_camera = base::as_seen(fit->pose);
    SeenParts seen = parts_in_picture(geometry.mesh);
    geometry.mouth_covered = seen.lips && mouth_covered(bgr, geometry.mesh, person, time);
    if (geometry.mouth_covered) seen.lips = seen.jaw = false;
    if (seen.all() && std::abs(from_camera.yaw) < kNeutralYaw &&
        std::abs(from_camera.pitch) < kNeutralPitch &&
        neutral_.update(person, fit->face, time)) {
      own_[person] = measure_face(*neutral_.get(person));
    }
    if (neutral_.get(person) == nullptr) own_.erase(person);
    const Measures measures = measure_face(fit->face);
    geometry.movements = geometric_movements(measures, neutral_measures(person));
    if (learned_) learned_->read(fit->face, neutral_.get(person), geometry.movements);
    keep_seen(seen, geometry.movements);
    if (seen.eyes && std::abs(from_camera.yaw) < kEyesSeenYaw &&
        from_camera.pitch < kEyesSeenDown && from_camera.pitch > -kEyesSeenUp) {
      openings = EyeOpenings{value(measures, Measure::eye_opening_right),
                             value(measures, Measure::eye_opening_left)};
    }
  } else {
    followed_.erase(person);
    if (geometry.doubt == base::MeshDoubt::none) {
      geometry.doubt = base::MeshDoubt::invalid;
      geometry.mesh.points.clear();
    }
  }
  geometry.neutral = neutral_.number(person);
  geometry.eyes = blinks_.update(person, openings, time);
  if (openings && !geometry.eyes.closed && !geometry.eyes.lids_down) {
    const auto irises = find_irises(bgr, geometry.mesh, *fit);
    if (irises) geometry.towards_camera = towards_camera(*irises);
  }
}

void MovementReader::forget_absent(nanoseconds now) {
  neutral_.forget_absent(now);
  blinks_.forget_absent(now);
  std::erase_if(own_, [&](const auto& entry) { return neutral_.get(entry.first) == nullptr; });
  std::erase_if(followed_, [&](const auto& entry) {
    const nanoseconds passed = now - entry.second.time;
    return passed < 0ns || passed > kFollowFor;
  });
  std::erase_if(mouths_, [&](const auto& entry) {
    const nanoseconds passed = now - entry.second.time;
    return passed < 0ns || passed > kMouthHolds;
  });
}

void MovementReader::reset() {
  neutral_.reset();
  own_.clear();
  blinks_.reset();
  followed_.clear();
  mouths_.clear();
}

std::size_t MovementReader::remembered() const {
  return neutral_.remembered() + own_.size() + blinks_.remembered() + followed_.size() +
         mouths_.size();
}

std::unique_ptr<MovementReader> load_movement_reader(const std::string& id_or_folder,
                                                     const models::ModelLibrary& library) {
  if (id_or_folder == kNoLandmarks) return nullptr;
  const base::log::Elapsed took;
  const auto models = std::make_shared<const MovementModels>(
      MovementModels{library.find(id_or_folder.empty() ? kDefaultLandmarks : id_or_folder,
                                  models::ModelCard::Task::landmarks),
                     library.find(kMovementNetwork, models::ModelCard::Task::movements)});
  auto reader = std::make_unique<MovementReader>(
      MeshReader(load_mesh_network(models->landmarks)), read_canonical_face(models->landmarks),
      load_learned_movements(models->movements), models, load_covered_mouth(models->movements));
  base::log::info("movements", "Loaded the landmarks model ", reader->id(),
                  " and the movements model ", reader->network_id(), " in ", took, " ms");
  return reader;
}

}  // namespace mien::movements
