#include "finished_result.hpp"

#include <fstream>

#include "mien/base/error.hpp"
#include "mien/base/redaction.hpp"
#include "mien/recording/session_files.hpp"
#include "mien/recording/session_store.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const AnalyzeJob& job, const std::string& reason) {
  throw Error("The folder " + job.folder.string() + " " + reason +
              "; choose another --out for " + job.input + ".");
}

/// What the weights are, whatever else the card says.
std::string fingerprint(const nlohmann::json& card) {
  std::string text = card.value("id", "");
  for (const auto& file : card.value("files", nlohmann::json::array())) {
    text += ' ' + file.value("sha256", "");
  }
  return text;
}

nlohmann::json read_document(const AnalyzeJob& job) {
  std::ifstream in(job.folder / session_file::kDocument);
  auto document = nlohmann::json::parse(in, nullptr, false);
  if (document.is_object() && document.value("schema", "") == "mien-session") return document;
  std::error_code code;
  if (fs::exists(job.folder / session_file::kFaces, code) &&
      (document.is_discarded() || !fs::exists(job.folder / session_file::kDocument, code))) {
    throw Error("The folder " + job.folder.string() +
                " holds results whose session.json is missing or damaged; `mien report "
                "--recover " +
                job.folder.string() + "` saves them, or choose another --out for " + job.input +
                ".");
  }
  fail(job, "holds something else than results");
}

}  // namespace

Earlier earlier_result(const AnalyzeJob& job, const ModelCard& model,
                       const std::string& detector_id) {
  std::error_code code;
  if (!fs::exists(job.folder, code) || fs::is_empty(job.folder, code)) return Earlier::nothing;
  if (is_barely_begun(job.folder)) return Earlier::half_done;
  const auto document = read_document(job);
  try {
    const auto settings = document.value("settings", nlohmann::json::object());
    const auto input = redact_address(job.input);
    if (document.at("source").value("spec", "") != input &&
        settings.value("input", "") != input) {
      fail(job, "holds the results of another input");
    }
    if (document.value("detector", "") != detector_id ||
        fingerprint(document.at("model")) != fingerprint(model.document) ||
        settings.value("video", false) != job.video ||
        document.value("privacy", "everything") != word(job.privacy) ||
        settings.value("seconds", 0.0) != job.seconds) {
      fail(job, "holds results made with other settings");
    }
    const auto ended = document.value("ended", "");
    const bool whole = document.value("state", "") == "closed" &&
                       document.value("problem", "").empty() &&
                       (ended == "end of input" || ended.starts_with("limit"));
    return whole ? Earlier::finished : Earlier::half_done;
  } catch (const nlohmann::json::exception&) {
    fail(job, "holds results that cannot be read");
  }
}

}  // namespace mien
