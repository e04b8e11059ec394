#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mien/base/settings.hpp"
#include "mien/sessions/privacy.hpp"
#include "mien/sources/cameras.hpp"

namespace mien {

/// What the person at the window asked for. Panels only ask; whoever draws them acts.
namespace action {

/// Any source, as --source takes it. A camera comes in the mode that is remembered for it.
struct OpenSource {
  std::string spec;
};
/// A camera in a mode that is to be remembered for it; none: the best, and what was remembered
/// is forgotten.
struct OpenCamera {
  std::string stable_path;
  std::optional<CameraMode> mode;
};
struct UseModel {
  std::string id;
};
/// Another of the readings that the model in use offers.
struct UseReading {
  std::string id;
};
/// Copies a model, a folder with a card or a .onnx file, to the user's own.
struct AddModel {
  std::string path;
};
struct UseDetector {
  std::string id;
};
struct Pause {
  bool on = true;
};
struct RestartSource {};
struct Record {
  bool on = true;
};
struct TakeScreenshot {};
/// The next two seconds of this person's face are their resting face.
struct SetNeutral {
  int person = 0;
};
/// Readings of this person are as the model gives them again.
struct ClearNeutral {
  int person = 0;
};
/// Keeps a person's resting face on disk under a name that the user gave.
struct SaveNeutral {
  int person = 0;
  std::string name;
};
/// Uses a resting face that was kept.
struct LoadNeutral {
  int person = 0;
  std::string name;
};
/// Deletes what was kept under a name.
struct DeleteNeutral {
  std::string name;
};
/// Switches a setting on or off. One setting an action: those of one redraw do not undo each
/// other.
struct ChangeSetting {
  bool Settings::*setting = nullptr;  ///< never null
  bool on = true;
};
/// What of the people in view the next recording keeps.
struct ChoosePrivacy {
  Privacy privacy = Privacy::everything;
};
/// How the next recording's video is written, as SessionOptions::encoder.
struct ChooseEncoder {
  std::string encoder;
};
/// Something happened: a marker that was set at `at`, with a text or without.
struct Marker {
  std::string text;
  std::chrono::steady_clock::time_point at;
};
/// A person is called that from now on; empty: not any more.
struct NamePerson {
  int person = 0;
  std::string name;
};

/// What is to become of a session that a crash left open.
struct AnswerRecovery {
  enum class Answer { recover, later, never };
  std::filesystem::path folder;
  Answer answer = Answer::later;
};
/// Look again what sessions there are.
struct ListSessions {};
/// Shows a past session instead of the live picture.
struct OpenSession {
  std::filesystem::path folder;
};
/// Back to the live picture.
struct CloseSession {};
/// Goes to a moment of the session that is shown, in seconds.
struct Seek {
  double position = 0;
};
/// Writes a file for another program; `format` is an ExportFormat's id.
struct ExportSession {
  std::filesystem::path folder;
  std::string format;
};
/// Shows the report in the user's browser; it is made first when there is none.
struct OpenReport {
  std::filesystem::path folder;
};
/// Shows the folder in the user's file manager.
struct OpenFolder {
  std::filesystem::path folder;
};
/// For ever. The panel has asked.
struct DeleteSession {
  std::filesystem::path folder;
};

/// "Teach it your face": this person's face, as it is now, is an example of the label. Nothing
/// happens when that frame was taken already.
struct AddExample {
  std::string label;
  int person = 0;
};
/// Removes an example, by its place under the label.
struct RemoveExample {
  std::string label;
  std::size_t place = 0;
};
/// Removes a label with all its examples.
struct RemoveLabel {
  std::string label;
};
/// Learns from all examples; the model gets that name.
struct TrainModel {
  std::string name;
};
struct CancelTraining {};
/// Writes what was learned to the user's models.
struct SaveModel {};
/// Lets a taught model go, with its examples when it is the one at hand, and deletes what was
/// kept of it.
struct DeleteModel {
  std::string id;
};

/// A menu that lists devices and models was opened: look again what there is.
struct RefreshLists {};
struct Quit {};

}  // namespace action

using Action = std::variant<
    action::OpenSource, action::OpenCamera, action::UseModel, action::UseReading,
    action::AddModel, action::UseDetector, action::Pause, action::RestartSource, action::Record,
    action::TakeScreenshot, action::SetNeutral, action::ClearNeutral, action::SaveNeutral,
    action::LoadNeutral, action::DeleteNeutral, action::ChangeSetting, action::ChoosePrivacy,
    action::ChooseEncoder, action::Marker, action::NamePerson, action::AnswerRecovery,
    action::ListSessions, action::OpenSession, action::CloseSession, action::Seek,
    action::ExportSession, action::OpenReport, action::OpenFolder, action::DeleteSession,
    action::AddExample, action::RemoveExample, action::RemoveLabel, action::TrainModel,
    action::CancelTraining, action::SaveModel, action::DeleteModel, action::RefreshLists,
    action::Quit>;

}  // namespace mien
