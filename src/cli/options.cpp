#include "options.hpp"

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/movements/movement_reader.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/reports/exports.hpp"

namespace mien::cli {

CLI::Option* add_model_option(CLI::App& command, std::string& value) {
  return command
      .add_option("--model", value, "Expression model: an id of `mien models`, or a folder")
      ->type_name("ID|DIR")
      ->check(kNotEmpty);
}

CLI::Option* add_detector_option(CLI::App& command, std::string& value) {
  return command.add_option("--detector", value, "Face detector: an id of `mien detectors`")
      ->type_name("ID")
      ->check(kNotEmpty);
}

CLI::Option* add_reading_option(CLI::App& command, std::string& value) {
  return command
      .add_option("--reading", value,
                  "How the model is calibrated, if it has a choice: everyday, acted")
      ->type_name("WORD")
      ->check(kNotEmpty);
}

CLI::Option* add_landmarks_option(CLI::App& command, std::string& value,
                                  const std::string& otherwise) {
  return command
      .add_option("--landmarks", value,
                  "Landmarks model, which gives mesh, head pose, movements and blinks: "
                  "face-mesh, one of your own, a folder, or none (default: " +
                      otherwise + ")")
      ->type_name("ID|DIR")
      ->check(kNotEmpty);
}

CLI::Option* add_columns_option(CLI::App& command, std::string& value) {
  return command
      .add_option(
          "--columns", value,
          "How much of each face faces.csv holds: basic, movements (head pose, "
          "movements, eyes) or landmarks (68 points, too); default: basic, or movements "
          "with --landmarks")
      ->type_name("WORD")
      ->check(CLI::Validator(
          [](std::string& text) -> std::string {
            if (sessions::columns_of(text)) return {};
            return "\"" + text + "\" is none of basic, movements, landmarks";
          },
          ""));
}

MovementChoice choose_movements(const std::string& landmarks, const std::string& columns) {
  const bool none = landmarks == movements::kNoLandmarks;
  MovementChoice choice;
  choice.columns = columns.empty() ? (landmarks.empty() || none ? sessions::Columns::basic
                                                                : sessions::Columns::movements)
                                   : sessions::columns_of(columns).value();
  const bool needed = choice.columns != sessions::Columns::basic;
  if (needed && none) {
    throw UsageError("The columns \"" + columns +
                     "\" need a landmarks model; leave out --landmarks none.");
  }
  choice.landmarks = !landmarks.empty() ? landmarks
                     : needed           ? movements::kDefaultLandmarks
                                        : movements::kNoLandmarks;
  return choice;
}

models::ModelCard choose_model(const models::ModelLibrary& library, const std::string& id,
                               const std::string& reading) {
  models::ModelCard card = as_usage([&] {
    return library.find(id.empty() ? emotions::default_emotion_model(library) : id,
                        models::ModelCard::Task::emotion);
  });
  try {
    return models::with_reading(std::move(card), reading);
  } catch (const base::Error& error) {
    throw UsageError(error.what());
  }
}

CLI::Option* add_export_option(CLI::App& command, std::vector<std::string>& formats) {
  std::string known;
  std::vector<std::string> ids;
  for (const auto& format : reports::export_formats()) {
    known += (known.empty() ? "" : ", ") + std::string(format.id);
    ids.emplace_back(format.id);
  }
  return command
      .add_option(
          "--export", formats,
          "Write the session for other programs, too; more than once for several:\n" + known)
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::Validator(
          [ids, known](std::string& text) -> std::string {
            if (std::find(ids.begin(), ids.end(), text) != ids.end()) return {};
            return "\"" + text + "\" is not an export format; choose one of " + known;
          },
          ""));
}

CLI::Option* add_send_option(CLI::App& command, std::vector<std::string>& specs) {
  std::string known;
  for (const auto& protocol : outputs::protocols()) {
    known += (known.empty() ? "" : ", ") + std::string(protocol.word);
    if (*protocol.argument != '\0') known += std::string("[:") + protocol.argument + "]";
  }
  return command
      .add_option("--send", specs,
                  "Send the reading to other programs, live; more than once for\n"
                  "several: " +
                      known)
      ->type_name("WHERE")
      ->allow_extra_args(false)
      ->check(CLI::Validator(
          [](std::string& text) -> std::string {
            try {
              outputs::check_spec(text);
              return {};
            } catch (const base::Error& error) {
              return error.what();
            }
          },
          ""));
}

CLI::Option* add_encoder_option(CLI::App& command, std::string& value) {
  static const auto kThere = recording::video_encoders();
  static const std::string kWords = [] {
    std::string words;
    for (std::size_t i = 0; i < kThere.size(); ++i) {
      words += (i == 0 ? "" : i + 1 < kThere.size() ? ", " : " or ") + kThere[i].word;
    }
    return words;
  }();
  return command
      .add_option("--encoder", value,
                  "How the video is written: " + kWords + "\n(default: the first)")
      ->type_name("WORD")
      ->transform(CLI::Validator(
          [](std::string& text) -> std::string {
            const auto found =
                std::find_if(kThere.begin(), kThere.end(),
                             [&](const auto& each) { return each.word == text; });
            if (found == kThere.end()) {
              return "\"" + text + "\" is not an encoder of this system; choose " + kWords;
            }
            text = found->name;
            return {};
          },
          ""));
}

}  // namespace mien::cli
