#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "mien/base/interruption.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/sources/labelled_folder.hpp"

namespace mien {

/// A class to learn, with its folder's files.
struct TrainingClass {
  std::string label;   ///< canonical, or the folder's name
  std::string folder;  ///< as written
  std::vector<std::filesystem::path> files;
};

/// The folder's classes, those with canonical labels first and in their order. Throws Error
/// when there are fewer than two, one is empty, or two stand for the same label.
std::vector<TrainingClass> training_classes(std::vector<LabelledClass> folders);

/// What was read.
struct TrainingPictures {
  /// A picture that was used: its class and its rows in `samples`.
  struct Picture {
    int label = 0;
    int whole = -1;  ///< the picture as it is; -1: not used so
    int face = -1;   ///< the face that a detector found in it; -1: none, or not looked for
  };
  Samples samples;
  std::vector<Picture> pictures;
  std::vector<std::string> unreadable;
  std::vector<std::string> without_face;  ///< left out for it
  bool crops = true;                      ///< the pictures are hardly more than their faces
  bool interrupted = false;
};

/// Reads every picture of the classes.
///
/// Without a detector each picture is taken for a cropped face as it is. With one, a look at
/// some of them tells whether they are photographs (the face is small in them: only what the
/// detector finds is learned, and pictures without are left out) or crops: those are learned as
/// they are and, where the detector finds the face, also as it finds it, so that the model
/// reads both
/// `--cropped` pictures and a camera's. Shows its progress.
TrainingPictures read_training_pictures(const std::vector<TrainingClass>& classes,
                                        FaceFeatures& features, FaceDetector* detector,
                                        const Interruption& interruption);

}  // namespace mien
