#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/base/notice.hpp"
#include "mien/base/settings.hpp"
#include "mien/base/window_options.hpp"
#include "mien/sessions/columns.hpp"
#include "mien/sessions/privacy.hpp"
#include "mien/sources/cameras.hpp"
#include "mien/ui/actions.hpp"

namespace mien::app {

/// What the user has chosen, and what of it is remembered: the settings, the command line's
/// overrides, and what was requested in the window but does not run yet. The UI thread's; files
/// are written in the background.
class Choices {
 public:
  using Clock = std::chrono::steady_clock;

  /// Reads the settings. Words in them that are not understood become safe ones; take_notices()
  /// says so. `command_line` holds in place of a setting until another is chosen in the window.
  /// Files are written by `disk`.
  Choices(std::filesystem::path file, base::WindowOptions command_line,
          base::BackgroundQueue& disk);

  void handle(const ui::action::ChangeSetting& action);
  /// Of the next recording.
  void handle(const ui::action::ChoosePrivacy& action);
  void handle(const ui::action::ChooseEncoder& action);
  void handle(const ui::action::ChooseColumns& action);
  void handle(const ui::action::ChooseMesh& action);
  void handle(const ui::action::ChooseCurve& action);

  const base::Settings& settings() const { return settings_; }
  /// Changes some of them; they are written a moment later.
  void change(const std::function<void(base::Settings&)>& how);

  // What the session starts with.
  std::string source() const;
  std::string model() const;
  std::string reading() const;
  std::string detector() const;
  /// As LiveRequests::landmarks. Where the command line wants columns that need a model, the
  /// standard one is used though none was remembered.
  std::string landmarks() const;

  /// Where the reading is sent: what was remembered, if the first-run notice has been accepted,
  /// and what the command line adds.
  std::vector<std::string> outputs() const;
  /// Whether it is sent there at the next start.
  void remember_output(const std::string& spec, bool on);

  sessions::Privacy privacy() const;
  const std::string& encoder() const;
  sessions::Columns columns() const;
  std::filesystem::path sessions_folder() const;
  /// What was chosen for this camera, if anything.
  std::optional<sources::CameraMode> camera_mode(const std::string& camera) const;
  void choose_camera_mode(const std::string& camera,
                          const std::optional<sources::CameraMode>& mode);

  /// Requested in the window; `running` is the address of the source that runs until then.
  void request_source(const std::string& spec, const std::string& running);
  void request_model(const std::string& id) { requested_model_ = id; }
  void request_reading(const std::string& id) { requested_reading_ = id; }
  void request_detector(const std::string& id) { requested_detector_ = id; }
  void request_landmarks(const std::string& id) { requested_landmarks_ = id; }
  const std::string& requested_model() const { return requested_model_; }

  /// What was requested is remembered once it runs: a choice that failed is not, nor an address
  /// with a secret in it, nor a model that is in memory alone.
  void remember_running(const analysis::LiveStatus& status, bool model_is_unsaved);

  /// Writes what has changed, if it has been so for a moment; `at_once`: now.
  void save(bool at_once = false);
  std::vector<base::Notice> take_notices();

 private:
  void validate();
  void remember(std::string& setting, const std::string& value);
  void warn(std::string sentence);

  const std::filesystem::path file_;
  base::WindowOptions command_line_;
  base::BackgroundQueue& disk_;
  base::Settings settings_;
  std::optional<base::Settings> saved_;  ///< none: the file is to be written anew
  Clock::time_point changed_{};
  std::string requested_source_, source_before_;
  std::string requested_model_, requested_reading_, requested_detector_, requested_landmarks_;
  std::vector<base::Notice> notices_;
  std::shared_ptr<base::Channel<std::string>> problems_;  ///< of writing
};

}  // namespace mien::app
