// What the mesh is worth beside being shown: following faces, and placing the crop of the
// expression network. docs/movements.md has what it prints. Not part of the usual build:
//   cmake --preset release -DMIEN_BENCHMARKS=ON
//   cmake --build build/release --target mien_mesh_uses
//   build/release/benchmarks/mien_mesh_uses follow demo
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/analysis/analyzer.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/faces/overlap.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/mesh_following.hpp"
#include "mien/movements/movement_reader.hpp"
#include "mien/sources/frame_source.hpp"
#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_face.hpp"

namespace mien::benchmarks {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFrames = 360;
constexpr const char* kDetector = "blazeface";

std::vector<base::FramePtr> frames_of(const std::string& spec) {
  const auto source = sources::open_source({.spec = spec, .realtime = false, .mode = {}});
  std::vector<base::FramePtr> frames;
  while (frames.size() < kMostFrames) {
    const auto frame = source->read();
    if (frame == nullptr) break;
    frames.push_back(frame);
  }
  return frames;
}

/// Counts the runs of the detector behind it.
class Counting : public faces::FaceDetector {
 public:
  Counting(std::unique_ptr<faces::FaceDetector> real, int& runs)
      : real_(std::move(real)), runs_(runs) {}
  const std::string& id() const override { return real_->id(); }
  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    ++runs_;
    return real_->detect(bgr);
  }

 private:
  std::unique_ptr<faces::FaceDetector> real_;
  int& runs_;
};

/// Boxes between detections against those that the detector finds in every frame.
void follow(const std::string& spec) {
  const auto library = models::ModelLibrary::standard();
  const auto frames = frames_of(spec);
  std::vector<std::vector<base::Face>> truth;
  const auto every = faces::make_detector(kDetector, library);
  std::size_t faces = 0;
  for (const auto& frame : frames) {
    truth.push_back(every->detect(frame->image));
    faces += truth.back().size();
  }
  std::printf("%s: %zu frames, %zu faces\n", spec.c_str(), frames.size(), faces);
  std::printf(
      "| followed by | detected every | faces without a box | box off | overlap | "
      "detector runs | detect, ms | mesh, ms |\n");
  for (const bool mesh : {false, true}) {
    for (const int n : {1, 3, 6, 10, 15, 20, 30}) {
      int runs = 0;
      analysis::Analyzer analyzer(
          std::make_unique<Counting>(faces::make_detector(kDetector, library), runs),
          emotions::load_emotion_model(
              library.find("mien-small", models::ModelCard::Task::emotion)),
          {.detect_every = n});
      if (mesh) {
        analyzer.use(std::shared_ptr<movements::MovementReader>(
            movements::load_movement_reader(movements::kDefaultLandmarks, library)));
      }
      std::size_t lost = 0, off = 0;
      double overlap = 0, detect = 0, measure = 0;
      for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto result = analyzer.analyze(frames[i]);
        detect += result->times.detect / static_cast<double>(frames.size());
        measure += result->times.mesh / static_cast<double>(frames.size());
        for (const auto& face : truth[i]) {
          double best = 0;
          for (const auto& reading : result->readings) {
            best = std::max<double>(best,
                                    faces::intersection_over_union(reading.face.box, face.box));
          }
          if (best < 0.3) ++lost;
          if (best < 0.7) ++off;
          overlap += best / static_cast<double>(faces);
        }
      }
      std::printf("| %s | %d | %zu | %zu | %.3f | %d | %.2f | %.2f |\n", mesh ? "mesh" : "flow",
                  n, lost, off, overlap, runs, detect, measure);
    }
  }
}

/// How much the probabilities tremble from frame to frame, with the crop by the detector's
/// points in every frame, by the mesh's points, and by those of the first frame as the mesh
/// moves them.
void tremble(const std::string& spec) {
  const auto library = models::ModelLibrary::standard();
  const auto frames = frames_of(spec);
  const auto detector = faces::make_detector(kDetector, library);
  const auto reader = movements::load_movement_reader(movements::kDefaultLandmarks, library);
  for (const char* id : {"mien-base", "mien-small"}) {
    const auto model =
        emotions::load_emotion_model(library.find(id, models::ModelCard::Task::emotion));
    const auto& card = model->card();
    std::vector<float> before[3];
    double change[3] = {0, 0, 0};
    int count = 0;
    std::vector<base::Face> first;  // one face, and its mesh: the framing that is kept
    base::FaceMesh mesh;
    for (const auto& frame : frames) {
      const auto found = detector->detect(frame->image);
      if (found.size() != 1) {
        first.clear();
        continue;
      }
      base::FaceReading reading;
      reading.face = found.front();
      reading.person = 1;
      reader->read(frame->image, reading, frame->time);
      if (reading.geometry->doubt != base::MeshDoubt::none) {
        first.clear();
        continue;
      }
      const bool begins = first.empty();
      if (begins) {
        first = found;
        first.front().landmarks = base::landmarks_of(reading.geometry->mesh);
        mesh = reading.geometry->mesh;
      }
      const auto placed =
          movements::moved_with_mesh(first.front(), mesh, reading.geometry->mesh);
      base::Face faces[3] = {found.front(), found.front(), placed.value_or(found.front())};
      faces[1].landmarks = base::landmarks_of(reading.geometry->mesh);
      for (int i = 0; i < 3; ++i) {
        const auto answer = model->answer(faces::align_face(
            frame->image, faces[i], card.crop, std::max(card.input.width, card.input.height)));
        if (!begins) {
          for (std::size_t k = 0; k < answer.probabilities.size(); ++k) {
            change[i] += std::abs(answer.probabilities[k] - before[i][k]) / 2;
          }
        }
        before[i] = answer.probabilities;
      }
      if (!begins) ++count;
    }
    std::printf(
        "%s, %s, %d steps: the share of probability that changes from frame to frame: "
        "%.4f by the detector's points, %.4f by the mesh's, %.4f by those of the first "
        "frame, moved with the mesh\n",
        spec.c_str(), id, count, change[0] / count, change[1] / count, change[2] / count);
  }
}

/// A rendered head that moves while its face rests: pictures of a folder.
void clip(const std::string& folder) {
  const synthesis::FaceRenderer renderer{
      synthesis::read_head(fs::path(MIEN_SOURCE_DIR) / "assets/head/head.bin")};
  synthesis::RenderParameters p;
  p.look = synthesis::random_look(renderer.head(), 53);
  p.look.hat = synthesis::Hat::none;
  p.look.glasses = synthesis::Glasses::none;
  p.expression.label[0] = 1;
  p.expression.weights.assign(synthesis::movements().size(), 0.F);
  p.size = 400;
  p.camera.distance = 6;
  p.lights.lamps.push_back({{0, 0.6F, 0.8F}, {0.7F, 0.7F, 0.7F}, 0.5F});
  p.effects.noise = 4;
  fs::create_directories(folder);
  for (int i = 0; i < 240; ++i) {
    const auto t = static_cast<float>(i) / 30;
    p.seed = static_cast<std::uint64_t>(i + 1);
    p.camera.yaw = 35 * std::sin(2 * t);
    p.camera.pitch = 15 * std::sin(1.3F * t);
    p.camera.roll = 20 * std::sin(1.7F * t);
    p.camera.shift_x = 0.22F * std::sin(2.6F * t);
    p.camera.shift_y = 0.15F * std::sin(3.1F * t);
    p.camera.face_height = 0.3F + 0.08F * std::sin(1.1F * t);
    char name[32];
    std::snprintf(name, sizeof name, "/%04d.png", i);
    cv::imwrite(folder + name, renderer.render(p).picture);
  }
}

}  // namespace
}  // namespace mien::benchmarks

int main(int argc, char** argv) {
  using namespace mien::benchmarks;
  const std::string what = argc > 2 ? argv[1] : "";
  if (what == "follow") {
    follow(argv[2]);
  } else if (what == "tremble") {
    tremble(argv[2]);
  } else if (what == "clip") {
    clip(argv[2]);
  } else {
    std::puts("mien_mesh_uses follow SOURCE | tremble SOURCE | clip FOLDER");
    return 2;
  }
}
