#include "choices.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"
#include "mien/overlay/overlay_layout.hpp"
#include "mien/recording/session_writer.hpp"

namespace mien::app {
namespace {

using namespace std::chrono_literals;

// Several changes in a row are written once.
constexpr auto kSaveDelay = 2s;

}  // namespace

Choices::Choices(std::filesystem::path file, base::WindowOptions command_line,
                 base::BackgroundQueue& disk)
    : file_(std::move(file)),
      command_line_(std::move(command_line)),
      disk_(disk),
      problems_(std::make_shared<base::Channel<std::string>>(4)) {
  auto loaded = base::load_settings(file_);
  settings_ = std::move(loaded.settings);
  if (!loaded.differ) saved_ = settings_;
  for (auto& problem : loaded.problems) warn(std::move(problem));
  validate();
}

/// Checks settings whose values other rooms define.
void Choices::validate() {
  if (!sessions::privacy_of(settings_.privacy))
    settings_.privacy = sessions::word(sessions::Privacy::data_only);
  // Of a later version: what is safe, and nothing that anybody would miss.
  if (!sessions::columns_of(settings_.columns)) {
    settings_.columns = sessions::word(sessions::Columns::basic);
  }
  if (!overlay::mesh_style_of(settings_.mesh)) {
    settings_.mesh = overlay::word(overlay::MeshStyle::off);
  }
  const auto encoders = recording::video_encoders();
  if (!settings_.video_encoder.empty() &&
      std::none_of(encoders.begin(), encoders.end(), [&](const auto& encoder) {
        return encoder.name == settings_.video_encoder;
      })) {
    warn("The video encoder “" + settings_.video_encoder +
         "” from the settings is not available; the default is used.");
    settings_.video_encoder.clear();
  }
  for (auto it = settings_.camera_modes.begin(); it != settings_.camera_modes.end();) {
    try {
      (void)sources::parse_camera_mode(it->second);
      ++it;
    } catch (const base::Error&) {
      warn("The mode “" + it->second + "” of the camera " + it->first +
           " in the settings is not understood; its best mode is used.");
      it = settings_.camera_modes.erase(it);
    }
  }
}

void Choices::warn(std::string sentence) {
  notices_.push_back({base::Notice::Level::warning, std::move(sentence)});
}

void Choices::handle(const ui::action::ChangeSetting& action) {
  change([&](base::Settings& settings) { settings.*action.setting = action.on; });
}

void Choices::change(const std::function<void(base::Settings&)>& how) {
  how(settings_);
  changed_ = Clock::now();
}

std::string Choices::source() const {
  return command_line_.source.empty() ? settings_.source : command_line_.source;
}
std::string Choices::model() const {
  return command_line_.model.empty() ? settings_.model : command_line_.model;
}
std::string Choices::reading() const {
  return command_line_.reading.empty() ? settings_.reading : command_line_.reading;
}
std::string Choices::detector() const {
  return command_line_.detector.empty() ? settings_.detector : command_line_.detector;
}

std::vector<std::string> Choices::outputs() const {
  // A run of a script's shows no notice: there only what its command line says is the user's
  // word.
  auto specs = settings_.notice_acknowledged ? settings_.outputs : std::vector<std::string>();
  specs.insert(specs.end(), command_line_.send.begin(), command_line_.send.end());
  return specs;
}

void Choices::remember_output(const std::string& spec, bool on) {
  change([&](base::Settings& settings) {
    std::erase(settings.outputs, spec);
    if (on) settings.outputs.push_back(spec);
  });
}

sessions::Privacy Choices::privacy() const {
  const auto& chosen =
      command_line_.privacy.empty() ? settings_.privacy : command_line_.privacy;
  return sessions::privacy_of(chosen).value_or(sessions::Privacy::data_only);
}

void Choices::handle(const ui::action::ChoosePrivacy& action) {
  command_line_.privacy.clear();
  change([&](base::Settings& settings) { settings.privacy = sessions::word(action.privacy); });
}

const std::string& Choices::encoder() const {
  return command_line_.encoder.empty() ? settings_.video_encoder : command_line_.encoder;
}

void Choices::handle(const ui::action::ChooseEncoder& action) {
  command_line_.encoder.clear();
  change([&](base::Settings& settings) { settings.video_encoder = action.encoder; });
}

std::string Choices::landmarks() const {
  if (!command_line_.landmarks.empty()) return command_line_.landmarks;
  const auto& remembered = settings_.landmarks;
  const bool needed = !command_line_.columns.empty() && columns() != sessions::Columns::basic;
  if (!needed) return remembered;
  // By its name: a recording must not begin without it.
  return remembered.empty() || remembered == analysis::kNoLandmarks
             ? analysis::kDefaultLandmarks
             : remembered;
}

sessions::Columns Choices::columns() const {
  const auto& chosen =
      command_line_.columns.empty() ? settings_.columns : command_line_.columns;
  return sessions::columns_of(chosen).value_or(sessions::Columns::basic);
}

void Choices::handle(const ui::action::ChooseColumns& action) {
  command_line_.columns.clear();
  change([&](base::Settings& settings) { settings.columns = sessions::word(action.columns); });
}

void Choices::handle(const ui::action::ChooseMesh& action) {
  change([&](base::Settings& settings) { settings.mesh = overlay::word(action.style); });
}

void Choices::handle(const ui::action::ChooseCurve& action) {
  change([&](base::Settings& settings) {
    std::erase(settings.curves, action.id);
    if (action.on) settings.curves.push_back(action.id);
  });
}

std::filesystem::path Choices::sessions_folder() const {
  if (!command_line_.sessions.empty()) return command_line_.sessions;
  if (!settings_.sessions_dir.empty()) return settings_.sessions_dir;
  return base::default_sessions_dir();
}

std::optional<sources::CameraMode> Choices::camera_mode(const std::string& camera) const {
  const auto it = settings_.camera_modes.find(camera);
  if (it == settings_.camera_modes.end()) return std::nullopt;
  return sources::parse_camera_mode(it->second);
}

void Choices::choose_camera_mode(const std::string& camera,
                                 const std::optional<sources::CameraMode>& mode) {
  change([&](base::Settings& settings) {
    if (mode) {
      settings.camera_modes[camera] = sources::to_string(*mode);
    } else {
      settings.camera_modes.erase(camera);
    }
  });
}

void Choices::request_source(const std::string& spec, const std::string& running) {
  requested_source_ = spec;
  source_before_ = running;
}

void Choices::remember(std::string& setting, const std::string& value) {
  if (setting == value) return;
  setting = value;
  changed_ = Clock::now();
}

void Choices::remember_running(const analysis::LiveStatus& status, bool model_is_unsaved) {
  const auto& running = status.source.spec;
  if (!requested_source_.empty() &&
      (running == requested_source_ || running != source_before_)) {
    requested_source_.clear();
    if (base::rememberable_source(running) == running) {
      remember(settings_.source, running);
    } else if (base::redact_address(running) != running) {
      notices_.push_back({base::Notice::Level::info,
                          "The address " + base::redact_address(running) +
                              " was not saved, because it contains a password or token; enter "
                              "it again next time."});
    }
  }
  if (!requested_model_.empty() && status.model_id == requested_model_ && !model_is_unsaved) {
    remember(settings_.model, requested_model_);
  }
  if (!requested_reading_.empty() && status.model_reading == requested_reading_) {
    remember(settings_.reading, requested_reading_);
  }
  if (!requested_detector_.empty() && status.detector_id == requested_detector_) {
    remember(settings_.detector, requested_detector_);
  }
  const std::string landmarks =
      status.landmarks_id.empty() ? analysis::kNoLandmarks : status.landmarks_id;
  if (!requested_landmarks_.empty() && landmarks == requested_landmarks_) {
    remember(settings_.landmarks, requested_landmarks_);
  }
}

void Choices::save(bool at_once) {
  if (saved_ == settings_ || (!at_once && Clock::now() - changed_ < kSaveDelay)) return;
  try {
    disk_.run([file = file_, settings = settings_, problems = problems_] {
      try {
        base::save_settings(file, settings);
      } catch (...) {
        problems->push_latest(base::describe_current_exception());
      }
    });
    saved_ = settings_;
  } catch (const base::Error& error) {  // no thread: once more after the next pause
    changed_ = Clock::now();
    if (at_once) problems_->push_latest(error.what());
  }
}

std::vector<base::Notice> Choices::take_notices() {
  while (auto problem = problems_->try_pop()) warn(std::move(*problem));
  return std::exchange(notices_, {});
}

}  // namespace mien::app
