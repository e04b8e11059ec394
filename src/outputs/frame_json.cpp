#include "frame_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "mien/base/labels.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/numbers.hpp"
#include "mien/overlay/palette.hpp"

namespace mien::outputs {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN: what is not known is null.
Json number(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  return base::rounded(value, digits);
}
Json number(float value, int digits) { return number(static_cast<double>(value), digits); }

std::string hex(overlay::Color color) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t channel : {color.r, color.g, color.b}) {
    text += kDigits[channel / 16U];
    text += kDigits[channel % 16U];
  }
  return text;
}

double unix_seconds(std::chrono::system_clock::time_point moment) {
  return base::rounded(std::chrono::duration<double>(moment.time_since_epoch()).count(), 4);
}

const char* calibration_word(base::Calibration calibration) {
  switch (calibration) {
    case base::Calibration::collecting:
      return "collecting";
    case base::Calibration::set:
      return "set";
    case base::Calibration::none:
      break;
  }
  return "none";
}

Json geometry_json(const base::FaceGeometry& geometry) {
  Json json;
  if (geometry.doubt != base::MeshDoubt::none) json["no_mesh"] = base::describe(geometry.doubt);
  if (geometry.pose) {
    const auto& t = geometry.pose->translation;
    json["pose"] = {{"pitch", number(geometry.pose->pitch, 2)},
                    {"yaw", number(geometry.pose->yaw, 2)},
                    {"roll", number(geometry.pose->roll, 2)},
                    {"translation", {number(t.x, 1), number(t.y, 1), number(t.z, 1)}}};
  }
  if (!geometry.movements.empty()) {
    auto& movements = json["movements"] = Json::object();
    const auto table = base::movements();
    for (std::size_t i = 0; i < table.size() && i < geometry.movements.size(); ++i) {
      movements[table[i].id] = number(geometry.movements[i], 3);
    }
  }
  json["eyes"] = {{"open", number(geometry.eyes.opening, 3)},
                  {"closed", geometry.eyes.closed},
                  {"blinks", geometry.eyes.blinks},
                  {"looks_at_camera",
                   geometry.towards_camera ? Json(*geometry.towards_camera) : Json(nullptr)}};
  return json;
}

Json person_json(const base::FaceReading& reading, const std::vector<std::string>& labels,
                 const std::map<int, std::string>& names) {
  Json json;
  json["id"] = reading.person;
  const auto name = names.find(reading.person);
  json["name"] = name == names.end() ? Json(nullptr) : Json(name->second);
  json["color"] = hex(overlay::person_color(reading.person));
  const auto& box = reading.face.box;
  json["box"] = {{"x", number(box.x, 1)},
                 {"y", number(box.y, 1)},
                 {"w", number(box.width, 1)},
                 {"h", number(box.height, 1)}};
  json["confidence"] = number(reading.face.confidence, 3);
  const auto& verdict = reading.verdict;
  const bool known =
      verdict.label >= 0 && static_cast<std::size_t>(verdict.label) < labels.size();
  const Json label = known ? Json(labels[static_cast<std::size_t>(verdict.label)]) : Json();
  json["verdict"] = verdict.sure() ? label : Json("not sure");
  json["label"] = label;
  json["certainty"] = number(verdict.certainty, 4);
  json["reason"] =
      verdict.doubt == base::Doubt::none ? Json(nullptr) : Json(base::describe(verdict.doubt));
  json["valence"] = number(reading.valence, 4);
  auto& expressions = json["expressions"] = Json::object();
  for (std::size_t i = 0; i < labels.size() && i < reading.smoothed.size(); ++i) {
    expressions[labels[i]] = number(reading.smoothed[i], 4);
  }
  json["neutral"] = calibration_word(reading.calibration);
  if (reading.calibration == base::Calibration::collecting) {
    json["neutral_progress"] = number(reading.calibration_progress, 2);
  }
  if (reading.geometry) json["geometry"] = geometry_json(*reading.geometry);
  return json;
}

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string frame_json(const base::AnalyzedFrame& frame,
                       const std::map<int, std::string>& names,
                       std::chrono::system_clock::time_point wall) {
  const auto& picture = *frame.frame;
  Json json;
  json["type"] = "frame";
  json["version"] = kFrameVersion;
  json["source"] = frame.source;
  json["frame"] = picture.sequence;
  json["time"] = base::rounded(std::chrono::duration<double>(picture.time).count(), 4);
  json["unix_time"] = unix_seconds(wall);
  json["width"] = picture.image.cols;
  json["height"] = picture.image.rows;
  json["model"] = frame.model_id;
  auto& labels = json["labels"] = Json::array();
  for (std::size_t i = 0; i < frame.labels->size(); ++i) {
    const auto& label = (*frame.labels)[i];
    labels.push_back({{"id", label},
                      {"word", std::string(base::display_word(label))},
                      {"color", hex(overlay::label_color(label, static_cast<int>(i)))}});
  }
  auto& people = json["people"] = Json::array();
  for (const auto& reading : frame.readings) {
    people.push_back(person_json(reading, *frame.labels, names));
  }
  return line(json);
}

std::string marker_json(const std::string& text, std::chrono::system_clock::time_point wall) {
  Json json;
  json["type"] = "marker";
  json["version"] = kFrameVersion;
  json["text"] = text;
  json["unix_time"] = unix_seconds(wall);
  return line(json);
}

std::string state_json(const std::string& frame, const std::string& version,
                       std::size_t listeners, std::uint64_t lost) {
  Json json;
  json["type"] = "state";
  json["version"] = kFrameVersion;
  json["program"] = "mien " + version;
  json["listeners"] = listeners;
  json["lost"] = lost;
  auto text = line(json);
  text.pop_back();
  return text + ",\"frame\":" + (frame.empty() ? "null" : frame) + "}";
}

}  // namespace mien::outputs
