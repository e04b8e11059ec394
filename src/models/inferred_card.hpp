#pragma once

#include <cstdint>
#include <filesystem>

#include <nlohmann/json.hpp>

namespace mien::models {

/// What the files of one model may have together.
inline constexpr std::uintmax_t kMaxModelBytes = std::uintmax_t{1} << 30;

/// A card for an ONNX file that came without one, from its outline and the assumptions that
/// install_model() tells of. Throws Error that says what card to write when the file's shapes
/// do not say enough.
nlohmann::ordered_json draft_card(const std::filesystem::path& onnx_file);

}  // namespace mien::models
