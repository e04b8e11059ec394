#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace mien::models {

/// What `models/<id>/card.json` says of a model: enough to run it and to judge it.
/// Preprocessing words follow Hugging Face's preprocessor_config.json, file words OpenVINO's
/// model.yml.
///
/// A network's input is x = (pixel * rescale_factor - image_mean[c]) / image_std[c], with pixel
/// 0..255 and c in the order of `input.channels`. One of task movements takes no picture but
/// 1 x `input.width` numbers (movements/movement_network.hpp).
struct ModelCard {
  enum class Task { emotion, face, landmarks, movements };
  enum class Format { onnx, caffe, tensorflow, opencv_forest };
  enum class Channels { gray, rgb, bgr };
  enum class Layout { nchw, nhwc };
  enum class Align { none, eyes, arcface, fer2013 };
  enum class Activation { softmax, logits, probabilities };
  enum class FeatureKind { pixels, embedding };

  struct File {
    std::string name;
    std::uintmax_t size = 0;  ///< bytes
    std::string sha256;       ///< lower-case hex
  };
  struct Input {
    std::string name;
    int width = 0;   ///< pixels
    int height = 0;  ///< pixels
    Channels channels = Channels::rgb;
    Layout layout = Layout::nchw;
    bool equalize = false;  ///< the gray face's histogram is equalised before anything else
  };
  struct Crop {
    float margin = 0;  ///< added on each side, as a share of the face box's side
    Align align = Align::none;
    /// One way to look at a face: at a square of so many times the side, moved to the right and
    /// down (in the face's own directions) by shares of its new side, maybe in a mirror.
    struct View {
      float side = 1;
      float right = 0;
      float down = 0;
      bool mirrored = false;
    };
    std::vector<View> views{};  ///< of which the mean is the answer; empty: the square as it is
  };
  struct Output {
    std::string name;  ///< empty: the network's last layer
    /// Where the labels begin when the output has more numbers than labels; -1: it has not.
    int first = -1;
    Activation activation = Activation::softmax;  ///< what the network's output is
    float temperature = 1;  ///< logits are divided by it before the softmax
    /// `logit_offset`: added to the logits before the temperature, one per label or none. Takes
    /// back part of the training data's class balance: -strength * log(prior of the label).
    std::vector<float> logit_offset;
    /// The layer whose result describes a face to another model (the last one before the
    /// labels); empty: none is offered.
    std::string embedding;
    /// One more number that the network gives of each face, and the limit above which a label
    /// is in doubt.
    struct Measure {
      std::string name;  ///< of the network's output; empty: there is none
      float above = 0;
    };
    Measure covered{};  ///< a logit; `above` is the probability, 0..1, that the face is covered
    Measure unlike{};   ///< a distance >= 0 from the faces that the network learned from
  };
  /// A way to read with the same network: another prior over the labels. Its values stand in
  /// place of those in `output`.
  struct Reading {
    std::string id;                   ///< a word on the command line
    std::string name;                 ///< as the menu shows it
    std::vector<float> logit_offset;  ///< as in Output
    float temperature = 1;            ///< as in Output
  };
  /// What a forest judges by: the prepared pixels themselves, or the embedding that another
  /// model makes of them (its `input`, `crop` and preprocessing are then that model's).
  struct Features {
    FeatureKind kind = FeatureKind::pixels;
    /// For pixels: each colour's mean over the face is taken off and the rest divided by its
    /// deviation, so that neither light nor skin is taken for an expression.
    bool standardize = false;
    std::string model;   ///< id, for embedding
    std::string sha256;  ///< of that model's first file: another version would say other things
  };

  int schema_version = 1;
  std::string id;
  std::string name;
  std::string version;
  Task task = Task::emotion;
  Format format = Format::onnx;
  std::string license;       ///< SPDX
  std::string source;        ///< where it came from
  std::string architecture;  ///< for task face: "blazeface" or "yunet"; else empty
  std::vector<File> files;
  Input input;
  float rescale_factor = 1;
  std::vector<float> image_mean;  ///< one per channel
  std::vector<float> image_std;   ///< one per channel, none 0
  Crop crop;
  Output output;                  ///< with the values of the reading in use
  std::vector<Reading> readings;  ///< empty: there is one way to read
  std::string default_reading;    ///< id; empty without readings
  std::string reading;            ///< id of the one in use; empty without readings
  Features features;              ///< for format opencv-forest
  /// id2label in index order: of task emotion expressions, of task movements the words of
  /// base::movements(); empty for the others.
  std::vector<std::string> labels;
  std::string limitations;
  nlohmann::json metrics;
  nlohmann::json options;  ///< architecture's own words (thresholds, anchor grids); an object

  std::filesystem::path folder;  ///< where card.json lies; not part of the JSON
  nlohmann::json document;       ///< the card as it was read, for session.json
};

/// Reads and checks `folder/card.json`. Throws Error naming the file, the key and what is wrong
/// with it. Does not touch the weights.
ModelCard load_model_card(const std::filesystem::path& folder);

/// As load_model_card(), from JSON already in memory. `where` names it in errors.
ModelCard parse_model_card(const nlohmann::json& document, const std::string& where);

/// The card with another of its readings in use; as it is when `id` is empty. Throws Error that
/// names the readings there are.
ModelCard with_reading(ModelCard card, const std::string& id);

/// As with_reading(), but a card without that reading stays as it is.
ModelCard with_reading_if_available(ModelCard card, const std::string& id);

/// The name of the reading in use, for people; empty without readings.
std::string reading_name(const ModelCard& card);

/// The card's word for it: "emotion", "face", "landmarks" or "movements".
const char* to_string(ModelCard::Task task);

/// Checks that the card's files are there with their sizes and SHA-256. Throws Error.
void verify_model_files(const ModelCard& card);

}  // namespace mien::models
