#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "mien/base/interruption.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/movements/movement_reader.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/sessions/columns.hpp"
#include "mien/sessions/privacy.hpp"

#include "output_folders.hpp"
#include "progress.hpp"

namespace mien::cli {

/// How one input is to be analysed.
struct AnalyzeJob {
  std::string input;             ///< as SourceRequest::spec
  std::filesystem::path folder;  ///< of the result; taken with _2, _3 ... when it is there
  bool replaces = false;  ///< its content may be deleted, once the first picture has been read
  InputIdentity identity = {};
  nlohmann::json recipe = {};  ///< as settings_fingerprint() gives it
  bool video = false;
  sessions::Privacy privacy = sessions::Privacy::everything;
  std::string encoder = {};  ///< as SessionOptions::encoder
  double seconds = 0;        ///< at most; 0: all
  bool as_sequence = false;  ///< as SourceRequest::as_sequence
  sessions::Columns columns = sessions::Columns::basic;
  outputs::Outputs* outputs = nullptr;  ///< get every frame once it is read; null: none
};

/// What reads the faces; `movements` may be null.
struct AnalyzeReaders {
  std::shared_ptr<faces::FaceDetector> detector;
  std::shared_ptr<emotions::EmotionModel> model;
  std::shared_ptr<movements::MovementReader> movements;
};

/// How it went.
struct AnalyzeResult {
  std::string input;   ///< as redact_address() gives it
  std::string folder;  ///< empty when nothing was written
  std::uint64_t frames = 0;
  std::uint64_t faces = 0;
  std::size_t people = 0;
  double seconds = 0;                             ///< first to last frame
  double wall_seconds = 0;                        ///< that it took
  double analysis_ms = 0;                         ///< mean a frame: detect, align, classify
  std::map<std::string, std::uint64_t> verdicts;  ///< label or "not sure" -> faces
  std::string ended;
  bool skipped = false;  ///< an earlier run has done it
  std::string problem;   ///< a sentence; empty when all went well
  std::string damage;    ///< what of the input is missing; a sentence, or empty
  std::string remark;    ///< another note on it; a sentence, or empty
};

/// Reads the input to its end, its limit or an interruption, and writes the session folder.
/// Decoding and encoding run in threads of their own; the results do not depend on it. The
/// readers are used by the caller's thread alone, which may use them for other inputs before
/// and after. Never throws: what goes wrong is in the result, and what was analysed before is
/// kept.
AnalyzeResult analyze_input(const AnalyzeJob& job, const AnalyzeReaders& readers,
                            base::Interruption& interruption, BatchProgress& progress);

}  // namespace mien::cli
