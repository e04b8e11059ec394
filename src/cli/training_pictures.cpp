#include "training_pictures.hpp"

#include <algorithm>
#include <optional>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/text.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/sources/frame_source.hpp"

#include "progress.hpp"

namespace mien::cli {
namespace {

constexpr std::size_t kSampledPictures = 60;  ///< to tell photographs from crops
/// A picture that is this many times as long as its face's box is a photograph.
constexpr float kPhotograph = 2.2F;

cv::Mat read_picture(const std::filesystem::path& file) {
  try {
    const auto frame =
        sources::open_source({.spec = file.string(), .realtime = false, .mode = {}})->read();
    return frame ? frame->image : cv::Mat();
  } catch (const base::Error&) {
    return {};
  }
}

std::optional<base::Face> largest_face(faces::FaceDetector& detector, const cv::Mat& picture) {
  const auto faces = detector.detect(picture);
  const auto largest = std::max_element(
      faces.begin(), faces.end(), [](auto& a, auto& b) { return a.box.area() < b.box.area(); });
  return largest == faces.end() ? std::nullopt : std::optional(*largest);
}

bool is_photograph(faces::FaceDetector& detector, const cv::Mat& picture) {
  const auto face = largest_face(detector, picture);
  return face && static_cast<float>(std::max(picture.cols, picture.rows)) >
                     kPhotograph * std::max(face->box.width, face->box.height);
}

/// Most of the pictures with a face have room around it.
bool are_crops(const std::vector<TrainingClass>& classes, std::size_t all,
               faces::FaceDetector& detector, const base::Interruption& interruption) {
  std::size_t place = 0;
  std::size_t seen = 0;
  std::size_t photographs = 0;
  const std::size_t step = std::max<std::size_t>(1, all / kSampledPictures);
  for (const auto& one : classes) {
    for (const auto& file : one.files) {
      if (place++ % step != 0 || interruption.asked()) continue;
      const cv::Mat picture = read_picture(file);
      if (picture.empty()) continue;
      ++seen;
      if (is_photograph(detector, picture)) ++photographs;
    }
  }
  return photographs * 2 < seen || seen == 0;
}

}  // namespace

std::vector<TrainingClass> training_classes(std::vector<sources::LabelledClass> folders) {
  std::vector<TrainingClass> classes;
  for (auto& folder : folders) {
    const auto canonical = base::canonical_label(folder.name);
    classes.push_back({canonical ? std::string(*canonical) : folder.name, folder.name,
                       std::move(folder.files)});
  }
  for (auto it = classes.begin(); it != classes.end(); ++it) {
    if (it->files.empty()) {
      throw base::Error("The class \"" + it->folder +
                        "\" has no pictures; put some into its folder, or remove it.");
    }
    const auto twin = std::find_if(classes.begin(), it, [&](const auto& other) {
      return base::ascii_lower(other.label) == base::ascii_lower(it->label);
    });
    if (twin != it) {
      throw base::Error("The folders \"" + twin->folder + "\" and \"" + it->folder +
                        "\" are the same class (" + it->label +
                        "); put their pictures into one.");
    }
  }
  if (classes.size() < 2) {
    throw base::Error("There is one class only (" + classes.front().folder +
                      "); a model needs two or more to tell apart.");
  }
  const auto rank = [](const TrainingClass& one) {
    const auto labels = base::canonical_labels();
    return std::find(labels.begin(), labels.end(), one.label) - labels.begin();
  };
  std::stable_sort(classes.begin(), classes.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return classes;
}

TrainingPictures read_training_pictures(const std::vector<TrainingClass>& classes,
                                        emotions::FaceFeatures& features,
                                        faces::FaceDetector* detector,
                                        const base::Interruption& interruption) {
  std::size_t all = 0;
  for (const auto& one : classes) all += one.files.size();
  TrainingPictures read;
  read.crops = detector == nullptr || are_crops(classes, all, *detector, interruption);
  const models::ModelCard& recipe = features.recipe();
  const int side = std::max(recipe.input.width, recipe.input.height);
  ProgressLine progress;
  std::size_t done = 0;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    for (const auto& file : classes[label].files) {
      read.interrupted = interruption.asked();
      if (read.interrupted) return read;
      progress.show("reading " + progress_bar(++done, all));
      const cv::Mat picture = read_picture(file);
      if (picture.empty()) {
        read.unreadable.push_back(file.string());
        continue;
      }
      TrainingPictures::Picture one;
      one.label = static_cast<int>(label);
      const auto add = [&](const cv::Mat& face) {
        read.samples.add(features(face), one.label);
        return read.samples.count() - 1;
      };
      const auto face = detector != nullptr ? largest_face(*detector, picture) : std::nullopt;
      if (read.crops) one.whole = add(picture);
      if (face) one.face = add(faces::align_face(picture, *face, recipe.crop, side));
      if (one.whole < 0 && one.face < 0) {
        read.without_face.push_back(file.string());
        continue;
      }
      read.pictures.push_back(one);
    }
  }
  return read;
}

}  // namespace mien::cli
