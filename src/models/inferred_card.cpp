#include "inferred_card.hpp"

#include <cctype>
#include <optional>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/models/sha256.hpp"

#include "onnx_guard.hpp"

namespace fs = std::filesystem;

namespace mien::models {
namespace {

constexpr int kMinSide = 16;
constexpr int kMaxSide = 512;

struct Picture {
  int side = 0;
  int channels = 0;
  const char* layout = "nchw";
};

std::optional<Picture> picture_of(const std::vector<int>& shape) {
  if (shape.size() != 4 || (shape[0] != 1 && shape[0] != -1)) return std::nullopt;
  const auto fits = [](int channels, int height, int width) {
    return (channels == 1 || channels == 3) && height == width && height >= kMinSide &&
           height <= kMaxSide;
  };
  if (fits(shape[1], shape[2], shape[3])) return Picture{shape[2], shape[1], "nchw"};
  if (fits(shape[3], shape[1], shape[2])) return Picture{shape[1], shape[3], "nhwc"};
  return std::nullopt;
}

// Eight as FER+ counts them, seven as FER2013 does: the two orders that networks are trained
// in.
std::vector<std::string> usual_labels(std::size_t count) {
  if (count == 8) return {base::canonical_labels().begin(), base::canonical_labels().end()};
  if (count == 7) {
    return {"anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"};
  }
  return {};
}

std::string words(const std::vector<int>& shape) {
  std::string text;
  for (const int size : shape) {
    text += (text.empty() ? "" : "x") + (size < 0 ? std::string("?") : std::to_string(size));
  }
  return text.empty() ? "nothing" : text;
}

std::string id_from(const fs::path& file) {
  std::string id;
  for (const unsigned char c : file.stem().string()) {
    const bool good = c < 128 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
    id += good ? static_cast<char>(c) : '-';
  }
  id.erase(0, id.find_first_not_of("-."));
  if (id.size() > 64) id.resize(64);
  return id.empty() ? "model" : id;
}

}  // namespace

nlohmann::ordered_json draft_card(const fs::path& onnx_file) {
  std::error_code error;
  const auto bytes = fs::file_size(onnx_file, error);
  if (error || bytes > kMaxModelBytes) {
    throw base::Error("The model file " + onnx_file.string() + " cannot be read" +
                      (error ? ": " + error.message() : " because it is larger than 1 GiB") +
                      "; choose another file.");
  }
  const OnnxOutline outline = inspect_onnx(onnx_file);
  const auto picture = picture_of(outline.input_shape);
  std::size_t count = 1;
  for (std::size_t i = 0; i < outline.output_shape.size(); ++i) {
    const int size = outline.output_shape[i];
    const bool batch = i == 0 && outline.output_shape.size() > 1;  // may be open
    if (size < 0 && !batch) count = 0;
    if (size > 0)
      count = std::min<std::size_t>(count * static_cast<std::size_t>(size), 1 << 20);
  }
  const auto labels = usual_labels(outline.output_shape.empty() ? 0 : count);
  if (!picture || labels.empty()) {
    throw base::Error(
        "The model file " + onnx_file.string() +
        " does not say enough to be used without a card: it takes " +
        words(outline.input_shape) + " and gives " + words(outline.output_shape) +
        "; put it into a folder with a card.json that says its input's width, height, "
        "channels and layout, its pixel range and its id2label (docs/models.md shows "
        "how).");
  }
  const std::string id = id_from(onnx_file);
  auto map = nlohmann::ordered_json::object();
  std::string order;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    map[std::to_string(i)] = labels[i];
    order += (i > 0 ? ", " : "") + labels[i];
  }
  return {
      {"schema_version", 1},
      {"id", id},
      {"name", id + " (labels assumed)"},
      {"task", "emotion"},
      {"format", "onnx"},
      {"license", "unknown"},
      {"source", "added from " + onnx_file.filename().string() + ", which had no card"},
      {"files",
       {{{"name", onnx_file.filename().string()},
         {"size", bytes},
         {"sha256", sha256_file(onnx_file)}}}},
      {"input",
       {{"name", outline.input},
        {"width", picture->side},
        {"height", picture->side},
        {"channels", picture->channels == 1 ? "gray" : "rgb"},
        {"layout", picture->layout}}},
      {"rescale_factor", outline.takes_bytes ? 1.0 : 1.0 / 255},
      {"crop", {{"margin", 0}, {"align", "none"}}},
      {"output",
       {{"name", outline.output},
        {"activation", outline.ends_in_softmax ? "softmax" : "logits"}}},
      {"id2label", map},
      {"limitations",
       "This card was written by mien from the file's shapes alone. It assumes the order of "
       "labels of " +
           std::string(labels.size() == 8 ? "FER+" : "FER2013") + " (" + order +
           "), pixels from 0 to " + (outline.takes_bytes ? "255" : "1") +
           (picture->channels == 3 ? " in the order RGB" : "") +
           " and the face box as it is. If the readings make no sense, correct these in "
           "card.json."}};
}

}  // namespace mien::models
