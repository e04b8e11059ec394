#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/emotions/neutral_baseline.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// Resting faces that the user saved, each under a name that the user gave, in one file that
/// holds nothing else. A name may have one for each model. One thread.
class SavedBaselines {
 public:
  /// Reads the file; a missing one is empty. A broken one is renamed to FILE.broken, and
  /// problem() says so.
  /// `disk` writes it; null: the caller's thread.
  explicit SavedBaselines(std::filesystem::path file, base::BackgroundQueue* disk = nullptr);

  /// A sentence when the file could not be used; empty otherwise.
  const std::string& problem() const { return problem_; }

  /// Names that have one for this model, in order.
  std::vector<std::string> names(const std::string& model_id) const;
  std::optional<emotions::NeutralBaseline> find(const std::string& name,
                                                const std::string& model_id) const;

  /// Writes the file. Throws Error; then nothing has changed. take_problem() reports what
  /// `disk` cannot write.
  void save(const std::string& name, emotions::NeutralBaseline baseline);
  /// All of that name, for every model, from the file too. Throws Error; then nothing has
  /// changed.
  void remove(const std::string& name);

  /// Why the last writing failed, once.
  std::optional<std::string> take_problem() { return problems_->try_pop(); }

 private:
  using People = std::map<std::string, std::map<std::string, emotions::NeutralBaseline>>;
  void write_file(const People& people) const;

  const std::filesystem::path file_;
  base::BackgroundQueue* const disk_;
  std::shared_ptr<base::Channel<std::string>> problems_ =
      std::make_shared<base::Channel<std::string>>(4);
  std::string problem_;
  People people_;  ///< name -> model id -> baseline
};

/// The names that the user gave to people, and their saved resting faces. Names are stored
/// only here; panels and recordings read them. The UI thread's.
class People {
 public:
  /// `kept`: the file of saved resting faces, written by `disk` (null: by the caller's
  /// thread).
  People(std::filesystem::path kept, base::BackgroundQueue* disk, analysis::LiveSession& live,
         ui::ViewModel& view);

  /// Of a person in the live picture, or in the past session that is shown, whose files stay.
  void handle(const ui::action::NamePerson& action);
  void handle(const ui::action::SetNeutral& action);
  void handle(const ui::action::ClearNeutral& action);
  void handle(const ui::action::SaveNeutral& action);
  void handle(const ui::action::LoadNeutral& action);
  void handle(const ui::action::DeleteNeutral& action);

  /// Of those in the live picture, by number. Numbers never come back.
  const std::map<int, std::string>& names() const { return names_; }

  /// Brings the view up to date. Once a redraw.
  void poll();

 private:
  SavedBaselines kept_;
  analysis::LiveSession& live_;
  ui::ViewModel& view_;
  std::map<int, std::string> names_;
  std::weak_ptr<const sessions::RecordedSession> replayed_;  ///< that the next are of
  std::map<int, std::string> replayed_names_;
};

}  // namespace mien::app
