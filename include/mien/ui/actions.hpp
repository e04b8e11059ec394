#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mien/base/settings.hpp"
#include "mien/overlay/overlay_layout.hpp"
#include "mien/sessions/columns.hpp"
#include "mien/sessions/privacy.hpp"
#include "mien/sources/cameras.hpp"

namespace mien::ui {

/// What the user requests in the window. Panels only request; the app acts.
namespace action {

/// Any source, as --source takes it. A camera comes in the mode that is remembered for it.
struct OpenSource {
  std::string spec;
};
/// A camera in a mode that is remembered for it; none: the best mode, and the remembered one is
/// deleted.
struct OpenCamera {
  std::string stable_path;
  std::optional<sources::CameraMode> mode;
};
struct UseModel {
  std::string id;
};
/// Another of the readings (calibrations) of the model in use.
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
/// A landmarks model; analysis::kNoLandmarks for none.
struct UseLandmarks {
  std::string id;
};
struct Pause {
  bool on = true;
};
/// Plays a source that has ended from its beginning.
struct RestartSource {};
struct Record {
  bool on = true;
};
struct TakeScreenshot {};
/// The next two seconds of this person's face are their resting face.
struct SetNeutral {
  int person = 0;
};
/// Readings of this person are no longer corrected for a resting face.
struct ClearNeutral {
  int person = 0;
};
/// Saves a person's resting face on disk under a name that the user gave.
struct SaveNeutral {
  int person = 0;
  std::string name;
};
/// Uses a saved resting face.
struct LoadNeutral {
  int person = 0;
  std::string name;
};
/// Deletes the saved resting faces of a name.
struct DeleteNeutral {
  std::string name;
};
/// Switches one setting on or off, so that actions of one redraw do not undo each other.
struct ChangeSetting {
  bool base::Settings::*setting = nullptr;  ///< never null
  bool on = true;
};
/// The privacy mode of the next recording.
struct ChoosePrivacy {
  sessions::Privacy privacy = sessions::Privacy::everything;
};
/// How the next recording's video is written, as SessionOptions::encoder.
struct ChooseEncoder {
  std::string encoder;
};
/// How much of each face the next recording's table holds.
struct ChooseColumns {
  sessions::Columns columns = sessions::Columns::basic;
};
/// What of each face's mesh is drawn over the picture.
struct ChooseMesh {
  overlay::MeshStyle style = overlay::MeshStyle::off;
};
/// Adds one of curves() to the timeline, or takes it away.
struct ChooseCurve {
  std::string id;
  bool on = true;
};
/// Switches on or off what is sent by a protocol, by its word, to a place that is its argument;
/// remembered.
struct Send {
  std::string word;
  std::string argument;
  bool on = true;
};
/// Another place for a protocol, which is remembered, and takes effect at once where it is on.
struct SendTo {
  std::string word;
  std::string before;  ///< the argument until now
  std::string argument;
  bool on = false;  ///< switched on there, if it was off
};
/// The answer to ViewModel::send_question.
struct AnswerSendQuestion {
  bool allowed = false;
};
/// A marker at the time `at`, with a text or without.
struct Marker {
  std::string text;
  std::chrono::steady_clock::time_point at;
};
/// Names a person; empty removes the name.
struct NamePerson {
  int person = 0;
  std::string name;
};

/// The user's answer about a session that a crash left unfinished.
struct AnswerRecovery {
  enum class Answer { recover, later, never };
  std::filesystem::path folder;
  Answer answer = Answer::later;
};
/// Lists the sessions again.
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
/// Deletes permanently; the panel has asked.
struct DeleteSession {
  std::filesystem::path folder;
};

/// "Teach it your face": adds this person's face, as it is now, as an example of the label;
/// once per frame.
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
/// Trains a model of that name on all examples.
struct TrainModel {
  std::string name;
};
struct CancelTraining {};
/// Writes the newest trained model to the user's models.
struct SaveModel {};
/// Deletes a user-trained model, with its examples when it is the newest one.
struct DeleteModel {
  std::string id;
};

/// Runs the system check anew; what it finds comes into ViewModel::system_check.
struct CheckSystem {};
/// Nobody looks at it any more.
struct StopSystemCheck {};

/// Lists devices and models again: a menu that shows them was opened.
struct RefreshLists {};
struct Quit {};

}  // namespace action

using Action = std::variant<
    action::OpenSource, action::OpenCamera, action::UseModel, action::UseReading,
    action::AddModel, action::UseDetector, action::UseLandmarks, action::Pause,
    action::RestartSource, action::Record, action::TakeScreenshot, action::SetNeutral,
    action::ClearNeutral, action::SaveNeutral, action::LoadNeutral, action::DeleteNeutral,
    action::ChangeSetting, action::ChoosePrivacy, action::ChooseEncoder, action::ChooseColumns,
    action::ChooseMesh, action::ChooseCurve, action::Send, action::SendTo,
    action::AnswerSendQuestion, action::Marker, action::NamePerson, action::AnswerRecovery,
    action::ListSessions, action::OpenSession, action::CloseSession, action::Seek,
    action::ExportSession, action::OpenReport, action::OpenFolder, action::DeleteSession,
    action::AddExample, action::RemoveExample, action::RemoveLabel, action::TrainModel,
    action::CancelTraining, action::SaveModel, action::DeleteModel, action::CheckSystem,
    action::StopSystemCheck, action::RefreshLists, action::Quit>;

}  // namespace mien::ui
