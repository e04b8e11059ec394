#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mien/models/sha256.hpp"

#include "support/temporary_folder.hpp"

namespace mien::testing {

/// A sound card of an expression model with an 8x8 gray input and three labels; `content` is
/// its file model.onnx. Tests break one key each.
inline nlohmann::json emotion_card(const TemporaryFolder& folder, std::string_view content) {
  const auto file = folder.write("model.onnx", content);
  return {{"schema_version", 1},
          {"id", "test-model"},
          {"name", "Test model"},
          {"version", "1"},
          {"task", "emotion"},
          {"format", "onnx"},
          {"license", "MIT"},
          {"source", "made by a test"},
          {"files",
           {{{"name", "model.onnx"},
             {"size", content.size()},
             {"sha256", models::sha256_file(file)}}}},
          {"input",
           {{"name", "input"},
            {"width", 8},
            {"height", 8},
            {"channels", "gray"},
            {"layout", "nchw"}}},
          {"rescale_factor", 1.0 / 255},
          {"image_mean", nlohmann::json::array({0.5})},
          {"image_std", nlohmann::json::array({0.25})},
          {"crop", {{"margin", 0.1}, {"align", "eyes"}}},
          {"output", {{"name", "logits"}, {"activation", "logits"}}},
          {"id2label", {{"0", "neutral"}, {"1", "happiness"}, {"2", "surprise"}}},
          {"limitations", "none"}};
}

}  // namespace mien::testing
