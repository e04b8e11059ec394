#pragma once

#include <filesystem>

namespace mien::testing {

/// The folder of the models that come with mien.
inline const std::filesystem::path kShippedModels =
    std::filesystem::path(MIEN_SOURCE_DIR) / "models";

}  // namespace mien::testing
