#include "mien/models/model_card.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/text.hpp"
#include "mien/models/model_files.hpp"
#include "mien/models/sha256.hpp"

namespace fs = std::filesystem;
using nlohmann::json;

namespace mien::models {
namespace {

constexpr std::uintmax_t kMaxBytes = 1 << 20;
constexpr int kMaxCardDepth = 32;
constexpr std::size_t kMaxReadings = 16;    // that a menu can show
constexpr std::size_t kMaxViews = 16;       // each takes as long as reading a face once
constexpr std::size_t kMaxNameLength = 60;  // bytes, of a reading
constexpr int kMaxOutputs = 1 << 16;

/// Reads values out of a card and says where it was when one is wrong.
class Reader {
 public:
  Reader(const json& object, std::string where, std::string path = "")
      : object_(object), where_(std::move(where)), path_(std::move(path)) {
    if (!object_.is_object()) fail("", "must be an object");
  }

  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    const std::string full = path_ + key;
    throw base::Error("The model card " + where_ + " cannot be used: " +
                      (full.empty() ? "it" : "\"" + full + "\"") + " " + what + ".");
  }

  bool has(const std::string& key) const {
    return object_.contains(key) && !object_.at(key).is_null();
  }

  const json& at(const std::string& key) const {
    if (!has(key)) fail(key, "is missing");
    return object_.at(key);
  }

  Reader object(const std::string& key) const {
    if (!at(key).is_object()) fail(key, "must be an object");
    return {object_.at(key), where_, path_ + key + "."};
  }

  std::string text(const std::string& key) const {
    if (!at(key).is_string()) fail(key, "must be text");
    auto value = object_.at(key).get<std::string>();
    if (value.empty()) fail(key, "is empty");
    return value;
  }

  std::string text_or(const std::string& key, const std::string& fallback) const {
    if (!has(key)) return fallback;
    if (!object_.at(key).is_string()) fail(key, "must be text");
    return object_.at(key).get<std::string>();
  }

  float number(const std::string& key, float low, float high) const {
    if (!at(key).is_number()) fail(key, "must be a number");
    const double value = object_.at(key).get<double>();
    if (!std::isfinite(value) || value < low || value > high) fail(key, "is out of range");
    return static_cast<float>(value);
  }

  float number_or(const std::string& key, float fallback, float low, float high) const {
    return has(key) ? number(key, low, high) : fallback;
  }

  int whole(const std::string& key, int low, int high) const {
    if (!at(key).is_number_integer()) fail(key, "must be a whole number");
    const auto value = object_.at(key).get<std::int64_t>();
    if (value < low || value > high) {
      fail(key, "must be from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return static_cast<int>(value);
  }

  bool flag_or(const std::string& key, bool fallback) const {
    if (!has(key)) return fallback;
    if (!object_.at(key).is_boolean()) fail(key, "must be true or false");
    return object_.at(key).get<bool>();
  }

  /// The objects of a list, each with its place in the errors.
  std::vector<Reader> objects(const std::string& key) const {
    if (!at(key).is_array()) fail(key, "must be a list");
    std::vector<Reader> all;
    for (const auto& item : object_.at(key)) {
      const std::string place = path_ + key + "[" + std::to_string(all.size()) + "]";
      if (!item.is_object()) {
        fail(key + "[" + std::to_string(all.size()) + "]", "must be an object");
      }
      all.emplace_back(item, where_, place + ".");
    }
    return all;
  }

  std::vector<float> numbers(const std::string& key, std::size_t count, float fallback) const {
    if (!has(key)) return std::vector<float>(count, fallback);
    const json& list = object_.at(key);
    if (!list.is_array() || list.size() != count) {
      fail(key,
           "must be a list of " + std::to_string(count) + " number" + (count == 1 ? "" : "s"));
    }
    std::vector<float> values;
    for (const auto& item : list) {
      if (!item.is_number() || !std::isfinite(item.get<float>())) {
        fail(key, "must hold finite numbers only");
      }
      values.push_back(item.get<float>());
    }
    return values;
  }

  template <typename T>
  T choice(const std::string& key,
           std::initializer_list<std::pair<const char*, T>> choices) const {
    const std::string word = text(key);
    std::string known;
    for (const auto& [name, value] : choices) {
      if (word == name) return value;
      known += (known.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    fail(key, "is \"" + word + "\"; known are " + known);
  }

 private:
  const json& object_;
  std::string where_;
  std::string path_;
};

// An id is a folder's name and a word on the command line.
bool good_id(const std::string& id) {
  return id.size() <= 64 && id.front() != '.' &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
         });
}

std::vector<ModelCard::File> parse_files(const Reader& card) {
  const json& list = card.at("files");
  if (!list.is_array() || list.empty()) card.fail("files", "must list at least one file");
  std::vector<ModelCard::File> files;
  for (const auto& item : list) {
    if (!item.is_object()) card.fail("files", "must hold objects with name, size and sha256");
    const auto path = "files[" + std::to_string(files.size()) + "].";
    for (const char* key : {"name", "size", "sha256"}) {
      if (!item.contains(key)) card.fail(path + key, "is missing");
    }
    if (!item.at("name").is_string()) card.fail(path + "name", "must be text");
    if (!item.at("size").is_number_unsigned())
      card.fail(path + "size", "must be a number of bytes");
    if (!item.at("sha256").is_string()) card.fail(path + "sha256", "must be text");
    ModelCard::File file{item.at("name"), item.at("size"), item.at("sha256")};
    // A card must not reach out of its folder.
    if (file.name.empty() || fs::path(file.name).filename() != file.name || file.name == "..") {
      card.fail(path + "name", "must be the plain name of a file beside the card");
    }
    if (!is_sha256(file.sha256))
      card.fail(path + "sha256", "must be 64 lower-case hexadecimal digits");
    files.push_back(std::move(file));
  }
  return files;
}

ModelCard::Features parse_features(const Reader& card) {
  ModelCard::Features features;
  if (!card.has("features")) return features;
  const Reader reader = card.object("features");
  features.kind = reader.choice<ModelCard::FeatureKind>(
      "kind", {{"pixels", ModelCard::FeatureKind::pixels},
               {"embedding", ModelCard::FeatureKind::embedding}});
  features.standardize = reader.flag_or("standardize", false);
  if (features.kind == ModelCard::FeatureKind::embedding) {
    features.model = reader.text("model");
    features.sha256 = reader.text("sha256");
    if (!is_sha256(features.sha256)) {
      reader.fail("sha256", "must be 64 lower-case hexadecimal digits");
    }
  }
  return features;
}

ModelCard::Output::Measure parse_measure(const Reader& output, const std::string& key,
                                         float most) {
  if (!output.has(key)) return {};
  if (!output.has("name")) {
    output.fail("name", "is missing; a network with more than one output needs it");
  }
  const Reader measure = output.object(key);
  return {measure.text("name"), measure.number("above", 0, most)};
}

ModelCard::Output parse_output(const Reader& output, std::size_t labels) {
  using Card = ModelCard;
  Card::Output result;
  result.name = output.text_or("name", "");
  if (output.has("first")) result.first = output.whole("first", 0, kMaxOutputs);
  if (output.has("count")) {
    output.whole("count", static_cast<int>(labels), static_cast<int>(labels));
    result.first = std::max(result.first, 0);
  }
  result.activation = output.choice<Card::Activation>(
      "activation", {{"softmax", Card::Activation::softmax},
                     {"logits", Card::Activation::logits},
                     {"probabilities", Card::Activation::probabilities}});
  result.temperature = output.number_or("temperature", 1, 0.01F, 100.0F);
  if (output.has("logit_offset")) {
    result.logit_offset = output.numbers("logit_offset", labels, 0);
  }
  result.embedding = output.text_or("embedding", "");
  result.covered = parse_measure(output, "covered", 1);
  result.unlike = parse_measure(output, "unlike", 1e9F);
  return result;
}

/// The readings, and which one is the default, into the card, whose output is read already.
void parse_readings(const Reader& card, ModelCard& result) {
  if (!card.has("readings")) return;
  const auto list = card.objects("readings");
  if (list.empty() || list.size() > kMaxReadings) {
    card.fail("readings", "must list 1 to " + std::to_string(kMaxReadings) + " readings");
  }
  for (const Reader& each : list) {
    ModelCard::Reading reading;
    reading.id = each.text("id");
    if (!good_id(reading.id)) each.fail("id", "may hold letters, digits, - _ and . only");
    for (const auto& other : result.readings) {
      if (other.id == reading.id) each.fail("id", "is \"" + reading.id + "\" a second time");
    }
    reading.name = each.has("name") ? each.text("name") : reading.id;
    if (reading.name.size() > kMaxNameLength || base::has_control_characters(reading.name)) {
      each.fail("name", "must be at most " + std::to_string(kMaxNameLength) +
                            " bytes long, without control characters");
    }
    reading.logit_offset = each.has("logit_offset")
                               ? each.numbers("logit_offset", result.labels.size(), 0)
                               : result.output.logit_offset;
    reading.temperature = each.number_or("temperature", result.output.temperature, 0.01F, 100);
    if (each.flag_or("default", false)) {
      if (!result.default_reading.empty()) {
        each.fail("default", "is true for a second reading");
      }
      result.default_reading = reading.id;
    }
    result.readings.push_back(std::move(reading));
  }
  if (result.default_reading.empty()) result.default_reading = result.readings.front().id;
}

std::vector<ModelCard::Crop::View> parse_views(const Reader& crop) {
  std::vector<ModelCard::Crop::View> views;
  if (!crop.has("views")) return views;
  const auto list = crop.objects("views");
  if (list.empty() || list.size() > kMaxViews) {
    crop.fail("views", "must list 1 to " + std::to_string(kMaxViews) + " views");
  }
  for (const Reader& each : list) {
    views.push_back({.side = each.number_or("side", 1, 0.5F, 2.0F),
                     .right = each.number_or("right", 0, -0.5F, 0.5F),
                     .down = each.number_or("down", 0, -0.5F, 0.5F),
                     .mirrored = each.flag_or("mirrored", false)});
  }
  return views;
}

std::vector<std::string> parse_labels(const Reader& card) {
  const json& map = card.at("id2label");
  if (!map.is_object() || map.empty())
    card.fail("id2label", "must map \"0\", \"1\", ... to labels");
  if (map.size() > base::kMaxModelLabels) {
    card.fail("id2label", "has more than " + std::to_string(base::kMaxModelLabels) + " labels");
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const auto it = map.find(std::to_string(i));
    if (it == map.end()) {
      card.fail("id2label", "must count from \"0\" without a gap; \"" + std::to_string(i) +
                                "\" is missing");
    }
    if (!it->is_string() || it->get<std::string>().empty()) {
      card.fail("id2label", "must map to words; \"" + std::to_string(i) + "\" does not");
    }
    if (const auto problem = base::label_problem(it->get<std::string>()); !problem.empty()) {
      card.fail("id2label",
                "has a label that cannot be one: \"" + std::to_string(i) + "\" " + problem);
    }
    if (std::find(labels.begin(), labels.end(), it->get<std::string>()) != labels.end()) {
      card.fail("id2label", "has \"" + it->get<std::string>() + "\" twice");
    }
    labels.push_back(*it);
  }
  return labels;
}

/// Throws Error unless the file is there with the size that the card says.
void check_size(const ModelCard& card, const ModelCard::File& file) {
  const fs::path path = card.folder / file.name;
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) {
    throw base::Error("The model " + card.id + " lacks its file " + path.string() + ": " +
                      error.message() + "; put it back or remove the model.");
  }
  if (size != file.size) {
    throw base::Error("The model " + card.id + " has a damaged file: " + path.string() +
                      " has " + std::to_string(size) + " bytes where its card says " +
                      std::to_string(file.size) + "; fetch it again.");
  }
}

void check_hash(const ModelCard& card, const ModelCard::File& file, const std::string& hash) {
  if (hash == file.sha256) return;
  throw base::Error("The model " + card.id + " has a damaged file: the SHA-256 of " +
                    (card.folder / file.name).string() +
                    " is not the one in its card; fetch it again.");
}

}  // namespace

const char* to_string(ModelCard::Task task) {
  switch (task) {
    case ModelCard::Task::emotion:
      return "emotion";
    case ModelCard::Task::face:
      return "face";
    case ModelCard::Task::landmarks:
      return "landmarks";
    case ModelCard::Task::movements:
      return "movements";
  }
  return "";
}

ModelCard parse_model_card(const json& document, const std::string& where) {
  using Card = ModelCard;
  const Reader card(document, where);
  Card result;
  result.document = document;
  result.schema_version = card.whole("schema_version", 1, 1);
  result.id = card.text("id");
  if (!good_id(result.id)) card.fail("id", "may hold letters, digits, - _ and . only");
  result.name = card.text("name");
  result.version = card.text_or("version", "");
  result.task = card.choice<Card::Task>("task", {{"emotion", Card::Task::emotion},
                                                 {"face", Card::Task::face},
                                                 {"landmarks", Card::Task::landmarks},
                                                 {"movements", Card::Task::movements}});
  if (result.task == Card::Task::landmarks && result.id == "none") {
    card.fail("id", "cannot be \"none\", which says that faces are not measured");
  }
  result.format =
      card.choice<Card::Format>("format", {{"onnx", Card::Format::onnx},
                                           {"caffe", Card::Format::caffe},
                                           {"tensorflow", Card::Format::tensorflow},
                                           {"opencv-forest", Card::Format::opencv_forest}});
  result.license = card.text_or("license", "unknown");
  result.source = card.text_or("source", "");
  result.architecture = card.text_or("architecture", "");
  result.files = parse_files(card);

  const Reader input = card.object("input");
  result.input.name = input.text_or("name", "");
  result.input.width = input.whole("width", 1, 4096);
  result.input.height = input.whole("height", 1, 4096);
  result.input.channels =
      input.choice<Card::Channels>("channels", {{"gray", Card::Channels::gray},
                                                {"rgb", Card::Channels::rgb},
                                                {"bgr", Card::Channels::bgr}});
  result.input.layout =
      input.has("layout") ? input.choice<Card::Layout>("layout", {{"nchw", Card::Layout::nchw},
                                                                  {"nhwc", Card::Layout::nhwc}})
                          : Card::Layout::nchw;
  result.input.equalize = input.flag_or("equalize", false);
  if (result.input.equalize && result.input.channels != Card::Channels::gray) {
    input.fail("equalize", "is for \"channels\" of \"gray\" only");
  }

  const std::size_t channels = result.input.channels == Card::Channels::gray ? 1 : 3;
  result.rescale_factor = card.number_or("rescale_factor", 1.0F, 1e-9F, 1e9F);
  result.image_mean = card.numbers("image_mean", channels, 0.0F);
  result.image_std = card.numbers("image_std", channels, 1.0F);
  for (const float value : result.image_std) {
    if (value == 0) card.fail("image_std", "must not be 0");
  }

  if (card.has("crop")) {
    const Reader crop = card.object("crop");
    result.crop.margin = crop.number_or("margin", 0, -0.4F, 2.0F);
    result.crop.align = crop.has("align") ? crop.choice<Card::Align>(
                                                "align", {{"eyes", Card::Align::eyes},
                                                          {"arcface", Card::Align::arcface},
                                                          {"fer2013", Card::Align::fer2013},
                                                          {"none", Card::Align::none}})
                                          : Card::Align::none;
    result.crop.views = parse_views(crop);
  }
  if (card.has("options")) {
    (void)card.object("options");
    result.options = card.at("options");
  } else {
    result.options = json::object();
  }
  result.limitations = card.text_or("limitations", "");
  if (card.has("metrics")) result.metrics = card.at("metrics");

  if (result.task == Card::Task::emotion) {
    result.labels = parse_labels(card);
    if (result.labels.size() < 2) card.fail("id2label", "must have at least two labels");
    result.output = parse_output(card.object("output"), result.labels.size());
    if (result.format == Card::Format::opencv_forest &&
        !(result.output.covered.name.empty() && result.output.unlike.name.empty())) {
      card.fail("output", "has \"covered\" or \"unlike\", which a forest does not give");
    }
    parse_readings(card, result);
    result.features = parse_features(card);
  }
  if (result.task == Card::Task::movements) {
    result.labels = parse_labels(card);
    if (card.has("output")) result.output.name = card.object("output").text_or("name", "");
  }
  const std::string usual = result.default_reading;
  return with_reading(std::move(result), usual);
}

ModelCard with_reading(ModelCard card, const std::string& id) {
  if (id.empty()) return card;
  if (card.readings.empty()) {
    throw base::Error("The model " + card.id + " has no readings to choose from, so \"" + id +
                      "\" cannot be used; leave it out or choose another model.");
  }
  std::string known;
  for (const auto& reading : card.readings) {
    if (reading.id == id) {
      card.output.logit_offset = reading.logit_offset;
      card.output.temperature = reading.temperature;
      card.reading = id;
      return card;
    }
    known += (known.empty() ? "" : ", ") + reading.id;
  }
  throw base::Error("The model " + card.id + " has no reading \"" + id + "\"; it has " + known +
                    ".");
}

ModelCard with_reading_if_available(ModelCard card, const std::string& id) {
  const bool offered = std::any_of(card.readings.begin(), card.readings.end(),
                                   [&](const auto& reading) { return reading.id == id; });
  return offered ? with_reading(std::move(card), id) : card;
}

std::string reading_name(const ModelCard& card) {
  for (const auto& reading : card.readings) {
    if (reading.id == card.reading) return reading.name;
  }
  return "";
}

ModelCard load_model_card(const fs::path& folder) {
  const fs::path file = folder / "card.json";
  std::error_code error_code;
  const auto size = fs::file_size(file, error_code);
  if (error_code == std::errc::no_such_file_or_directory) {
    throw base::Error(
        "The folder " + folder.string() +
        " holds no model: there is no card.json in it; choose the folder of a model.");
  }
  if (!error_code && size > kMaxBytes) {
    throw base::Error("The model card " + file.string() +
                      " is larger than 1 MiB; correct it or remove its folder.");
  }
  json document;
  try {
    // What lies deeper than any card would exhaust the stack when it is copied.
    document =
        json::parse(base::read_text_file(file), [&](int depth, json::parse_event_t, json&) {
          if (depth > kMaxCardDepth) {
            throw base::Error(
                "The model card " + file.string() +
                " has lists too deep in each other; correct it or remove its folder.");
          }
          return true;
        });
  } catch (const json::parse_error& error) {
    throw base::Error("The model card " + file.string() + " is not valid JSON near byte " +
                      std::to_string(error.byte) + "; correct it or remove its folder.");
  } catch (const json::exception&) {
    throw base::Error("The model card " + file.string() +
                      " holds a number that is too large; correct it or remove its folder.");
  }
  ModelCard card = parse_model_card(document, file.string());
  card.folder = folder;
  return card;
}

void verify_model_files(const ModelCard& card) {
  for (const auto& file : card.files) {
    const fs::path path = card.folder / file.name;
    check_size(card, file);
    check_hash(card, file, sha256_file(path));
  }
}

std::map<std::string, std::string> read_model_files(const ModelCard& card) {
  std::map<std::string, std::string> contents;
  for (const auto& file : card.files) {
    check_size(card, file);
    auto content = base::read_text_file(card.folder / file.name);
    Sha256 hash;
    hash.add(content);
    check_hash(card, file, hash.hex());
    contents.emplace(file.name, std::move(content));
  }
  return contents;
}

}  // namespace mien::models
