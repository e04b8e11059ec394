#include <algorithm>
#include <cmath>

#include "mien/base/numbers.hpp"

#include "export_support.hpp"

// What DeepFace.analyze(actions=["emotion"]) returns: a list with an object for each face;
// seven emotions in percent that sum to 100 (contempt is none of them), region in whole pixels.
// For a session of several frames each object says its frame, timestamp and person as well.

namespace mien::reports {
namespace {

struct Emotion {
  const char* name;
  const char* canonical;
};
constexpr Emotion kEmotions[] = {
    {"angry", "anger"}, {"disgust", "disgust"},   {"fear", "fear"},      {"happy", "happiness"},
    {"sad", "sadness"}, {"surprise", "surprise"}, {"neutral", "neutral"}};

nlohmann::ordered_json face(const sessions::SessionRow& row, const CanonicalScores& scores) {
  nlohmann::ordered_json emotions = nlohmann::ordered_json::object();
  double sum = 0;
  const auto score = [&](const Emotion& emotion) {
    const auto value = static_cast<double>(scores.of(row, emotion.canonical));
    return std::isfinite(value) ? value : 0.0;
  };
  for (const auto& emotion : kEmotions) sum += score(emotion);
  const char* dominant = kEmotions[0].name;
  double most = -1;
  for (const auto& emotion : kEmotions) {
    const double percent = sum > 0 ? 100 * score(emotion) / sum : 0;
    emotions[emotion.name] = base::rounded(percent, 4);
    if (percent > most) {
      most = percent;
      dominant = emotion.name;
    }
  }
  nlohmann::ordered_json json;
  json["emotion"] = std::move(emotions);
  json["dominant_emotion"] = dominant;
  json["region"] = {{"x", std::lround(row.box.x)},
                    {"y", std::lround(row.box.y)},
                    {"w", std::lround(row.box.width)},
                    {"h", std::lround(row.box.height)}};
  json["face_confidence"] = base::rounded(static_cast<double>(row.confidence), 3);
  return json;
}

}  // namespace

void write_deepface(const sessions::RecordedSession& session, std::ostream& out) {
  const CanonicalScores scores(session.labels);
  const bool single = session.rows.empty() || session.rows.back().frame <= 1;
  bool first = true;
  out << '[';
  for (const auto& row : session.rows) {
    if (!row.success) continue;
    auto json = face(row, scores);
    if (!row.file.empty()) json["file"] = row.file;
    if (!single) {
      json["frame"] = row.frame;
      json["timestamp"] = base::rounded(row.timestamp, 3);
      json["person"] = session.name_of(row.person);
    }
    out << (first ? "\n" : ",\n")
        << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    first = false;
  }
  out << "\n]\n";
}

}  // namespace mien::reports
