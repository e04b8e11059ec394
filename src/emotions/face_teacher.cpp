#include "mien/emotions/face_teacher.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/staged_folder.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"
#include "mien/models/model_installer.hpp"

namespace fs = std::filesystem;

namespace mien::emotions {
namespace {

constexpr int kTrees = 100;
constexpr int kFoldTrees = 50;  // enough to judge by
constexpr int kFolds = 5;
constexpr std::size_t kMaxLabelLength = 40;
constexpr std::string_view kTaught = "Taught to mien ";  // how a card's `source` begins

std::string clean(const std::string& label) {
  std::string word = base::trimmed(label);
  if (const auto canonical = base::canonical_label(word)) return std::string(*canonical);
  if (word.empty() || word.size() > kMaxLabelLength || !base::is_utf8(word)) {
    throw base::Error("The label \"" + word + "\" cannot be used; choose a word of 1 to " +
                      std::to_string(kMaxLabelLength) + " characters.");
  }
  return word;
}

}  // namespace

struct FaceTeacher::Example {
  std::vector<float> features;
  cv::Mat thumbnail;
};
struct FaceTeacher::Group {
  std::string label;
  std::vector<Example> examples;
};
struct FaceTeacher::Learned {
  ForestDescription about;
  std::shared_ptr<const Forest> forest;
};

FaceTeacher::FaceTeacher(std::unique_ptr<FaceFeatures> features)
    : features_(std::move(features)) {}
FaceTeacher::~FaceTeacher() = default;

const models::ModelCard& FaceTeacher::recipe() const { return features_->recipe(); }

FaceTeacher::Group* FaceTeacher::find(const std::string& label) {
  const auto it = std::find_if(groups_.begin(), groups_.end(),
                               [&](const auto& group) { return group.label == label; });
  return it == groups_.end() ? nullptr : &*it;
}

void FaceTeacher::add(const std::string& label, const cv::Mat& face_bgr) {
  const std::string name = clean(label);
  if (count() >= kMax) {
    throw base::Error("There are " + std::to_string(kMax) +
                      " examples already, which is enough to learn from.");
  }
  Example example;
  example.features = (*features_)(face_bgr);  // refuses what is no face's picture
  cv::resize(face_bgr, example.thumbnail, {kThumbnailSide, kThumbnailSide}, 0, 0,
             cv::INTER_AREA);
  if (find(name) == nullptr) groups_.push_back({name, {}});
  find(name)->examples.push_back(std::move(example));
}

bool FaceTeacher::remove(const std::string& label, std::size_t place) {
  Group* group = find(label);
  if (group == nullptr || place >= group->examples.size()) return false;
  group->examples.erase(group->examples.begin() + static_cast<std::ptrdiff_t>(place));
  if (group->examples.empty()) remove_label(label);
  return true;
}

bool FaceTeacher::remove_label(const std::string& label) {
  return std::erase_if(groups_, [&](const auto& group) { return group.label == label; }) > 0;
}

void FaceTeacher::clear() {
  groups_.clear();
  learned_.reset();
}

std::vector<FaceTeacher::Label> FaceTeacher::labels() const {
  std::vector<Label> labels;
  for (const auto& group : groups_) {
    Label label{group.label, {}};
    for (const auto& example : group.examples) label.thumbnails.push_back(example.thumbnail);
    labels.push_back(std::move(label));
  }
  return labels;
}

std::size_t FaceTeacher::count() const {
  std::size_t all = 0;
  for (const auto& group : groups_) all += group.examples.size();
  return all;
}

std::optional<std::string> FaceTeacher::missing() const {
  if (groups_.size() < 2) {
    return "Two labels are the least that a model can tell apart; give examples of another "
           "one.";
  }
  for (const auto& group : groups_) {
    if (group.examples.size() < kMinCount) {
      return "The label \"" + group.label +
             "\" has one example only; two are the least, ten are good.";
    }
  }
  return std::nullopt;
}

/// A frozen picture would give several labels the same examples.
void FaceTeacher::refuse_duplicates() const {
  using Faces = std::set<std::vector<float>>;
  std::vector<Faces> shown;
  for (const auto& group : groups_) {
    Faces& faces = shown.emplace_back();
    for (const auto& example : group.examples) faces.insert(example.features);
    for (std::size_t other = 0; other + 1 < shown.size(); ++other) {
      if (shown[other] != faces) continue;
      throw base::Error("The examples of \"" + groups_[other].label + "\" and of \"" +
                        group.label +
                        "\" are the same pictures; show another face for one of them.");
    }
  }
}

std::optional<FaceTeacher::TrainingResult> FaceTeacher::train(
    const std::string& name,
    const std::function<std::unique_ptr<FaceFeatures>()>& make_features,
    const TrainingProgress& progress) {
  if (const auto reason = missing()) throw base::Error(*reason);
  refuse_duplicates();
  Samples samples;
  std::vector<int> fold;  // of each sample
  std::size_t fewest = kMax;
  for (const auto& group : groups_) fewest = std::min(fewest, group.examples.size());
  const int folds = static_cast<int>(std::min<std::size_t>(kFolds, fewest));
  TrainingResult trained;
  for (std::size_t label = 0; label < groups_.size(); ++label) {
    trained.labels.push_back(groups_[label].label);
    const auto& examples = groups_[label].examples;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      samples.add(examples[i].features, static_cast<int>(label));
      // Consecutive examples are nearly identical frames: a fold holds out whole stretches, or
      // the test would contain what the trees have learned from.
      fold.push_back(static_cast<int>(i * static_cast<std::size_t>(folds) / examples.size()));
    }
  }
  const int labels = static_cast<int>(groups_.size());
  const int all_trees = folds * kFoldTrees + kTrees;
  int trees_before = 0;
  const auto grow = [&](const std::vector<int>& chosen, int trees) {
    auto forest = grow_forest(
        samples, chosen, labels, {.trees = trees, .seed = 1},
        [&](int done, int) { return !progress || progress(trees_before + done, all_trees); });
    trees_before += trees;
    return forest;
  };

  trained.confusion.assign(groups_.size(), std::vector<std::uint64_t>(groups_.size(), 0));
  std::vector<int> everything;
  for (int part = 0; part < folds; ++part) {
    std::vector<int> chosen;
    for (int i = 0; i < samples.count(); ++i) {
      if (fold[static_cast<std::size_t>(i)] != part) chosen.push_back(i);
    }
    const auto forest = grow(chosen, kFoldTrees);
    if (!forest) return std::nullopt;
    for (int i = 0; i < samples.count(); ++i) {
      if (fold[static_cast<std::size_t>(i)] != part) continue;
      const auto votes = forest_votes(*forest, samples.features(i));
      const auto answer = std::max_element(votes.begin(), votes.end()) - votes.begin();
      const auto truth = samples.labels()[static_cast<std::size_t>(i)];
      ++trained.confusion[static_cast<std::size_t>(truth)][static_cast<std::size_t>(answer)];
    }
  }
  everything.resize(static_cast<std::size_t>(samples.count()));
  std::iota(everything.begin(), everything.end(), 0);
  const auto forest = grow(everything, kTrees);
  if (!forest) return std::nullopt;

  trained.examples = count();
  std::uint64_t right = 0;
  auto recall = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const auto mine = static_cast<double>(groups_[i].examples.size());
    right += trained.confusion[i][i];
    const double share = static_cast<double>(trained.confusion[i][i]) / mine;
    trained.balanced_accuracy += share / static_cast<double>(groups_.size());
    recall[groups_[i].label] = share;
  }
  trained.accuracy = static_cast<double>(right) / static_cast<double>(trained.examples);

  auto learned = std::make_unique<Learned>();
  learned->forest = forest;
  learned->about.name = name;
  learned->about.id = model_id_from(name);
  learned->about.labels = trained.labels;
  learned->about.source = std::string(kTaught) + "with " + std::to_string(trained.examples) +
                          " examples in front of the camera.";
  learned->about.metrics = {
      {"dataset", "its own examples, cross-validated (" + std::to_string(folds) + " folds)"},
      {"accuracy", trained.accuracy},
      {"balanced_accuracy", trained.balanced_accuracy},
      {"recall", recall}};
  learned->about.limitations =
      "Knows one person's face in one light, as it was shown. The accuracy is of examples of "
      "the "
      "same sitting; another day or another face will be read less well.";
  trained.id = learned->about.id;
  trained.make_model = [about = learned->about, forest, make_features] {
    return make_forest_model(about, forest, make_features());
  };
  learned_ = std::move(learned);
  return trained;
}

models::ModelCard FaceTeacher::save(const fs::path& models_dir,
                                    const models::ModelLibrary& library) {
  if (!learned_) throw base::Error("There is no model to keep yet; train it first.");
  ForestDescription about = learned_->about;
  about.id = base::first_free(learned_->about.id, "-", [&](const std::string& id) {
    return models::model_id_is_taken(id, models_dir, library);
  });
  base::StagedFolder folder(models_dir / about.id);
  write_forest_model(folder.path(), about, *learned_->forest, features_->recipe());
  folder.publish();
  return models::load_model_card(folder.place());
}

bool was_taught(const models::ModelCard& card) {
  return card.source.starts_with(kTaught) &&
         card.format == models::ModelCard::Format::opencv_forest;
}

void forget_taught(const fs::path& models_dir, const std::string& id) {
  const fs::path folder = models_dir / id;
  const bool inside =
      !id.empty() && id != "." && id != ".." && fs::path(id) == fs::path(id).filename();
  if (!inside || !fs::is_directory(fs::symlink_status(folder)) ||
      !was_taught(models::load_model_card(folder))) {
    throw base::Error("There is no model \"" + id + "\" that was taught by the user.");
  }
  std::error_code error;
  // The card goes first: what an interrupted deletion leaves is not listed as a model.
  fs::remove(folder / "card.json", error);
  if (!error) fs::remove_all(folder, error);
  if (error) {
    throw base::Error("The model in " + folder.string() +
                      " cannot be deleted: " + error.message() + ".");
  }
}

}  // namespace mien::emotions
