#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace mien::base {

/// What the program remembers between starts. A new setting is a member here and its name in
/// the line below; files without it, or with unknown keys, still load.
struct Settings {
  /// As --source; empty: the first camera, else the demo. Never written with a secret in it.
  std::string source;
  std::string model;     ///< model id or folder; empty: the default
  std::string reading;   ///< id of a model card's reading; empty: the model's default
  std::string detector;  ///< detector id; empty: the default
  /// Id of a landmarks model; empty: the default, "none": faces are not measured.
  std::string landmarks;
  /// How much of each face a recording's table holds: a word of sessions/columns.hpp.
  std::string columns = "basic";
  std::map<std::string, std::string>
      camera_modes;          ///< camera's stable path -> "1280x720@30 MJPG"
  std::string sessions_dir;  ///< empty: default_sessions_dir()
  /// What a recording keeps of people: a word of sessions/privacy.hpp.
  std::string privacy = "everything";
  std::string video_encoder;  ///< as SessionOptions::encoder; empty: the best there is
  /// Where the reading is sent, as specs of outputs/outputs.hpp; empty, as at first: nowhere.
  std::vector<std::string> outputs;
  /// Protocol's word -> the argument that was typed for it last, also while it is off.
  std::map<std::string, std::string> output_places;
  bool notice_acknowledged = false;  ///< the first-run notice was read and accepted
  /// Folders of broken sessions that the user does not want to be asked about again.
  std::vector<std::string> recovery_declined;
  bool show_bars = true;
  bool show_panel = true;
  bool show_timeline = true;
  bool timeline_lanes = false;  ///< a lane for everybody; else the chosen person's lines
  bool show_landmarks = false;  ///< eyes, nose and mouth
  std::string mesh = "off";     ///< what is drawn of it: a word of overlay::MeshStyle
  bool show_pose = false;       ///< the head's axes over the picture
  bool show_movements = false;  ///< as bars on the cards
  /// Lines on the timeline beside those of the expressions, see ui/curves.hpp.
  std::vector<std::string> curves;
  bool mirror_cameras = true;  ///< a camera's picture is shown as in a mirror
  bool fullscreen = false;
  int window_width = 1280;
  int window_height = 800;

  bool operator==(const Settings&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(
    Settings, source, model, reading, detector, landmarks, columns, camera_modes, sessions_dir,
    privacy, video_encoder, outputs, output_places, notice_acknowledged, recovery_declined,
    show_bars, show_panel, show_timeline, timeline_lanes, show_landmarks, mesh, show_pose,
    show_movements, curves, mirror_cameras, fullscreen, window_width, window_height)

/// user_config_dir()/settings.json
std::filesystem::path default_settings_file();

struct LoadedSettings {
  Settings settings;
  std::vector<std::string> problems;  ///< a sentence each for what could not be used
  bool differ = false;  ///< from what is in the file, which should be written anew
};

/// Reads settings. A missing file gives the defaults; a broken one too, is kept beside as
/// `settings.json.broken`, and is named in `problems`. A wrong type in one key loses that key
/// alone, which is said as well. Where the choice of privacy cannot be read, the strictest one
/// holds. Never throws.
LoadedSettings load_settings(const std::filesystem::path& file);

/// The source if it can be remembered: neither an address with a secret in it, nor a name that
/// JSON cannot hold; else nothing.
std::string rememberable_source(const std::string& source);

/// Writes settings through a temporary file and a rename; a source that cannot be remembered is
/// left out. Throws Error.
void save_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace mien::base
