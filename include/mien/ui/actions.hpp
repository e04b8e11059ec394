#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mien/base/settings.hpp"
#include "mien/sources/camera_mode.hpp"

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
struct Replay {};
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
struct KeepNeutral {
  int person = 0;
  std::string name;
};
/// Uses a resting face that was kept.
struct UseKept {
  int person = 0;
  std::string name;
};
/// Deletes what was kept under a name.
struct ForgetKept {
  std::string name;
};
struct ChangeSettings {
  Settings settings;
};
/// A menu that lists devices and models was opened: look again what there is.
struct RefreshLists {};
struct Quit {};

}  // namespace action

using Action =
    std::variant<action::OpenSource, action::OpenCamera, action::UseModel, action::AddModel,
                 action::UseDetector, action::Pause, action::Replay, action::Record,
                 action::TakeScreenshot, action::SetNeutral, action::ClearNeutral,
                 action::KeepNeutral, action::UseKept, action::ForgetKept,
                 action::ChangeSettings, action::RefreshLists, action::Quit>;

}  // namespace mien
