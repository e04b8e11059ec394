// How near the mesh, the head's pose and the movements come to what is known of rendered faces.
// docs/movements.md has the tables that it prints. Not part of the usual build:
//   cmake --preset release -DMIEN_BENCHMARKS=ON
//   cmake --build build/release --target mien_movement_truth
//   build/release/benchmarks/mien_movement_truth poses
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/head_pose.hpp"
#include "mien/base/movements.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/canonical_face.hpp"
#include "mien/movements/covered_mouth.hpp"
#include "mien/movements/gaze.hpp"
#include "mien/movements/geometric_movements.hpp"
#include "mien/movements/head_pose.hpp"
#include "mien/movements/measures.hpp"
#include "mien/movements/mesh_reader.hpp"
#include "mien/movements/movement_reader.hpp"
#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_face.hpp"
#include "mien/synthesis/rendered_set.hpp"
#include "mien/synthesis/rng.hpp"

#include "support/painted_covers.hpp"

namespace mien::benchmarks {
namespace {

namespace fs = std::filesystem;

constexpr int kPeople = 12;

/// Mean and deviation of what is added.
class Spread {
 public:
  void add(double value) {
    sum_ += value;
    squares_ += value * value;
    ++count_;
  }
  double mean() const { return count_ > 0 ? sum_ / count_ : 0; }
  double deviation() const {
    return count_ > 0 ? std::sqrt(std::max(0.0, squares_ / count_ - mean() * mean())) : 0;
  }
  int count() const { return count_; }

 private:
  double sum_ = 0, squares_ = 0;
  int count_ = 0;
};

struct Lab {
  models::ModelLibrary library{{fs::path(MIEN_SOURCE_DIR) / "models"}};
  models::ModelCard card = library.find("face-mesh", models::ModelCard::Task::landmarks);
  std::unique_ptr<faces::FaceDetector> detector =
      faces::make_detector(faces::kDefaultDetector, library);
  // Without limits: how sure it is, is what is measured.
  movements::MeshReader reader{movements::load_mesh_network(card), {24, 0, 2, 100}};
  movements::CanonicalFace canonical = movements::read_canonical_face(card);
  int first = 50;  ///< seed of the first person
  synthesis::FaceRenderer renderer{
      synthesis::read_head(fs::path(MIEN_SOURCE_DIR) / "assets/head/head.bin")};

  /// The mesh of the picture's only face, read `again` more times from its own mesh.
  std::optional<base::FaceMesh> mesh(const cv::Mat& picture, int again = 0) {
    const auto found = detector->detect(picture);
    if (found.empty()) return std::nullopt;
    return mesh(picture, found.front(), again);
  }
  std::optional<base::FaceMesh> mesh(const cv::Mat& picture, const base::Face& face,
                                     int again) {
    auto reading = reader.read(picture, face);
    for (int i = 0; i < again && !reading.mesh.points.empty(); ++i) {
      reading = reader.read(picture, face, &reading.mesh);
    }
    if (reading.mesh.points.empty()) return std::nullopt;
    return reading.mesh;
  }
  std::optional<movements::HeadFit> fit(const cv::Mat& picture, int again = 0) {
    const auto found = mesh(picture, again);
    return found ? movements::fit_head(canonical, *found, picture.size()) : std::nullopt;
  }
};

/// Somebody at rest before a webcam at 60 cm that looks at their eyes, with the focal length
/// that is assumed.
synthesis::RenderParameters at_rest(const Lab& lab, int person) {
  synthesis::RenderParameters p;
  p.look = synthesis::random_look(lab.renderer.head(),
                                  static_cast<std::uint64_t>(lab.first + person));
  p.look.hat = synthesis::Hat::none;
  p.look.glasses = synthesis::Glasses::none;
  p.expression.label[0] = 1;
  p.expression.weights.assign(synthesis::movements().size(), 0.F);
  p.size = 480;
  p.camera.distance = 6;
  p.camera.focal =
      movements::assumed_focal_length({p.size, p.size}) / static_cast<float>(p.size);
  p.lights.lamps.push_back({{0, 0.6F, 0.8F}, {0.7F, 0.7F, 0.7F}, 0.5F});
  return p;
}

/// Heads that are turned about one axis, or moved aside or down without being turned: degrees,
/// those of the renderer.
struct Turn {
  const char* name;
  int most, step;
  void (*turn)(synthesis::FaceCamera& camera, float angle);
};
float aside(const synthesis::FaceCamera& camera, float angle) {
  return camera.focal * std::tan(angle * static_cast<float>(CV_PI) / 180);
}
constexpr Turn kTurns[] = {
    {"yaw", 75, 15, [](auto& camera, float angle) { camera.yaw = angle; }},
    {"pitch", 30, 10, [](auto& camera, float angle) { camera.pitch = angle; }},
    {"roll", 45, 15, [](auto& camera, float angle) { camera.roll = angle; }},
    {"aside", 20, 10, [](auto& camera, float angle) { camera.shift_x = aside(camera, angle); }},
    {"below", 10, 10, [](auto& camera, float angle) { camera.shift_y = aside(camera, angle); }},
};

/// The pose of heads that are turned one way: by the canonical face, and from what each
/// person's own straight head gives.
void poses(Lab& lab, int people) {
  std::printf(
      "| turn | degrees | faces | presence | pitch | yaw | roll | distance, mm | own pitch | "
      "own yaw | own roll |\n");
  std::vector<std::optional<cv::Matx33d>> straight;
  for (int person = 0; person < people; ++person) {
    const auto fit = lab.fit(lab.renderer.render(at_rest(lab, person)).picture);
    straight.push_back(fit ? std::optional(base::rotation_of(fit->pose)) : std::nullopt);
  }
  for (const auto& [name, most, step, turn] : kTurns) {
    for (int angle = -most; angle <= most; angle += step) {
      Spread presence, pitch, yaw, roll, distance;
      std::array<Spread, 3> own;
      for (int person = 0; person < people; ++person) {
        auto p = at_rest(lab, person);
        turn(p.camera, static_cast<float>(angle));
        const cv::Mat picture = lab.renderer.render(p).picture;
        const auto mesh = lab.mesh(picture);
        if (!mesh) continue;
        const auto fit = movements::fit_head(lab.canonical, *mesh, picture.size());
        if (!fit) continue;
        presence.add(mesh->presence);
        pitch.add(fit->pose.pitch);
        yaw.add(fit->pose.yaw);
        roll.add(fit->pose.roll);
        distance.add(fit->pose.translation.z);
        if (const auto& zero = straight[static_cast<std::size_t>(person)]) {
          const auto turned = base::pose_of(base::rotation_of(fit->pose) * zero->t());
          own[0].add(turned.pitch);
          own[1].add(turned.yaw);
          own[2].add(turned.roll);
        }
      }
      std::printf("| %s | %d | %d | %.2f | %.1f ± %.1f | %.1f ± %.1f | %.1f ± %.1f | %.0f |",
                  name, angle, yaw.count(), presence.mean(), pitch.mean(), pitch.deviation(),
                  yaw.mean(), yaw.deviation(), roll.mean(), roll.deviation(), distance.mean());
      for (const auto& spread : own) {
        std::printf(" %.1f ± %.1f |", spread.mean(), spread.deviation());
      }
      std::printf("\n");
    }
  }
}

/// The renderer's turn about the skull's middle: x to the picture's right, y up, z towards the
/// camera.
cv::Matx33d turn_of(const synthesis::FaceCamera& camera) {
  constexpr double kDegree = CV_PI / 180;
  const double cy = std::cos(camera.yaw * kDegree), sy = std::sin(camera.yaw * kDegree);
  const double cp = std::cos(camera.pitch * kDegree), sp = std::sin(camera.pitch * kDegree);
  const double cr = std::cos(camera.roll * kDegree), sr = std::sin(camera.roll * kDegree);
  const cv::Matx33d yaw(cy, 0, sy, 0, 1, 0, -sy, 0, cy);
  const cv::Matx33d pitch(1, 0, 0, 0, cp, sp, 0, -sp, cp);
  const cv::Matx33d roll(cr, sr, 0, -sr, cr, 0, 0, 0, 1);
  return roll * pitch * yaw;
}

/// The errors of heads that are turned about all axes at once, by how far they are turned: as
/// webcams see them, near and far and anywhere in the picture, and as `mien synthesize` cuts
/// them out.
void turned(Lab& lab, int people) {
  constexpr int kEach = 15;
  for (const bool webcam : {true, false}) {
    std::vector<std::array<double, 6>> heads;  // pitch, yaw, roll, and their errors
    for (int person = 0; person < people; ++person) {
      synthesis::Rng rng(static_cast<std::uint64_t>(lab.first + person));
      for (int i = 0; i < kEach; ++i) {
        auto p = at_rest(lab, person);
        const auto even = [&](float most) {
          return static_cast<float>(rng.uniform(-most, most));
        };
        const float yaw = even(synthesis::kTurnedYaw), pitch = even(synthesis::kTurnedPitch),
                    roll = even(synthesis::kTurnedRoll);
        if (webcam) {
          p.camera.distance = static_cast<float>(rng.uniform(4.5, 10));
          p.camera.shift_x = static_cast<float>(rng.uniform(-0.25, 0.25));
          p.camera.shift_y = static_cast<float>(rng.uniform(-0.25, 0.25));
        } else {
          p.size = 256;
          p.camera = synthesis::random_scene(p.look, p.expression, p.size, rng.next()).camera;
        }
        p.camera.yaw = yaw;
        p.camera.pitch = pitch;
        p.camera.roll = roll;
        const auto fit = lab.fit(lab.renderer.render(p).picture);
        if (!fit) continue;
        const cv::Matx33d axes(1, 0, 0, 0, -1, 0, 0, 0, -1);
        const auto truth = base::pose_of(axes * turn_of(p.camera) * axes);
        heads.push_back({truth.pitch, truth.yaw, truth.roll, fit->pose.pitch - truth.pitch,
                         fit->pose.yaw - truth.yaw, fit->pose.roll - truth.roll});
      }
    }
    std::printf("%s: %d of %d heads\n| | heads | pitch | yaw | roll |\n",
                webcam ? "webcams" : "cut out", static_cast<int>(heads.size()), people * kEach);
    const auto row = [&](const std::string& name, const auto& belongs) {
      std::array<Spread, 3> errors;
      std::array<std::vector<double>, 3> sizes;
      for (const auto& head : heads) {
        if (!belongs(head)) continue;
        for (std::size_t i = 0; i < 3; ++i) {
          errors[i].add(head[3 + i]);
          sizes[i].push_back(std::abs(head[3 + i]));
        }
      }
      if (errors[0].count() == 0) return;
      std::printf("| %s | %d |", name.c_str(), errors[0].count());
      for (std::size_t i = 0; i < 3; ++i) {
        auto& all = sizes[i];
        std::nth_element(all.begin(), all.begin() + static_cast<long>(all.size() / 2),
                         all.end());
        std::printf(" %.1f, %.1f |", errors[i].mean(), all[all.size() / 2]);
      }
      std::printf("\n");
    };
    row("all", [](const auto&) { return true; });
    const auto between = [](int from, int to) {
      return std::to_string(from) + " to " + std::to_string(to);
    };
    for (int from = -60; from < 60; from += 15) {
      row("yaw " + between(from, from + 15), [&](const auto& head) {
        return head[1] >= from && head[1] < from + 15 && std::abs(head[0]) < 20;
      });
    }
    for (int from = -40; from < 40; from += 10) {
      row("pitch " + between(from, from + 10), [&](const auto& head) {
        return head[0] >= from && head[0] < from + 10 && std::abs(head[1]) < 20;
      });
    }
  }
}

/// The measures of the faces of a folder's photographs, or of rendered faces at rest.
void neutral(Lab& lab, const std::string& folder) {
  std::array<Spread, movements::kMeasures> spreads;
  std::vector<Spread> pose(2);
  const auto add = [&](const cv::Mat& picture, const std::optional<base::FaceMesh>& mesh) {
    if (!mesh || mesh->presence < 0.9F) return;
    const auto fit = movements::fit_head(lab.canonical, *mesh, picture.size());
    if (!fit || std::abs(fit->pose.yaw) > 20 || std::abs(fit->pose.pitch) > 25) return;
    pose[0].add(fit->pose.pitch);
    pose[1].add(fit->pose.yaw);
    const auto measures = movements::measure_face(fit->face);
    for (std::size_t i = 0; i < measures.size(); ++i) spreads[i].add(measures[i]);
  };
  if (folder.empty()) {
    for (int person = 0; person < 10 * kPeople; ++person) {
      const cv::Mat picture = lab.renderer.render(at_rest(lab, person)).picture;
      add(picture, lab.mesh(picture));
    }
  } else {
    std::vector<cv::String> files;
    cv::glob(folder, files, true);
    for (const auto& file : files) {
      cv::Mat picture = cv::imread(file);
      if (picture.empty()) continue;
      if (picture.cols > 64) {
        add(picture, lab.mesh(picture));
      } else {  // a face that fills the picture, which no detector expects
        cv::resize(picture, picture, {}, 3, 3, cv::INTER_CUBIC);
        const auto side = static_cast<float>(picture.cols);
        add(picture,
            lab.mesh(picture, {{0.1F * side, 0.1F * side, 0.8F * side, 0.8F * side}, 1, {}},
                     2));
      }
    }
  }
  std::printf("%d faces; pitch %.1f +- %.1f, yaw %.1f +- %.1f\n", spreads[0].count(),
              pose[0].mean(), pose[0].deviation(), pose[1].mean(), pose[1].deviation());
  for (int i = 0; i < movements::kMeasures; ++i) {
    const auto& spread = spreads[static_cast<std::size_t>(i)];
    std::printf("%-20s %8.3f +- %.3f\n", to_string(static_cast<movements::Measure>(i)),
                spread.mean(), spread.deviation());
  }
}

/// How far each measure goes with each action at its full weight.
void responses(Lab& lab) {
  std::vector<std::array<Spread, movements::kMeasures>> rows(synthesis::kActions);
  for (int person = 0; person < kPeople; ++person) {
    auto p = at_rest(lab, person);
    const auto rest = lab.fit(lab.renderer.render(p).picture);
    if (!rest) continue;
    const auto before = movements::measure_face(rest->face);
    for (int a = 0; a < synthesis::kActions; ++a) {
      const auto action = static_cast<synthesis::FaceAction>(a);
      p.expression.weights.assign(synthesis::movements().size(), 0.F);
      for (const auto side : {synthesis::FaceSide::left, synthesis::FaceSide::right}) {
        p.expression
            .weights[static_cast<std::size_t>(synthesis::movement_index(action, side))] = 1;
      }
      synthesis::limit_weights(p.expression.weights);
      const auto fit = lab.fit(lab.renderer.render(p).picture);
      if (!fit) continue;
      const auto after = movements::measure_face(fit->face);
      for (std::size_t i = 0; i < after.size(); ++i) {
        rows[static_cast<std::size_t>(a)][i].add(after[i] - before[i]);
      }
    }
  }
  std::printf("%-20s", "");
  for (int i = 0; i < movements::kMeasures; ++i)
    std::printf(" %9.9s", to_string(static_cast<movements::Measure>(i)));
  std::printf("\n");
  for (int a = 0; a < synthesis::kActions; ++a) {
    const int index = synthesis::movement_index(static_cast<synthesis::FaceAction>(a));
    std::printf("%-20s", synthesis::movements()[static_cast<std::size_t>(index)].name.c_str());
    for (const auto& spread : rows[static_cast<std::size_t>(a)]) {
      std::printf(" %9.2f", spread.mean());
    }
    std::printf("\n");
  }
}

double correlation(const std::vector<std::pair<float, float>>& pairs) {
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  const auto n = static_cast<double>(pairs.size());
  for (const auto& [a, b] : pairs) {
    x += a / n;
    y += b / n;
    xx += a * a / n;
    yy += b * b / n;
    xy += a * b / n;
  }
  return (xy - x * y) / std::sqrt(std::max(1e-12, (xx - x * x) * (yy - y * y)));
}

/// A movement of the table as the renderer's own head has it, in millimetres of a head whose
/// eyes are as far apart as the canonical face's; the eyes' by the weights of what moves lids.
class Truth {
 public:
  Truth(const Lab& lab, const synthesis::FaceLook& look,
        const synthesis::Expression& expression)
      : head_(lab.renderer.head()),
        points_(lab.renderer.shape(look, expression)),
        weights_(expression.weights) {
    const auto across = at("left-eye-outer") - at("right-eye-outer");
    scale_ = 88.9 / cv::norm(across);
  }
  double operator()(const std::string& id) const {
    const bool left = id.ends_with("_left");
    const std::string side = left ? "left-" : "right-";
    if (id.starts_with("eye_opening")) {
      using synthesis::FaceAction;
      const auto weight = [&](FaceAction action) {
        return weights_[static_cast<std::size_t>(synthesis::movement_index(
            action, left ? synthesis::FaceSide::left : synthesis::FaceSide::right))];
      };
      return 0.3 * weight(FaceAction::upper_lid_raise) - weight(FaceAction::eye_close) -
             0.3 * weight(FaceAction::lid_tighten) - 0.3 * weight(FaceAction::cheek_raise);
    }
    if (id.starts_with("corner_height")) {
      return above(side + "mouth-corner", "nose-tip") + 0.22 * opening();
    }
    if (id == "mouth_opening") return opening();
    if (id == "mouth_width") {
      return scale_ * cv::norm(at("left-mouth-corner") - at("right-mouth-corner"));
    }
    return 0;
  }

 private:
  cv::Point3f at(const std::string& name) const { return points_[head_.landmark(name)]; }
  double above(const std::string& upper, const std::string& lower) const {
    return scale_ * static_cast<double>(at(upper).y - at(lower).y);
  }
  double opening() const { return above("upper-lip", "lower-lip"); }

  const synthesis::HeadData& head_;
  std::vector<cv::Point3f> points_;
  std::vector<float> weights_;
  double scale_ = 1;
};

/// How the movements agree with the rendered head's own, from each person's neutral, both over
/// the strongest of their kind: as a webcam sees them (`plain`), and in the scenes that
/// networks are trained on.
void agreement(Lab& lab, int people, bool plain) {
  const synthesis::RenderedSetPlan plan{{0, 1, 2, 3, 4, 5, 6, 7}, 11, plain ? 480 : 256};
  const int each = samples_per_person(plan);
  std::vector<base::Movement> table;  // what geometry finds
  std::copy_if(base::movements().begin(), base::movements().end(), std::back_inserter(table),
               [](const auto& row) { return row.found == base::Movement::Found::geometry; });
  std::vector<std::vector<std::pair<float, float>>> pairs(table.size());
  int faces = 0;
  for (int person = 0; person < people; ++person) {
    std::optional<movements::Measures> own;
    std::optional<Truth> own_truth;
    for (int i = 0; i < each; ++i) {
      auto sample = rendered_sample(lab.renderer.head(), plan,
                                    static_cast<std::uint64_t>(person * each + i));
      auto& p = sample.parameters;
      if (plain) {
        auto simple = at_rest(lab, person);
        simple.expression = p.expression;
        simple.camera.yaw = p.expression.yaw;
        simple.camera.pitch = p.expression.pitch;
        p = simple;
      }
      if (i == 0) {  // at rest
        std::fill(p.expression.weights.begin(), p.expression.weights.end(), 0.F);
        p.camera.yaw = p.camera.pitch = 0;
      }
      if (std::abs(p.camera.yaw) > 30) continue;
      const auto fit = lab.fit(lab.renderer.render(p).picture);
      if (!fit) continue;
      const auto measures = movements::measure_face(fit->face);
      const Truth truth(lab, p.look, p.expression);
      if (i == 0) {
        own = measures;
        own_truth.emplace(truth);
      }
      if (!own) break;
      ++faces;
      const auto values = movements::geometric_movements(measures, *own);
      for (std::size_t m = 0; m < table.size(); ++m) {
        pairs[m].emplace_back(values[*base::movement_index(table[m].id)],
                              truth(table[m].id) - (*own_truth)(table[m].id));
      }
    }
  }
  std::printf("%d faces, %s\n| movement | correlation | deviation of the truth |\n", faces,
              plain ? "as a webcam sees them" : "in scenes of all kinds");
  for (std::size_t m = 0; m < table.size(); ++m) {
    Spread spread;
    for (const auto& [value, truth] : pairs[m]) spread.add(truth);
    std::printf("| %s | %.2f | %.2f |\n", table[m].id, correlation(pairs[m]),
                spread.deviation());
  }
}

/// Somebody as a webcam sees them, who looks by `angle` degrees past the lens, in a direction
/// by chance.
std::optional<synthesis::RenderParameters> looking(const Lab& lab, int person, int face,
                                                   double least, double most,
                                                   synthesis::Rng& rng) {
  using synthesis::FaceAction;
  synthesis::Expression expression;
  expression.label[0] = 1;
  expression.weights.assign(synthesis::movements().size(), 0.F);
  const auto weight = [&](FaceAction action, synthesis::FaceSide side) -> float& {
    return expression
        .weights[static_cast<std::size_t>(synthesis::movement_index(action, side))];
  };
  const int size = face > 200 ? 640 : 480;
  synthesis::FaceCamera camera;
  camera.yaw = static_cast<float>(rng.uniform(-30, 30));
  camera.pitch = static_cast<float>(rng.uniform(-15, 15));
  camera.roll = static_cast<float>(rng.uniform(-10, 10));
  camera.face_height = static_cast<float>(face) / static_cast<float>(size);
  camera.distance = 6 * 0.294F / camera.face_height;
  const cv::Matx33d turn = turn_of(camera);
  const cv::Vec3d pivot(0, -0.5, -0.9);
  cv::Vec3d sight = cv::Vec3d(0, 0, camera.distance) - (turn * -pivot + pivot);
  sight /= cv::norm(sight);
  // Eyes do not turn as far as chance would have it: only where they can look.
  for (int tries = 0; tries < 200; ++tries) {
    const double angle = rng.uniform(least, most), around = rng.uniform(0, 2 * CV_PI);
    const double x = std::atan2(sight[0], sight[2]) + angle * std::cos(around) * CV_PI / 180;
    const double y = std::asin(sight[1]) + angle * std::sin(around) * CV_PI / 180;
    const cv::Vec3d gaze(std::sin(x) * std::cos(y), std::sin(y), std::cos(x) * std::cos(y));
    const cv::Vec3d eyes(gaze.dot(turn.col(0)), gaze.dot(turn.col(1)), gaze.dot(turn.col(2)));
    expression.gaze_x = static_cast<float>(std::atan2(eyes[0], eyes[2]) * 180 / CV_PI / 30);
    expression.gaze_y = static_cast<float>(std::asin(eyes[1]) * 180 / CV_PI / 25);
    if (std::abs(expression.gaze_x) > 1 || std::abs(expression.gaze_y) > 1) continue;
    const auto smile = static_cast<float>(rng.chance(0.3) ? rng.uniform(0.2, 0.9) : 0);
    for (const auto side : {synthesis::FaceSide::left, synthesis::FaceSide::right}) {
      weight(FaceAction::lip_corner_pull, side) = smile;
      weight(FaceAction::cheek_raise, side) = 0.7F * smile;
      // The lids go along, as in the renderer's own expressions.
      weight(FaceAction::eye_close, side) = std::clamp(-0.5F * expression.gaze_y, 0.F, 0.55F);
      weight(FaceAction::upper_lid_raise, side) = std::max(0.F, 0.3F * expression.gaze_y);
    }
    synthesis::limit_weights(expression.weights);
    auto look =
        synthesis::random_look(lab.renderer.head(), static_cast<std::uint64_t>(person + 5000));
    look.sex = person % 2 == 1 ? std::max(look.sex, 0.85F) : std::min(look.sex, 0.15F);
    if (look.age < 12) look.age += 14;
    auto p = synthesis::random_scene(look, expression, size, rng.below(1'000'000'000));
    p.look.glasses = !rng.chance(0.25) ? synthesis::Glasses::none
                     : rng.chance(0.5) ? synthesis::Glasses::thin
                                       : synthesis::Glasses::thick;
    p.expression = expression;
    p.camera = camera;
    const auto effects = p.effects;
    p.effects = {};
    p.effects.exposure = std::clamp(effects.exposure, 0.6F, 1.6F);
    p.effects.contrast = effects.contrast;
    p.effects.warmth = effects.warmth;
    p.effects.noise = static_cast<float>(rng.uniform(0, 6));
    p.effects.defocus = static_cast<float>(rng.uniform(0, 0.1));
    p.effects.jpeg = static_cast<int>(rng.uniform(75, 96));
    return p;
  }
  return std::nullopt;
}

/// How often it is right whether somebody looks at the camera, by the face's size and by what
/// they wear and are.
void gazes(Lab& lab, int first, int people, int each) {
  struct Count {
    int faces = 0, right = 0, unknown = 0;
  };
  std::map<std::string, std::array<Count, 2>> rows;  // towards, away
  constexpr std::array kSizes = {60, 90, 140, 200, 300};
  for (int person = first; person < first + people; ++person) {
    for (int i = 0; i < each; ++i) {
      const bool towards = i % 2 == 0;
      synthesis::Rng rng(static_cast<std::uint64_t>(person * 1000 + i));
      const int face = kSizes[rng.below(kSizes.size())];
      const auto p = looking(lab, person, face, towards ? 0 : 15, towards ? 5 : 35, rng);
      if (!p) continue;
      const cv::Mat picture = lab.renderer.render(*p).picture;
      const auto mesh = lab.mesh(picture);
      const auto fit =
          mesh ? movements::fit_head(lab.canonical, *mesh, picture.size()) : std::nullopt;
      if (!fit) continue;
      const auto irises = movements::find_irises(picture, *mesh, *fit);
      const auto said = irises ? movements::towards_camera(*irises) : std::nullopt;
      const float yaw = std::abs(p->camera.yaw);
      for (const auto& row :
           {std::string("all"), "face of " + std::to_string(face) + " pixels",
            std::string(p->look.glasses == synthesis::Glasses::none ? "no glasses" : "glasses"),
            std::string(p->look.sex > 0.5F ? "men" : "women"),
            std::string(p->look.group[0] > 0.5F ? "dark skins" : "other skins"),
            std::string(yaw < 10   ? "yaw under 10"
                        : yaw < 20 ? "yaw of 10 to 20"
                                   : "yaw of 20 to 30")}) {
        auto& count = rows[row][towards ? 0 : 1];
        ++count.faces;
        if (!said) {
          ++count.unknown;
        } else {
          count.right += *said == towards;
        }
      }
    }
  }
  std::printf(
      "| | looks at the camera | right | not known | looks away | right | not known |\n");
  for (const auto& [name, counts] : rows) {
    std::printf("| %s |", name.c_str());
    for (const auto& count : counts) {
      std::printf(" %d | %.0f %% | %.0f %% |", count.faces,
                  100.0 * count.right / std::max(1, count.faces - count.unknown),
                  100.0 * count.unknown / std::max(1, count.faces));
    }
    std::printf("\n");
  }
}

/// Mouths called covered, of untouched faces and of painted ones.
class Covers {
 public:
  explicit Covers(Lab& lab)
      : lab_(lab),
        mouth_(movements::load_covered_mouth(lab.library.find(
            movements::kMovementNetwork, models::ModelCard::Task::movements))) {}

  /// The surest face of a picture, bare and painted; `also`: further rows for it as it is.
  void add(const cv::Mat& picture, std::uint64_t seed, const std::vector<std::string>& also) {
    const auto found = detector_->detect(picture);
    if (found.empty()) return;
    const auto bare = reader_.read(picture, found.front());
    count("untouched", bare, picture);
    for (const auto& row : also) count(row, bare, picture);
    if (bare.doubt != base::MeshDoubt::none) return;
    for (int i = 0; i < static_cast<int>(testing::Painted::kCount); ++i) {
      const auto what = static_cast<testing::Painted>(i);
      const cv::Mat painted = testing::painted(picture, bare.mesh, what, seed);
      // A face that is no longer found was found in the frame before.
      const auto again = detector_->detect(painted);
      const auto same = std::find_if(again.begin(), again.end(), [&](const auto& face) {
        return (face.box & found.front().box).area() > 0.4F * found.front().box.area();
      });
      count(testing::name_of(what),
            reader_.read(painted, same != again.end() ? *same : found.front()), painted);
    }
  }

  void print() const {
    std::printf("| | faces | without a mesh | called covered, of the others |\n");
    const auto line = [&](const std::string& name) {
      const auto row = rows_.find(name);
      if (row == rows_.end()) return;
      const auto& c = row->second;
      std::printf("| %s | %d | %d | %.1f %% |\n", name.c_str(), c.faces, c.faces - c.meshes,
                  100.0 * c.covered / std::max(1, c.meshes));
    };
    for (int i = 0; i < static_cast<int>(testing::Painted::kCount); ++i) {
      line(testing::name_of(static_cast<testing::Painted>(i)));
    }
    for (const auto& row : rows_) {
      if (row.first.starts_with("untouched")) line(row.first);
    }
  }

 private:
  struct Count {
    int faces = 0, meshes = 0, covered = 0;
  };
  void count(const std::string& row, const movements::MeshReading& reading,
             const cv::Mat& picture) {
    auto& c = rows_[row];
    ++c.faces;
    if (reading.doubt != base::MeshDoubt::none) return;
    ++c.meshes;
    const cv::Mat square = movements::cut_out_mouth(picture, reading.mesh);
    c.covered += !square.empty() && mouth_->probability(square) >= mouth_->limit();
  }

  Lab& lab_;
  std::unique_ptr<faces::FaceDetector> detector_ =
      faces::make_detector("blazeface-far", lab_.library);
  std::unique_ptr<movements::CoveredMouth> mouth_;
  movements::MeshReader reader_{movements::load_mesh_network(lab_.card)};
  std::map<std::string, Count> rows_;
};

/// Of rendered faces in scenes of all kinds.
void rendered_covers(Lab& lab, int people, bool movements) {
  synthesis::RenderedSetPlan plan{{0, 1, 2, 3, 4, 5, 6, 7}, 4711, 256};
  if (movements) {
    plan.labels.clear();
    plan.movements = true;
  }
  const auto each = samples_per_person(plan);
  Covers covers(lab);
  const auto jaw =
      static_cast<std::size_t>(synthesis::movement_index(synthesis::FaceAction::jaw_drop));
  for (int i = 0; i < people * each; ++i) {
    const auto sample =
        rendered_sample(lab.renderer.head(), plan, static_cast<std::uint64_t>(i));
    const auto& p = sample.parameters;
    std::vector<std::string> also;
    if (p.look.glasses == synthesis::Glasses::sunglasses) {
      also.emplace_back("untouched, rendered sunglasses");
    }
    if (p.look.beard > synthesis::Beard::stubble)
      also.emplace_back("untouched, rendered beard");
    if (p.expression.weights[jaw] > 0.4F) also.emplace_back("untouched, rendered open jaw");
    if (std::abs(p.camera.yaw) > 20) also.emplace_back("untouched, yaw beyond 20");
    covers.add(lab.renderer.render(p).picture, static_cast<std::uint64_t>(i), also);
  }
  covers.print();
}

/// The pictures of a folder, at most 400 pixels large. One of at most 64 is a face that fills
/// it: it gets surroundings, as no detector expects that.
std::vector<std::pair<std::string, cv::Mat>> pictures_of(const std::string& folder) {
  std::vector<cv::String> files;
  cv::glob(folder, files, true);
  std::vector<std::pair<std::string, cv::Mat>> pictures;
  for (const auto& file : files) {
    cv::Mat picture = cv::imread(file);
    if (picture.empty()) continue;
    const double larger = 400.0 / std::max(picture.cols, picture.rows);
    if (larger < 1) cv::resize(picture, picture, {}, larger, larger, cv::INTER_AREA);
    if (picture.cols <= 64) {
      cv::resize(picture, picture, {}, 3, 3, cv::INTER_CUBIC);
      const int edge = picture.cols / 2;
      cv::copyMakeBorder(picture, picture, edge, edge, edge, edge, cv::BORDER_REPLICATE);
    }
    pictures.emplace_back(file, picture);
  }
  return pictures;
}

void covers_of_folder(Lab& lab, const std::string& folder) {
  Covers covers(lab);
  std::uint64_t seed = 0;
  for (const auto& [file, picture] : pictures_of(folder)) covers.add(picture, ++seed, {});
  covers.print();
}

/// The squares around the mouths of a folder's pictures, with the meshes that placed them: what
/// `training/mouth.py check` makes again.
void squares(Lab& lab, const std::string& folder, const std::string& out) {
  std::ofstream file(out);
  file.precision(9);
  int count = 0;
  std::vector<cv::String> names;
  cv::glob(folder, names, true);
  for (const auto& name : names) {
    const cv::Mat picture = cv::imread(name);
    const auto mesh = picture.empty() ? std::nullopt : lab.mesh(picture);
    if (!mesh || mesh->presence < 0.5F) continue;
    const cv::Mat square = movements::cut_out_mouth(picture, *mesh);
    if (square.empty()) continue;
    file << name;
    for (const auto& point : mesh->points) file << ',' << point.x << ',' << point.y;
    for (int i = 0; i < static_cast<int>(square.total()); ++i) {
      file << ',' << static_cast<int>(square.at<unsigned char>(i));
    }
    file << '\n';
    ++count;
  }
  if (!file.flush()) throw base::Error("The file " + out + " cannot be written.");
  std::printf("%d squares\n", count);
}

}  // namespace
}  // namespace mien::benchmarks

int main(int argc, char** argv) {
  using namespace mien::benchmarks;
  const std::string what = argc > 1 ? argv[1] : "";
  Lab lab;
  const auto number = [&](int argument, int otherwise) {
    return argc > argument ? std::atoi(argv[argument]) : otherwise;
  };
  if (what == "poses") {
    lab.first = number(2, lab.first);
    poses(lab, number(3, kPeople));
  } else if (what == "turned") {
    lab.first = number(2, lab.first);
    turned(lab, number(3, 60));
  } else if (what == "neutral") {
    neutral(lab, argc > 2 ? argv[2] : "");
  } else if (what == "responses") {
    responses(lab);
  } else if (what == "movements") {
    agreement(lab, 40, true);
    agreement(lab, 40, false);
  } else if (what == "gazes") {
    gazes(lab, 200, 48, 20);
  } else if (what == "covers" && argc > 2) {
    covers_of_folder(lab, argv[2]);
  } else if (what == "covers") {
    rendered_covers(lab, 15, false);
    rendered_covers(lab, 10, true);
  } else if (what == "squares" && argc > 3) {
    squares(lab, argv[2], argv[3]);
  } else {
    std::puts(
        "mien_movement_truth poses [SEED [PEOPLE]] | turned [SEED [PEOPLE]] | neutral [FOLDER] "
        "| responses | movements | gazes | "
        "covers [FOLDER] | squares FOLDER OUT");
    return 2;
  }
}
