#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "mien/base/interruption.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/sources/labelled_folder.hpp"

namespace mien::cli {

/// A class to learn, with its folder's files.
struct TrainingClass {
  std::string label;   ///< canonical, or the folder's name
  std::string folder;  ///< as written
  std::vector<std::filesystem::path> files;
};

/// The folder's classes, those with canonical labels first and in their order. Throws Error
/// when there are fewer than two, one is empty, or two stand for the same label.
std::vector<TrainingClass> training_classes(std::vector<sources::LabelledClass> folders);

/// What was read.
struct TrainingPictures {
  /// A picture that was used: its class and its rows in `samples`.
  struct Picture {
    int label = 0;
    int whole = -1;  ///< the picture as it is; -1: not used so
    int face = -1;   ///< the face that a detector found in it; -1: none, or not looked for
  };
  emotions::Samples samples;
  std::vector<Picture> pictures;
  std::vector<std::string> unreadable;
  std::vector<std::string> without_face;  ///< left out for it
  bool crops = true;                      ///< the pictures are hardly more than their faces
  bool interrupted = false;
};

/// Reads every picture of the classes.
///
/// Without a detector each picture is taken for a cropped face. With one, a sample of them
/// decides whether they are photographs (with room around the face: only detected faces are
/// used, and pictures without one are skipped) or crops: those are used whole and, where a face
/// is detected, also aligned, so that the model works on `--cropped` pictures and on a camera.
/// Shows its progress.
TrainingPictures read_training_pictures(const std::vector<TrainingClass>& classes,
                                        emotions::FaceFeatures& features,
                                        faces::FaceDetector* detector,
                                        const base::Interruption& interruption);

}  // namespace mien::cli
