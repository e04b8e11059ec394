#include "scout.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/model_library.hpp"
#include "mien/emotions/face_teacher.hpp"
#include "mien/emotions/model_installer.hpp"
#include "mien/faces/face_detector.hpp"

namespace mien {
namespace {

Scout::Found look_around() {
  Scout::Found found;
  found.cameras = list_cameras();
  try {
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

}  // namespace

Scout::Scout(std::function<void()> wake) : wake_(std::move(wake)), thread_([this] { run(); }) {}

Scout::~Scout() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Scout::look() {
  {
    const MutexLock lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_all();
}

std::optional<Scout::Found> Scout::take() {
  const MutexLock lock(mutex_);
  return std::exchange(found_, std::nullopt);
}

void Scout::run() {
  while (true) {
    {
      const MutexLock lock(mutex_);
      while (!wanted_ && !stopping_) changed_.wait(mutex_);
      if (stopping_) return;
      wanted_ = false;
    }
    auto found = look_around();
    {
      const MutexLock lock(mutex_);
      found_ = std::move(found);
    }
    wake_();
  }
}

}  // namespace mien
