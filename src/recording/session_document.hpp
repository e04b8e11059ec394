#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/recording/session_writer.hpp"
#include "mien/sessions/session_tables.hpp"

namespace mien::recording {

/// What session.json says: how the session was made and how it went.
struct SessionDocument {
  struct ModelChange {
    double timestamp = 0;  ///< seconds since the first frame
    std::uint64_t frame = 0;
    std::string model;
    std::string reading;  ///< the model's; empty without any
    std::string detector;
    std::string landmarks;  ///< empty: none
    std::string movements;  ///< what reads them; empty: none
    std::vector<std::string> labels;
  };

  /// What was sent while it was recorded.
  struct Output {
    std::string spec;            ///< "osc:127.0.0.1:9000"
    double from = 0;             ///< seconds since the first frame
    std::optional<double> to{};  ///< none: it is still sent
  };

  SessionOptions options;
  std::chrono::system_clock::time_point started;
  std::chrono::system_clock::time_point finished;
  bool closed = false;
  std::string ended;    ///< why; empty while recording
  std::string problem;  ///< what could not be written; empty otherwise
  std::string damage;   ///< what of the source could not be had; empty when all came
  std::string remark;   ///< what else its source had to say
  std::string encoder;  ///< empty before the first frame, and without a video
  int width = 0;        ///< pixels, of the first frame
  int height = 0;
  sessions::TableCounts counts;
  std::uint64_t left_out = 0;  ///< frames that did not come after the last one
  std::uint64_t scaled = 0;    ///< frames of another size than the first
  std::vector<ModelChange> model_changes;
  std::vector<Output> outputs;

  nlohmann::ordered_json to_json() const;
};

}  // namespace mien::recording
