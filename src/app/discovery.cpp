#include "discovery.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/emotions/face_teacher.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"

namespace mien::app {

using namespace std::chrono_literals;

Discovery::Found Discovery::probe() {
  Found found;
  try {
    found.cameras = sources::list_cameras();
    const auto library = models::ModelLibrary::standard();
    for (const auto& card : library.cards(models::ModelCard::Task::emotion)) {
      found.models.push_back({card.id, card.name, card.limitations});
      if (emotions::was_taught(card) &&
          card.folder.parent_path() == models::user_models_dir()) {
        found.taught.push_back(found.models.back());
      }
    }
    for (const auto& detector : faces::list_detectors(library)) {
      found.detectors.push_back({detector.id, detector.name, detector.description});
    }
    for (const auto& card : library.cards(models::ModelCard::Task::landmarks)) {
      found.landmarks.push_back({card.id, card.name, card.limitations});
    }
    found.problems = library.problems();
    for (const auto& protocol : outputs::protocols()) {
      if (protocol.places != nullptr) found.places[protocol.word] = protocol.places();
    }
  } catch (...) {
    found.problems.push_back(base::describe_current_exception());
  }
  return found;
}

Discovery::Discovery(std::function<void()> wake, std::function<Found()> probe,
                     const std::string& devices)
    : wake_(std::move(wake)), probe_(std::move(probe)), watcher_(devices) {
  begin();
}

void Discovery::begin() {
  queue_.run([probe = probe_, wake = wake_, found = found_] {
    found->push_latest(probe());
    wake();
  });
  searching_ = true;
}

void Discovery::search() {
  requested_ = true;
  begin_if_requested();
}

void Discovery::begin_if_requested() {
  if (searching_ || !requested_) return;
  try {
    begin();
    requested_ = false;
  } catch (const base::Error&) {
    // No thread now: poll() tries again, and what was found before stays.
  }
}

std::optional<Discovery::Found> Discovery::poll(Clock::time_point now) {
  // A device node shows up before its permissions are set: search twice.
  if (watcher_.changed()) {
    search();
    search_again_at_ = now + 1s;
  } else if (search_again_at_ && now >= *search_again_at_) {
    search();
    search_again_at_.reset();
  }
  auto found = found_->try_pop();
  if (found) searching_ = false;
  begin_if_requested();
  return found;
}

}  // namespace mien::app
