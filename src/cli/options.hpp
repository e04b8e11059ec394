#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "mien/base/numbers.hpp"
#include "mien/models/model_library.hpp"
#include "mien/sessions/columns.hpp"

#include "command.hpp"

namespace mien::cli {

/// What option values must be; the text says what is wrong, for the command line's error.
inline const CLI::Validator kSeconds(
    [](std::string& text) -> std::string {
      double value = 0;
      if (!base::parse_number(text, value) || !std::isfinite(value) || value < 0) {
        return "\"" + text + "\" is not a number of seconds";
      }
      return {};
    },
    "");

inline const CLI::Validator kNotEmpty(
    [](std::string& text) -> std::string { return text.empty() ? "it must not be empty" : ""; },
    "");

/// Options that the window and several subcommands share.
CLI::Option* add_model_option(CLI::App& command, std::string& value);
CLI::Option* add_detector_option(CLI::App& command, std::string& value);
CLI::Option* add_reading_option(CLI::App& command, std::string& value);

/// `otherwise`: in words, which one is used when none is named.
CLI::Option* add_landmarks_option(CLI::App& command, std::string& value,
                                  const std::string& otherwise);

/// `--columns basic|movements|landmarks`; another word is an error of the command line.
CLI::Option* add_columns_option(CLI::App& command, std::string& value);

/// What two options say together: movements need a landmarks model, and whoever names one wants
/// to see its movements.
struct MovementChoice {
  std::string landmarks;  ///< an id or a folder, or "none"
  sessions::Columns columns = sessions::Columns::basic;
};
/// Empty words are options that were not given. Throws UsageError when the two do not fit.
MovementChoice choose_movements(const std::string& landmarks, const std::string& columns);

/// Runs `body`, which finds what the command line names: a name that there is not is a
/// UsageError.
template <typename Body>
auto as_usage(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const models::UnknownModel& error) {
    throw UsageError(error.what());
  }
}

/// The card of the model `id` (empty: the default one) in that reading. Throws UsageError when
/// there is no such model, or it has no such reading.
models::ModelCard choose_model(const models::ModelLibrary& library, const std::string& id,
                               const std::string& reading);

/// `--export FORMAT`, as often as wanted; another word than a format's is an error of the
/// command line.
CLI::Option* add_export_option(CLI::App& command, std::vector<std::string>& formats);

/// `--send SPEC`, as often as wanted; a spec that is no good is an error of the command line.
CLI::Option* add_send_option(CLI::App& command, std::vector<std::string>& specs);

/// `--encoder WORD`: the name of that one of video_encoders() comes out, for
/// SessionOptions::encoder.
CLI::Option* add_encoder_option(CLI::App& command, std::string& value);

}  // namespace mien::cli
