#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "mien/base/reading.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/emotions/face_teacher.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// "Teach it your face", in the background: a thread of its own crops the faces, trains a
/// model, and writes it. Everything is in memory until SaveModel.
///
/// Members are for the UI thread and wait for nothing, but for make_model(), which is any
/// thread's, and the destructor, which waits for the current task.
class Teaching {
 public:
  struct Start {
    /// The features for the examples: called in any thread, as often as needed.
    std::function<std::unique_ptr<emotions::FaceFeatures>()> make_features;
    std::filesystem::path models_dir;               ///< where saved models go
    std::function<models::ModelLibrary()> library;  ///< whose ids are taken
    std::function<void()> wake = [] {};  ///< called from the thread, when something has changed
    std::chrono::milliseconds shortest_interval{100};  ///< between two examples
  };
  explicit Teaching(Start start);
  ~Teaching();
  Teaching(const Teaching&) = delete;
  Teaching& operator=(const Teaching&) = delete;

  /// The person's face in that frame is an example; left out when they are not in it, when that
  /// frame was taken already, or when it comes too soon after the last one.
  void show(const std::string& label, const base::AnalyzedFramePtr& frame, int person);
  void handle(const ui::action::RemoveExample& action);
  void handle(const ui::action::RemoveLabel& action);
  void handle(const ui::action::TrainModel& action);
  void handle(const ui::action::CancelTraining& action);
  void handle(const ui::action::SaveModel& action);
  /// Deletes the model of that id, with the examples when it is the newest one, and its folder
  /// when it was saved.
  void delete_model(std::string id);

  /// The state, without `thumbnails` and `saved`; none when it has not changed since the last
  /// call.
  std::optional<ui::TeachingView> take_changes();
  /// All thumbnails as of the last take_changes(), as TeachingView::thumbnail_grid has them;
  /// empty when there are none.
  cv::Mat thumbnails() const;
  /// Whether the saved models have changed since the last call.
  bool take_library_changed();

  /// The card of the newest trained model, if it has that id and is not saved.
  std::optional<models::ModelCard> unsaved_card(const std::string& id) const;
  /// The newest trained model, if it has that id. Any thread.
  std::unique_ptr<emotions::EmotionModel> make_model(const std::string& id) const;

 private:
  static constexpr int kColumns = 12;  ///< thumbnails of a label that are shown

  using Work = std::function<void()>;
  void run();
  void later(Work work);
  emotions::FaceTeacher& teacher();
  void train(const std::string& name);
  void save();
  void remove_model(const std::string& id);
  /// A name that no other model's folder or id would come from.
  std::string free_name(const std::string& requested) const;
  void publish_examples(bool changed);
  void set_state(ui::TeachingView::State state, float progress = 0);

  const Start start_;
  std::unique_ptr<emotions::FaceTeacher> teacher_;  // the thread's

  // The UI thread's.
  base::FramePtr shown_;
  std::chrono::steady_clock::time_point shown_at_{};
  cv::Mat thumbnails_;

  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Work> works_ MIEN_GUARDED_BY(mutex_);
  std::size_t faces_waiting_ MIEN_GUARDED_BY(mutex_) = 0;
  bool stopping_ MIEN_GUARDED_BY(mutex_) = false;
  bool cancel_training_ MIEN_GUARDED_BY(mutex_) = false;
  bool changes_ MIEN_GUARDED_BY(mutex_) = false;
  bool library_changed_ MIEN_GUARDED_BY(mutex_) = false;
  ui::TeachingView view_ MIEN_GUARDED_BY(mutex_);
  std::vector<std::vector<cv::Mat>> faces_ MIEN_GUARDED_BY(mutex_);  ///< newest first
  std::function<std::unique_ptr<emotions::EmotionModel>()> make_model_ MIEN_GUARDED_BY(mutex_);
  models::ModelCard card_ MIEN_GUARDED_BY(mutex_);  ///< of what it makes
  std::jthread thread_;
};

}  // namespace mien::app
