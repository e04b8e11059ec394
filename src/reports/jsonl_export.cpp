#include <cmath>

#include "mien/base/numbers.hpp"

#include "export_support.hpp"

// JSON Lines: an object for each row of faces.csv, read by every data tool without options.

namespace mien::reports {
namespace {

/// Digits as in faces.csv, without those that a float adds.
nlohmann::ordered_json rounded_or_null(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  return base::rounded(value, digits);
}

}  // namespace

void write_jsonl(const sessions::RecordedSession& session, std::ostream& out) {
  for (const auto& row : session.rows) {
    nlohmann::ordered_json json;
    json["frame"] = row.frame;
    json["timestamp"] = rounded_or_null(row.timestamp, 3);
    if (!row.file.empty()) json["file"] = row.file;
    json["success"] = row.success;
    if (row.success) {
      json["face_id"] = row.person;
      json["person"] = session.name_of(row.person);
      json["confidence"] = rounded_or_null(static_cast<double>(row.confidence), 3);
      json["box"] = {{"x", rounded_or_null(static_cast<double>(row.box.x), 1)},
                     {"y", rounded_or_null(static_cast<double>(row.box.y), 1)},
                     {"w", rounded_or_null(static_cast<double>(row.box.width), 1)},
                     {"h", rounded_or_null(static_cast<double>(row.box.height), 1)}};
      auto& expressions = json["expressions"] = nlohmann::ordered_json::object();
      for (std::size_t i = 0; i < session.labels.size(); ++i) {
        expressions[session.labels[i]] =
            rounded_or_null(static_cast<double>(row.probabilities[i]), 4);
      }
      json["verdict"] = row.verdict;
      json["certainty"] = rounded_or_null(static_cast<double>(row.certainty), 4);
      json["reason"] = row.reason.empty() ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(row.reason);
      json["valence"] = rounded_or_null(static_cast<double>(row.valence), 4);
    }
    out << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

}  // namespace mien::reports
