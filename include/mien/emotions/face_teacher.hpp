#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/emotions/forest_training.hpp"

namespace mien::emotions {

/// Learns a person's own expressions from a few examples of each: collect faces under labels
/// (the usual ones or any word, such as "thinking"), train, look at the held-out accuracy, use
/// the model at once, keep it or forget it.
///
/// Everything is in memory until save(). Cut faces out with align_face(frame, face,
/// recipe().crop, max(recipe().input.width, recipe().input.height)).
///
/// One thread at a time, which may change between calls; train() takes a second or two, so not
/// the window's.
class FaceTeacher {
 public:
  static constexpr int kThumbnailSide = 64;   ///< pixels
  static constexpr int kMinCount = 2;         ///< examples that a label needs
  static constexpr std::size_t kMax = 20000;  ///< examples in all

  /// Judges faces by `features`; make_embedding_features() makes ten examples a label useful.
  explicit FaceTeacher(std::unique_ptr<FaceFeatures> features);
  ~FaceTeacher();
  FaceTeacher(const FaceTeacher&) = delete;
  FaceTeacher& operator=(const FaceTeacher&) = delete;

  const models::ModelCard& recipe() const;

  /// Takes an example: a cropped face, 8-bit BGR. Words for a canonical label ("happy") count
  /// as that label. Throws Error when the label is empty, longer than 40 bytes or no UTF-8, or
  /// the face cannot be read.
  void add(const std::string& label, const cv::Mat& face_bgr);

  /// Takes back an example, by its place under the label; a label without examples is gone.
  /// False when there is none there.
  bool remove(const std::string& label, std::size_t place);
  bool remove_label(const std::string& label);
  void clear();

  struct Label {
    std::string name;
    /// One an example, in the order of their coming; kThumbnailSide square, BGR. Not to be
    /// written into.
    std::vector<cv::Mat> thumbnails;
  };
  /// In the order in which they first came.
  std::vector<Label> labels() const;
  std::size_t count() const;

  /// Why train() cannot work yet, to be shown ("Two labels are the least ..."); none when it
  /// can.
  std::optional<std::string> missing() const;

  struct TrainingResult {
    std::vector<std::string> labels;
    std::size_t examples = 0;
    /// Cross-validated: every example was judged once by trees that had not seen it (up to five
    /// folds, each label spread over them).
    double accuracy = 0;
    double balanced_accuracy = 0;  ///< mean over the labels; by chance 1 / labels
    std::vector<std::vector<std::uint64_t>> confusion;  ///< [shown][answered]
    std::string id;                                     ///< of the model's card
    /// The model, of trees that have seen every example; ready for Analyzer::use(). Needs the
    /// teacher no more. Any thread, as often as wanted; throws what `make_features` throws.
    std::function<std::unique_ptr<EmotionModel>()> make_model;
  };

  /// Learns from all examples. None when `progress` ended it. Throws Error with missing()'s
  /// sentence, or when two labels have the very same examples. `make_features` gives the model
  /// its own features, since it will run in another thread than this object: the same maker as
  /// the constructor's argument came from.
  std::optional<TrainingResult> train(
      const std::string& name,
      const std::function<std::unique_ptr<FaceFeatures>()>& make_features,
      const TrainingProgress& progress = {});

  /// Writes what train() learned last into `models_dir`/<id>, whole or not at all, where the
  /// next ModelLibrary finds it; a number is put behind the id when it is taken, there or by a
  /// model that `library` knows. Throws Error, also when nothing was learned yet.
  models::ModelCard save(const std::filesystem::path& models_dir,
                         const models::ModelLibrary& library);

 private:
  struct Example;
  struct Group;
  struct Learned;

  Group* find(const std::string& label);
  void refuse_duplicates() const;

  std::unique_ptr<FaceFeatures> features_;
  std::vector<Group> groups_;
  std::unique_ptr<Learned> learned_;
};

/// Whether a FaceTeacher made the model.
bool was_taught(const models::ModelCard& card);

/// Deletes what FaceTeacher::save() wrote into `models_dir`/<id>. Throws Error, also when no
/// taught model is there.
void forget_taught(const std::filesystem::path& models_dir, const std::string& id);

}  // namespace mien::emotions
