#include "scout.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/model_library.hpp"
#include "mien/emotions/face_teacher.hpp"
#include "mien/emotions/model_installer.hpp"
#include "mien/faces/face_detector.hpp"

namespace mien {

Scout::Found Scout::look_around() {
  Found found;
  try {
    found.cameras = list_cameras();
    const auto library = ModelLibrary::standard();
    for (const auto& card : library.cards(ModelCard::Task::emotion)) {
      found.models.push_back({card.id, card.name, card.limitations});
      if (was_taught(card) && card.folder.parent_path() == user_models_dir()) {
        found.taught.push_back(found.models.back());
      }
    }
    for (const auto& detector : list_detectors(library)) {
      found.detectors.push_back({detector.id, detector.name, detector.description});
    }
    found.problems = library.problems();
  } catch (...) {
    found.problems.push_back(describe_current_exception());
  }
  return found;
}

Scout::Scout(std::function<void()> wake, std::function<Found()> look)
    : wake_(std::move(wake)), look_(std::move(look)) {
  begin();
}

void Scout::begin() {
  queue_.run([look = look_, wake = wake_, found = found_] {
    found->push_latest(look());
    wake();
  });
  looking_ = true;
}

void Scout::look() {
  wanted_ = true;
  begin_if_wanted();
}

void Scout::begin_if_wanted() {
  if (looking_ || !wanted_) return;
  try {
    begin();
    wanted_ = false;
  } catch (const Error&) {
    // No thread now: take() tries again, and what was found before stays.
  }
}

std::optional<Scout::Found> Scout::take() {
  auto found = found_->try_pop();
  if (found) looking_ = false;
  begin_if_wanted();
  return found;
}

}  // namespace mien
