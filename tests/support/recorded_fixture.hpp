#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/recorded_session.hpp"

namespace mien::testing {

/// A reading for a session that is made up: `sure` ones name the likeliest label.
inline sessions::SessionRow made_row(std::uint64_t frame, int person, double timestamp,
                                     std::vector<float> probabilities,
                                     const std::string& verdict) {
  sessions::SessionRow row;
  row.frame = frame;
  row.person = person;
  row.timestamp = timestamp;
  row.confidence = 0.875F;
  row.success = true;
  row.box = {10, 20, 40, 50};
  row.probabilities = std::move(probabilities);
  for (const float value : row.probabilities) {
    if (value > row.certainty) row.certainty = value;
  }
  row.verdict = verdict;
  if (verdict == sessions::kNotSure) row.reason = "low probability";
  return row;
}

inline sessions::SessionRow made_empty_row(std::uint64_t frame, double timestamp,
                                           std::size_t labels) {
  sessions::SessionRow row;
  row.frame = frame;
  row.timestamp = timestamp;
  row.probabilities.assign(labels, std::numeric_limits<float>::quiet_NaN());
  return row;
}

/// A session.json as a finished session of these rows has it.
inline nlohmann::json made_document(const std::vector<std::string>& labels,
                                    const std::vector<sessions::SessionRow>& rows) {
  std::uint64_t frames = 0;
  std::uint64_t faces = 0;
  std::uint64_t without = 0;
  std::vector<int> people;
  for (const auto& row : rows) {
    frames = row.frame;
    if (!row.success) {
      ++without;
      continue;
    }
    ++faces;
    if (std::find(people.begin(), people.end(), row.person) == people.end()) {
      people.push_back(row.person);
    }
  }
  return {{"schema", "mien-session"},
          {"schema_version", 1},
          {"program", {{"name", "mien"}, {"version", "0.1.0"}}},
          {"state", "closed"},
          {"started", "2026-11-22T07:15:00+01:00"},
          {"finished", "2026-11-22T07:16:00+01:00"},
          {"ended", "stopped"},
          {"problem", ""},
          {"source",
           {{"spec", "clip.mp4"},
            {"name", "clip.mp4"},
            {"kind", "file"},
            {"width", 640},
            {"height", 360},
            {"fps", 30.0},
            {"live", false}}},
          {"detector", "blazeface"},
          {"model",
           {{"id", "fake"},
            {"name", "Fake model"},
            {"license", "MIT"},
            {"limitations", "Knows nothing."}}},
          {"labels", labels},
          {"files", {"faces.csv"}},
          {"seconds", rows.empty() ? 0.0 : rows.back().timestamp},
          {"counts",
           {{"frames", frames},
            {"faces", faces},
            {"frames_without_face", without},
            {"people", people.size()},
            {"frames_left_out", 0},
            {"frames_scaled", 0}}},
          {"model_changes", nlohmann::json::array()}};
}

inline std::string faces_csv(const std::vector<std::string>& labels,
                             const std::vector<sessions::SessionRow>& rows) {
  std::string text = "frame,face_id,timestamp,confidence,success,x,y,w,h";
  for (const auto& label : labels) text += ',' + base::csv_field(label);
  text += ",verdict,certainty,reason,valence\r\n";
  for (const auto& row : rows) {
    text += std::to_string(row.frame) + ',' + std::to_string(row.person) + ',' +
            base::decimal_or_empty(row.timestamp, 3);
    if (!row.success) {
      text += ",0,0" + std::string(8 + labels.size(), ',') + "\r\n";
      continue;
    }
    text += ',' + base::decimal_or_empty(row.confidence, 3) + ",1";
    for (const float side : {row.box.x, row.box.y, row.box.width, row.box.height}) {
      text += ',' + base::decimal_or_empty(side, 1);
    }
    for (const float value : row.probabilities) text += ',' + base::decimal_or_empty(value, 4);
    text += ',' + base::csv_field(row.verdict) + ',' +
            base::decimal_or_empty(row.certainty, 4) + ',' + base::csv_field(row.reason) + ',' +
            base::decimal_or_empty(row.valence, 4) + "\r\n";
  }
  return text;
}

inline void put(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  ::chmod(file.c_str(), 0600);
}

/// Writes a finished session without a video; what a test changes in it shows what it is about.
inline std::filesystem::path make_session(const std::filesystem::path& folder,
                                          const std::vector<std::string>& labels,
                                          const std::vector<sessions::SessionRow>& rows,
                                          const nlohmann::json& document = nullptr,
                                          const std::string& events = "") {
  std::filesystem::create_directories(folder);
  ::chmod(folder.c_str(), 0700);
  put(folder / "faces.csv", faces_csv(labels, rows));
  put(folder / "session.json",
      (document.is_null() ? made_document(labels, rows) : document).dump(2));
  if (!events.empty()) {
    put(folder / "events.csv", "frame,timestamp,event,face_id,value,text\r\n" + events);
  }
  return folder;
}

inline const std::vector<std::string>& eight_labels() {
  static const std::vector<std::string> labels = {
      "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"};
  return labels;
}

/// Two people, one hidden for a while, a frame without a face, one not sure.
inline std::vector<sessions::SessionRow> some_rows() {
  const std::vector<float> happy = {0.04F, 0.9F, 0.01F, 0.01F, 0.01F, 0.01F, 0.01F, 0.01F};
  const std::vector<float> neutral = {0.8F, 0.1F, 0.02F, 0.02F, 0.02F, 0.02F, 0.01F, 0.01F};
  const std::vector<float> close = {0.4F, 0.45F, 0.05F, 0.02F, 0.02F, 0.02F, 0.02F, 0.02F};
  std::vector<sessions::SessionRow> rows = {
      made_row(1, 1, 0, neutral, "neutral"),          made_row(1, 2, 0, happy, "happiness"),
      made_row(2, 1, 0.1, close, sessions::kNotSure), made_empty_row(3, 0.2, 8),
      made_row(4, 1, 0.3, happy, "happiness"),        made_row(5, 1, 0.4, happy, "happiness")};
  rows[2].reason = "two labels close";
  for (auto& row : rows) {
    if (row.success) row.valence = row.probabilities[1] - row.probabilities[3];
  }
  return rows;
}

}  // namespace mien::testing
