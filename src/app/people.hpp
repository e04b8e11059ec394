#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "mien/analysis/live_session.hpp"
#include "mien/base/background_queue.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

#include "saved_baselines.hpp"

namespace mien {

/// What the user has told of people: their names, and their resting faces. Names are here and
/// nowhere else; panels and recordings read them. The UI thread's.
class People {
 public:
  /// `kept`: the file of resting faces that were kept, written by `disk` (null: by the caller's
  /// thread).
  People(std::filesystem::path kept, BackgroundQueue* disk, LiveSession& live, ViewModel& view);

  /// Of the live picture; of the past session while one is shown, which is not changed by it.
  void handle(const action::NamePerson& action);
  void handle(const action::SetNeutral& action);
  void handle(const action::ClearNeutral& action);
  void handle(const action::SaveNeutral& action);
  void handle(const action::LoadNeutral& action);
  void handle(const action::DeleteNeutral& action);

  /// Of those in the live picture, by number. Numbers never come back.
  const std::map<int, std::string>& names() const { return names_; }

  /// Brings the view up to date. Once a redraw.
  void poll();

 private:
  SavedBaselines kept_;
  LiveSession& live_;
  ViewModel& view_;
  std::map<int, std::string> names_;
  std::weak_ptr<const RecordedSession> replayed_;  ///< that the next are of
  std::map<int, std::string> replayed_names_;
};

}  // namespace mien
