// What the panels ask for about "Teach it your face".

#include <algorithm>
#include <utility>

#include "window_app.hpp"

namespace mien {

void WindowApp::on(const action::ShowFace& wish) {
  if (!view_.replay) teaching_->show(wish.label, view_.analysis, wish.person);
}
void WindowApp::on(const action::TakeBackFace& wish) {
  teaching_->take_back(wish.label, wish.place);
}
void WindowApp::on(const action::TakeBackLabel& wish) { teaching_->take_back(wish.label); }
void WindowApp::on(const action::LearnFaces& wish) { teaching_->learn(wish.name); }
void WindowApp::on(const action::StopLearning&) { teaching_->stop_learning(); }
void WindowApp::on(const action::KeepTaught&) { teaching_->keep(); }

void WindowApp::on(const action::ForgetTaught& wish) {
  if (view_.status.model_id == wish.id || choices_.model_asked_for() == wish.id) {
    // Empty: the standard one.
    choices_.ask_for_model(model_before_teaching_);
    session_->request({.model = model_before_teaching_});
  }
  if (choices_.settings().model == wish.id) {
    choices_.change([&](Settings& settings) { settings.model = model_before_teaching_; });
  }
  teaching_->forget(wish.id);
}

void WindowApp::collect_teaching() {
  if (teaching_->take_stored()) scout_->look();
  auto news = teaching_->news();
  if (!news) return;
  news_ = true;
  const auto before = std::move(view_.teaching.lesson);
  news->kept = std::move(view_.teaching.kept);
  view_.teaching = std::move(*news);
  const cv::Mat faces = teaching_->thumbnails();
  if (!faces.empty()) {
    taught_faces_->upload(faces, static_cast<float>(faces.cols));
    view_.teaching.thumbnails = taught_faces_->id();
  }
  // What runs and was taught anew in memory is replaced by what it knows now.
  const auto& lesson = view_.teaching.lesson;
  if (lesson && lesson->current && before && !before->current &&
      lesson->id == view_.status.model_id) {
    session_->request({.model = lesson->id});
  }
  list_models();
}

void WindowApp::list_models() {
  view_.models = found_models_;
  const auto& lesson = view_.teaching.lesson;
  if (!lesson || std::any_of(found_models_.begin(), found_models_.end(),
                             [&](const auto& model) { return model.id == lesson->id; })) {
    return;
  }
  view_.models.push_back(
      {lesson->id, lesson->name, "Taught just now; gone with the program until it is kept."});
}

bool WindowApp::taught(const std::string& model) const {
  const auto& teaching = view_.teaching;
  return (teaching.lesson && teaching.lesson->id == model) ||
         std::any_of(teaching.kept.begin(), teaching.kept.end(),
                     [&](const auto& kept) { return kept.id == model; });
}

std::string WindowApp::model_in_use() const {
  // A model opened from a folder of its own is not in the library under its id.
  const bool listed = std::any_of(view_.models.begin(), view_.models.end(),
                                  [&](const auto& m) { return m.id == view_.status.model_id; });
  const auto& asked_for = choices_.model_asked_for();
  return listed || asked_for.empty() ? view_.status.model_id : asked_for;
}

}  // namespace mien
