#pragma once

#include <filesystem>

#include "analyze_input.hpp"

namespace mien {

/// What an earlier run left for a job.
enum class Earlier {
  nothing,
  finished,   ///< with the same settings: there is nothing left to do
  half_done,  ///< it was stopped; its folder may go
};

/// Throws Error when the folder is somebody else's, or was made of another input or with other
/// settings: nothing of it is touched then.
Earlier earlier_result(const AnalyzeJob& job, const ModelCard& model,
                       const std::string& detector_id);

}  // namespace mien
