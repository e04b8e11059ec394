#include "models_controller.hpp"

#include <algorithm>
#include <utility>

#include "mien/analysis/model_tasks.hpp"
#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/model_process.hpp"
#include "mien/overlay/overlay_layout.hpp"

namespace mien::app {
namespace {

const char* menu_of(models::ModelCard::Task task) {
  if (task == models::ModelCard::Task::face) return "Detector";
  return task == models::ModelCard::Task::landmarks ? "Model > Landmarks" : "Model";
}

}  // namespace

ModelsController::ModelsController(const Parts& parts, std::function<void()> wake)
    : live_(parts.live),
      choices_(parts.choices),
      presenter_(parts.presenter),
      teaching_(parts.teaching),
      discovery_(parts.discovery),
      taught_faces_(parts.taught_faces),
      view_(parts.view),
      wake_(std::move(wake)) {}

ModelsController::~ModelsController() { stop_adding(); }

void ModelsController::handle(const ui::action::UseModel& action) {
  if (is_taught(action.id) && !is_taught(view_.status.model_id)) before_taught_ = in_use();
  choices_.request_model(action.id);
  live_.request({.model = action.id});
}

void ModelsController::handle(const ui::action::UseReading& action) {
  choices_.request_reading(action.id);
  live_.request({.reading = action.id});
}

void ModelsController::handle(const ui::action::UseDetector& action) {
  choices_.request_detector(action.id);
  live_.request({.detector = action.id});
}

void ModelsController::handle(const ui::action::UseLandmarks& action) {
  choices_.request_landmarks(action.id);
  live_.request({.landmarks = action.id});
}

analysis::Measuring measuring_for(const ui::ViewModel& view) {
  using enum analysis::Measuring;
  // What is recorded is recorded whole, its first frame too, whatever is looked at meanwhile.
  const bool recorded = view.recording.active || view.recording.requested;
  if (recorded && view.columns != sessions::Columns::basic) return always;
  // Other programs get what the window shows and more, whatever is looked at meanwhile.
  const bool sent = std::any_of(view.outputs.begin(), view.outputs.end(), [](const auto& one) {
    return one.measures && one.state != ui::OutputView::State::off;
  });
  if (sent) return always;
  const auto& settings = view.settings;
  const bool drawn = settings.show_pose || overlay::mesh_style_of(settings.mesh) !=
                                               std::optional(overlay::MeshStyle::off);
  // A recorded video has what is drawn.
  if (drawn && (!view.replay || view.recording.active)) return always;
  if (view.replay) return never;
  const bool curves = settings.show_timeline && !settings.curves.empty();
  return settings.show_panel || curves ? sometimes : never;
}

void ModelsController::pace_measuring() {
  const auto needed = measuring_for(view_);
  if (measuring_ == needed) return;
  measuring_ = needed;
  live_.request({.measuring = needed});
}

void ModelsController::handle(const ui::action::AddModel& action) {
  // Copying and a first run take their time. The list is looked at anew when its menu opens.
  adding_.run([path = action.path, added = added_, stop = stop_adding_, wake = wake_] {
    const models::WaitInterruption closing([&] { return stop->load(); });
    base::Notice notice;
    try {
      const auto card =
          models::install_model(path, models::user_models_dir(),
                                models::ModelLibrary::standard(), analysis::try_model);
      notice.text = "Added “" + card.name + "”; it is in the menu " + menu_of(card.task) + ".";
    } catch (...) {
      notice = {base::Notice::Level::error, base::describe_current_exception()};
    }
    added->push_latest(std::move(notice));
    wake();
  });
  view_.notices.push_back(
      {base::Notice::Level::info, "Checking the model " + action.path + "…"});
}

void ModelsController::handle(const ui::action::AddExample& action) {
  if (!view_.replay) {
    teaching_.show(action.label, presenter_.chosen().analysis, action.person);
  }
}

void ModelsController::handle(const ui::action::DeleteModel& action) {
  if (view_.status.model_id == action.id || choices_.requested_model() == action.id) {
    // Empty: the standard one.
    choices_.request_model(before_taught_);
    live_.request({.model = before_taught_});
  }
  if (choices_.settings().model == action.id) {
    choices_.change([&](base::Settings& settings) { settings.model = before_taught_; });
  }
  teaching_.delete_model(action.id);
}

void ModelsController::take_found(Discovery::Found found) {
  found_ = std::move(found.models);
  view_.detectors = std::move(found.detectors);
  view_.landmarks = std::move(found.landmarks);
  view_.teaching.saved = std::move(found.taught);
  list();
}

bool ModelsController::poll() {
  pace_measuring();
  bool added = false;
  while (auto notice = added_->try_pop()) {
    view_.notices.push_back(std::move(*notice));
    added = true;
  }
  if (added || teaching_.take_library_changed()) discovery_.search();
  return poll_teaching() || added;
}

bool ModelsController::poll_teaching() {
  auto changed = teaching_.take_changes();
  if (!changed) return false;
  const auto before = std::move(view_.teaching.result);
  changed->saved = std::move(view_.teaching.saved);
  view_.teaching = std::move(*changed);
  const cv::Mat faces = teaching_.thumbnails();
  if (!faces.empty()) {
    taught_faces_.upload(faces, static_cast<float>(faces.cols));
    view_.teaching.thumbnails = taught_faces_.id();
  }
  // A model in use that was trained again is reloaded.
  const auto& result = view_.teaching.result;
  if (result && result->current && before && !before->current &&
      result->id == view_.status.model_id) {
    live_.request({.model = result->id});
  }
  list();
  return true;
}

void ModelsController::list() {
  view_.models = found_;
  const auto& result = view_.teaching.result;
  if (!result || std::any_of(found_.begin(), found_.end(),
                             [&](const auto& model) { return model.id == result->id; })) {
    return;
  }
  view_.models.push_back({result->id, result->name, "Not saved; lost when the program exits."});
}

bool ModelsController::is_taught(const std::string& model) const {
  const auto& teaching = view_.teaching;
  return (teaching.result && teaching.result->id == model) ||
         std::any_of(teaching.saved.begin(), teaching.saved.end(),
                     [&](const auto& kept) { return kept.id == model; });
}

std::string ModelsController::in_use() const {
  // A model opened from a folder of its own is not in the library under its id.
  const auto id = live_.snapshot().status.model_id;
  const bool listed = std::any_of(view_.models.begin(), view_.models.end(),
                                  [&](const auto& model) { return model.id == id; });
  const auto& requested = choices_.requested_model();
  return listed || requested.empty() ? id : requested;
}

}  // namespace mien::app
