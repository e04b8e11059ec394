#include <cmath>

#include "builtin_exports.hpp"

// JSON Lines: an object for each row of faces.csv, read by every data tool without options.

namespace mien {
namespace {

/// Digits as in faces.csv, without those that a float adds.
nlohmann::ordered_json number(double value, double scale) {
  if (!std::isfinite(value)) return nullptr;
  return std::round(value * scale) / scale;
}

}  // namespace

void write_jsonl(const RecordedSession& session, std::ostream& out) {
  for (const auto& row : session.rows) {
    nlohmann::ordered_json json;
    json["frame"] = row.frame;
    json["timestamp"] = number(row.timestamp, 1e3);
    if (!row.file.empty()) json["file"] = row.file;
    json["success"] = row.success;
    if (row.success) {
      json["face_id"] = row.person;
      json["person"] = session.name_of(row.person);
      json["confidence"] = number(static_cast<double>(row.confidence), 1e3);
      json["box"] = {{"x", number(static_cast<double>(row.box.x), 10)},
                     {"y", number(static_cast<double>(row.box.y), 10)},
                     {"w", number(static_cast<double>(row.box.width), 10)},
                     {"h", number(static_cast<double>(row.box.height), 10)}};
      auto& expressions = json["expressions"] = nlohmann::ordered_json::object();
      for (std::size_t i = 0; i < session.labels.size(); ++i) {
        expressions[session.labels[i]] = number(static_cast<double>(row.probabilities[i]), 1e4);
      }
      json["verdict"] = row.verdict;
      json["certainty"] = number(static_cast<double>(row.certainty), 1e4);
      json["reason"] = row.reason.empty() ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(row.reason);
      json["valence"] = number(static_cast<double>(row.valence), 1e4);
    }
    out << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

}  // namespace mien
