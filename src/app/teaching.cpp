#include "teaching.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/threads.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/models/model_installer.hpp"

namespace fs = std::filesystem;

namespace mien::app {
namespace {

constexpr std::size_t kMaxWaiting = 2;  // faces; more would be outdated

ui::TeachingView::TrainingResult describe_result(
    const emotions::FaceTeacher::TrainingResult& trained, const std::string& name) {
  ui::TeachingView::TrainingResult view;
  view.id = trained.id;
  view.name = name;
  view.examples = trained.examples;
  view.labels = trained.labels.size();
  view.accuracy = trained.balanced_accuracy;
  view.current = true;
  for (std::size_t shown = 0; shown < trained.labels.size(); ++shown) {
    double all = 0;
    for (const auto count : trained.confusion[shown]) all += static_cast<double>(count);
    for (std::size_t answered = 0; answered < trained.labels.size(); ++answered) {
      const double share = static_cast<double>(trained.confusion[shown][answered]) / all;
      if (shown == answered || share <= view.mistaken) continue;
      view.mistaken = share;
      view.shown = trained.labels[shown];
      view.answered = trained.labels[answered];
    }
  }
  return view;
}

}  // namespace

Teaching::Teaching(Start start)
    : start_(std::move(start)), thread_(base::start_thread([this] { run(); })) {}

Teaching::~Teaching() {
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
    works_.clear();
  }
  changed_.notify_all();
  thread_.join();
}

// ---- the UI thread --------------------------------------------------------------------------

void Teaching::show(const std::string& label, const base::AnalyzedFramePtr& frame, int person) {
  if (!frame || frame->frame == shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - shown_at_ < start_.shortest_interval) return;
  const auto it = std::find_if(frame->readings.begin(), frame->readings.end(),
                               [&](const auto& reading) { return reading.person == person; });
  if (it == frame->readings.end()) return;
  {
    const base::MutexLock lock(mutex_);
    if (faces_waiting_ >= kMaxWaiting) return;
    ++faces_waiting_;
  }
  shown_ = frame->frame;
  shown_at_ = now;
  later([this, label, picture = frame->frame, face = it->face] {
    {
      const base::MutexLock lock(mutex_);
      --faces_waiting_;
    }
    const auto& recipe = teacher().recipe();
    const int side = std::max(recipe.input.width, recipe.input.height);
    teacher().add(label, faces::align_face(picture->image, face, recipe.crop, side));
    publish_examples(true);
  });
}

void Teaching::handle(const ui::action::RemoveExample& action) {
  later([this, action] {
    if (teacher_) publish_examples(teacher_->remove(action.label, action.place));
  });
}

void Teaching::handle(const ui::action::RemoveLabel& action) {
  later([this, label = action.label] {
    if (teacher_) publish_examples(teacher_->remove_label(label));
  });
}

void Teaching::handle(const ui::action::TrainModel& action) {
  {
    const base::MutexLock lock(mutex_);
    cancel_training_ = false;
  }
  later([this, name = action.name] { train(name); });
}

void Teaching::handle(const ui::action::CancelTraining& /*action*/) {
  const base::MutexLock lock(mutex_);
  cancel_training_ = true;
}

void Teaching::handle(const ui::action::SaveModel& /*action*/) {
  later([this] { save(); });
}

void Teaching::delete_model(std::string id) {
  later([this, id = std::move(id)] { remove_model(id); });
}

std::optional<ui::TeachingView> Teaching::take_changes() {
  std::vector<std::vector<cv::Mat>> faces;
  ui::TeachingView view;
  {
    const base::MutexLock lock(mutex_);
    if (!std::exchange(changes_, false)) return std::nullopt;
    view = view_;
    faces = faces_;
  }
  thumbnails_.release();
  if (!faces.empty()) {
    constexpr int kSide = emotions::FaceTeacher::kThumbnailSide;
    thumbnails_ =
        cv::Mat::zeros(kSide * static_cast<int>(faces.size()), kSide * kColumns, CV_8UC3);
    for (std::size_t row = 0; row < faces.size(); ++row) {
      for (std::size_t column = 0; column < faces[row].size(); ++column) {
        faces[row][column].copyTo(thumbnails_(cv::Rect(
            kSide * static_cast<int>(column), kSide * static_cast<int>(row), kSide, kSide)));
      }
    }
    view.thumbnail_grid = {kColumns, static_cast<int>(faces.size())};
  }
  return view;
}

cv::Mat Teaching::thumbnails() const { return thumbnails_; }

bool Teaching::take_library_changed() {
  const base::MutexLock lock(mutex_);
  return std::exchange(library_changed_, false);
}

std::optional<models::ModelCard> Teaching::unsaved_card(const std::string& id) const {
  const base::MutexLock lock(mutex_);
  if (!view_.result || view_.result->id != id || view_.result->saved) return std::nullopt;
  return card_;
}

std::unique_ptr<emotions::EmotionModel> Teaching::make_model(const std::string& id) const {
  std::function<std::unique_ptr<emotions::EmotionModel>()> make;
  {
    const base::MutexLock lock(mutex_);
    if (!view_.result || view_.result->id != id) return nullptr;
    make = make_model_;
  }
  return make();
}

void Teaching::later(Work work) {
  {
    const base::MutexLock lock(mutex_);
    works_.push_back(std::move(work));
  }
  changed_.notify_all();
}

// ---- its own thread -------------------------------------------------------------------------

void Teaching::run() {
  while (true) {
    Work work;
    {
      const base::MutexLock lock(mutex_);
      while (works_.empty() && !stopping_) changed_.wait(mutex_);
      if (stopping_) return;
      work = std::move(works_.front());
      works_.pop_front();
    }
    std::string problem;
    try {
      work();
    } catch (...) {
      problem = base::describe_current_exception();
    }
    {
      const base::MutexLock lock(mutex_);
      view_.problem = std::move(problem);
      view_.state = ui::TeachingView::State::idle;
      changes_ = true;
    }
    start_.wake();
  }
}

emotions::FaceTeacher& Teaching::teacher() {
  if (!teacher_) {
    set_state(ui::TeachingView::State::loading);
    teacher_ = std::make_unique<emotions::FaceTeacher>(start_.make_features());
  }
  return *teacher_;
}

void Teaching::set_state(ui::TeachingView::State state, float progress) {
  {
    const base::MutexLock lock(mutex_);
    view_.state = state;
    view_.progress = progress;
    changes_ = true;
  }
  start_.wake();
}

void Teaching::publish_examples(bool changed) {
  if (!changed) return;
  std::vector<ui::TeachingView::Label> labels;
  std::vector<std::vector<cv::Mat>> faces;
  for (auto& label : teacher().labels()) {
    const auto all = label.thumbnails.size();
    const auto shown = std::min<std::size_t>(all, kColumns);
    labels.push_back({label.name, all, static_cast<int>(shown)});
    faces.emplace_back(label.thumbnails.rbegin(),
                       label.thumbnails.rbegin() + static_cast<std::ptrdiff_t>(shown));
  }
  const auto missing = teacher().missing();
  const base::MutexLock lock(mutex_);
  view_.labels = std::move(labels);
  view_.missing = missing.value_or("");
  if (view_.result) view_.result->current = false;
  faces_ = std::move(faces);
}

std::string Teaching::free_name(const std::string& requested) const {
  const auto library = start_.library();
  const auto cards = library.cards(models::ModelCard::Task::emotion);
  return base::first_free(requested, " ", [&](const std::string& name) {
    return models::model_id_is_taken(emotions::model_id_from(name), start_.models_dir,
                                     library) ||
           std::any_of(cards.begin(), cards.end(),
                       [&](const auto& card) { return card.name == name; });
  });
}

void Teaching::train(const std::string& requested) {
  set_state(ui::TeachingView::State::training);
  const std::string name = free_name(requested);
  const auto trained = teacher().train(name, start_.make_features, [&](int done, int all) {
    set_state(ui::TeachingView::State::training,
              static_cast<float>(done) / static_cast<float>(std::max(1, all)));
    const base::MutexLock lock(mutex_);
    return !cancel_training_ && !stopping_;
  });
  if (!trained) return;
  const models::ModelCard card = trained->make_model()->card();
  const base::MutexLock lock(mutex_);
  view_.result = describe_result(*trained, name);
  make_model_ = trained->make_model;
  card_ = card;
}

void Teaching::save() {
  set_state(ui::TeachingView::State::saving);
  const auto card = teacher().save(start_.models_dir, start_.library());
  const base::MutexLock lock(mutex_);
  view_.result->saved = true;
  view_.result->id = card.id;  // another one if it was taken meanwhile
  library_changed_ = true;
}

void Teaching::remove_model(const std::string& id) {
  std::optional<ui::TeachingView::TrainingResult> at_hand;
  {
    const base::MutexLock lock(mutex_);
    if (view_.result && view_.result->id == id) at_hand = view_.result;
  }
  // Somebody may have deleted the folder by hand.
  const bool on_disk = !at_hand || (at_hand->saved && fs::exists(start_.models_dir / id));
  if (on_disk) emotions::forget_taught(start_.models_dir, id);
  if (at_hand) {
    teacher().clear();
    publish_examples(true);
  }
  const base::MutexLock lock(mutex_);
  library_changed_ = true;
  if (!at_hand) return;
  view_.result.reset();
  make_model_ = nullptr;
}

}  // namespace mien::app
