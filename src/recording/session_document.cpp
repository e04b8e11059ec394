#include "session_document.hpp"

#include <algorithm>
#include <utility>

#include <opencv2/core.hpp>

#include "mien/base/numbers.hpp"
#include "mien/base/redaction.hpp"
#include "mien/media/av_handles.hpp"
#include "mien/sessions/iso_time.hpp"
#include "mien/sessions/session_events.hpp"
#include "mien/sessions/session_files.hpp"

namespace mien::recording {
namespace {

std::string av_version(unsigned version) {
  return std::to_string(AV_VERSION_MAJOR(version)) + '.' +
         std::to_string(AV_VERSION_MINOR(version)) + '.' +
         std::to_string(AV_VERSION_MICRO(version));
}

nlohmann::ordered_json libraries() {
  return {{"OpenCV", cv::getVersionString()},
          {"FFmpeg", av_version_info()},
          {"libavcodec", av_version(avcodec_version())},
          {"libavformat", av_version(avformat_version())},
          {"libswscale", av_version(swscale_version())}};
}

void redact_texts(nlohmann::ordered_json& json) {
  if (json.is_string()) json = base::redact_address(json.get<std::string>());
  if (!json.is_structured()) return;
  for (auto& part : json) redact_texts(part);
}

/// Of the settings that are handed over, what the session was made with: the command line, or
/// somebody in the window, may have chosen other than what is remembered.
void put_applied(nlohmann::ordered_json& settings, const SessionDocument& document) {
  const auto& options = document.options;
  const auto put = [&](const char* key, nlohmann::ordered_json value) {
    if (settings.contains(key)) settings[key] = std::move(value);
  };
  put("source", options.source.spec);
  put("model", options.model.id);
  put("reading", options.model.reading);
  put("detector", options.detector_id);
  put("landmarks",
      options.landmarks_id.empty() ? sessions::kNoLandmarksText : options.landmarks_id);
  put("columns", sessions::word(options.columns));
  put("privacy", sessions::word(options.privacy));
  put("video_encoder", options.encoder);
  auto outputs = nlohmann::ordered_json::array();
  for (const auto& output : document.outputs) {
    if (std::find(outputs.begin(), outputs.end(), output.spec) == outputs.end()) {
      outputs.push_back(output.spec);
    }
  }
  put("outputs", std::move(outputs));
}

}  // namespace

nlohmann::ordered_json SessionDocument::to_json() const {
  using Json = nlohmann::ordered_json;
  const auto& source = options.source;
  Json json;
  json["schema"] = "mien-session";
  json["schema_version"] = 1;
  json["program"] = {{"name", "mien"}, {"version", MIEN_VERSION}, {"libraries", libraries()}};
  json["state"] = closed ? "closed" : "recording";
  json["started"] = sessions::iso_time(started);
  json["finished"] = closed ? Json(sessions::iso_time(finished)) : Json(nullptr);
  json["ended"] = base::redact_addresses(ended);
  json["problem"] = base::redact_addresses(problem);
  json["damage"] = base::redact_addresses(damage);
  json["remark"] = base::redact_addresses(remark);
  json["source"] = {{"spec", base::redact_address(source.spec)},
                    {"name", base::redact_address(source.name)},
                    {"kind", source.kind},
                    {"width", source.size.width},
                    {"height", source.size.height},
                    {"fps", source.fps},
                    {"format", source.format},
                    {"live", source.live}};
  if (source.frame_count) json["source"]["frame_count"] = *source.frame_count;
  json["detector"] = options.detector_id;
  // The landmarks model, what read its points, and how much of a face faces.csv holds.
  json["landmarks"] = options.landmarks_id;
  json["movements"] = options.movements_id;
  // Their cards as that of the expression model: an id alone does not tell which version it
  // was.
  if (options.landmarks_card.is_object()) json["landmarks_model"] = options.landmarks_card;
  if (options.movements_card.is_object()) json["movements_model"] = options.movements_card;
  json["columns"] = sessions::word(options.columns);
  json["model"] = options.model.document.is_object() ? Json(options.model.document)
                                                     : Json{{"id", options.model.id}};
  // Which of the readings in the card; empty when it has none.
  json["reading"] = options.model.reading;
  json["labels"] = options.model.labels;
  json["privacy"] = sessions::word(options.privacy);
  json["settings"] = options.settings.is_object() ? Json(options.settings) : Json::object();
  put_applied(json["settings"], *this);
  redact_texts(json["settings"]);
  json["settings"]["video"] = options.video;
  json["settings"]["bars"] = options.bars;
  json["settings"]["mesh"] = overlay::word(options.mesh);
  json["settings"]["pose_axes"] = options.pose_axes;
  json["files"] =
      Json::array({sessions::session_file::kFaces, sessions::session_file::kEvents});
  if (options.video) {
    json["files"].push_back(sessions::session_file::kVideo);
    json["video"] = {{"encoder", encoder},
                     {"width", width},
                     {"height", height},
                     {"time_unit", "1/1000 s"},
                     {"annotated", true}};
  }
  json["seconds"] = counts.seconds;
  sessions::put_counts(json, counts);
  json["counts"]["frames_left_out"] = left_out;
  json["counts"]["frames_scaled"] = scaled;
  json["outputs"] = Json::array();
  for (const auto& output : outputs) {
    json["outputs"].push_back(
        {{"spec", base::redact_addresses(output.spec)},
         {"from", base::rounded(output.from, 3)},
         {"to", output.to ? Json(base::rounded(*output.to, 3)) : Json(nullptr)}});
  }
  json["model_changes"] = Json::array();
  for (const auto& change : model_changes) {
    json["model_changes"].push_back({{"timestamp", change.timestamp},
                                     {"frame", change.frame},
                                     {"model", change.model},
                                     {"reading", change.reading},
                                     {"detector", change.detector},
                                     {"landmarks", change.landmarks},
                                     {"movements", change.movements},
                                     {"labels", change.labels}});
  }
  return json;
}

}  // namespace mien::recording
