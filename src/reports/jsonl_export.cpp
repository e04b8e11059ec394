#include <cmath>

#include "mien/base/json_fields.hpp"

#include "export_support.hpp"

// JSON Lines: an object for each row of faces.csv, read by every data tool without options.

namespace mien::reports {
namespace {

/// Digits as in faces.csv, without those that a float adds.
nlohmann::ordered_json number(float value, int digits) {
  return base::number_or_null(static_cast<double>(value), digits);
}

nlohmann::ordered_json geometry_of(const sessions::RowGeometry& geometry,
                                   const std::vector<std::string>& names) {
  nlohmann::ordered_json json;
  json["presence"] = number(geometry.presence, 3);
  if (!geometry.no_mesh.empty()) json["no_mesh"] = geometry.no_mesh;
  if (geometry.has_pose()) {
    const auto& t = geometry.translation;
    json["pose"] = {{"pitch", number(geometry.pitch, 2)},
                    {"yaw", number(geometry.yaw, 2)},
                    {"roll", number(geometry.roll, 2)},
                    {"translation", {number(t.x, 1), number(t.y, 1), number(t.z, 1)}}};
    auto& movements = json["movements"] = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < names.size() && i < geometry.movements.size(); ++i) {
      movements[names[i]] = number(geometry.movements[i], 3);
    }
  }
  json["eyes"] = {{"open", number(geometry.eyes_open, 3)},
                  {"closed", std::isfinite(geometry.eyes_open)
                                 ? nlohmann::ordered_json(geometry.eyes_closed)
                                 : nlohmann::ordered_json(nullptr)},
                  {"blinks", geometry.blinks},
                  {"looks_at_camera", geometry.looks_at_camera
                                          ? nlohmann::ordered_json(*geometry.looks_at_camera)
                                          : nlohmann::ordered_json(nullptr)}};
  if (!geometry.landmarks.empty()) {
    auto& points = json["landmarks"] = nlohmann::ordered_json::array();
    for (const auto& point : geometry.landmarks) {
      points.push_back({number(point.x, 1), number(point.y, 1)});
    }
  }
  return json;
}

}  // namespace

void write_jsonl(const sessions::RecordedSession& session, std::ostream& out) {
  for (const auto& row : session.rows) {
    nlohmann::ordered_json json;
    json["frame"] = row.frame;
    json["timestamp"] = base::number_or_null(row.timestamp, 3);
    if (!row.file.empty()) json["file"] = row.file;
    json["success"] = row.success;
    if (row.success) {
      json["face_id"] = row.person;
      json["person"] = session.name_of(row.person);
      json["confidence"] = number(row.confidence, 3);
      json["box"] = {{"x", number(row.box.x, 1)},
                     {"y", number(row.box.y, 1)},
                     {"w", number(row.box.width, 1)},
                     {"h", number(row.box.height, 1)}};
      auto& expressions = json["expressions"] = nlohmann::ordered_json::object();
      for (std::size_t i = 0; i < session.labels.size(); ++i) {
        expressions[session.labels[i]] = number(row.probabilities[i], 4);
      }
      json["verdict"] = row.verdict;
      json["certainty"] = number(row.certainty, 4);
      json["reason"] = row.reason.empty() ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(row.reason);
      json["valence"] = number(row.valence, 4);
      if (row.geometry) json["geometry"] = geometry_of(*row.geometry, session.movements);
    }
    out << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

}  // namespace mien::reports
