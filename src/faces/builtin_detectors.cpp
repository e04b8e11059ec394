#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/models/model_library.hpp"

#include "detectors.hpp"
#include "isolated_detector.hpp"

namespace mien::faces {
namespace {

// A new detector with code of its own: a line here. One that only needs a card of a known
// architecture: nothing.
struct CodeDetector {
  DetectorInfo (*info)();
  std::unique_ptr<FaceDetector> (*make)(const models::ModelLibrary&);
};
constexpr CodeDetector kCodeDetectors[] = {
    {auto_info, make_auto_detector},
    {haar_info, make_haar_detector},
};

struct Architecture {
  const char* name;
  std::unique_ptr<FaceDetector> (*make)(const models::ModelCard&);
  const char* description;
};
constexpr Architecture kArchitectures[] = {
    {"blazeface", make_blazeface_detector, "Fast network with eyes, nose and mouth."},
    {"yunet", make_yunet_detector, "Network with eyes, nose and mouth, for wide pictures."},
};

// Menu order: these first, then the program's others, then the user's own.
constexpr const char* kFirst[] = {kDefaultDetector, "blazeface", "blazeface-far",
                                  "blazeface-full"};

const Architecture* architecture_of(const models::ModelCard& card) {
  const auto it =
      std::find_if(std::begin(kArchitectures), std::end(kArchitectures),
                   [&](const Architecture& known) { return card.architecture == known.name; });
  return it == std::end(kArchitectures) ? nullptr : it;
}

bool usable(const models::ModelCard& card) {
  return architecture_of(card) != nullptr && card.format == models::ModelCard::Format::onnx;
}

bool comes_first(const std::string& id) {
  return std::find(std::begin(kFirst), std::end(kFirst), id) != std::end(kFirst);
}

std::unique_ptr<FaceDetector> make_from_card(const models::ModelCard& card) {
  const Architecture* architecture = architecture_of(card);
  if (architecture == nullptr) {
    std::string known;
    for (const auto& each : kArchitectures) {
      known += (known.empty() ? "\"" : " or \"") + std::string(each.name) + "\"";
    }
    throw base::Error("The face detector " + card.id +
                      " cannot be used: the \"architecture\" in its " + "card is \"" +
                      card.architecture + "\"; it must be " + known + ".");
  }
  if (card.format != models::ModelCard::Format::onnx) {
    throw base::Error("The face detector " + card.id +
                      " cannot be used: a detector's \"format\" must be \"onnx\".");
  }
  if (models::is_shipped(card) || models::in_model_worker()) return architecture->make(card);
  // Missing and damaged files are found before a process is started.
  models::verify_model_files(card);
  return std::make_unique<IsolatedDetector>(card);
}

}  // namespace

void CardOptions::fail(const std::string& key, const std::string& what) const {
  throw base::Error("The model card of " + card_id_ + " cannot be used: \"options." + key +
                    "\" " + what + ".");
}

float CardOptions::number(const std::string& key, float fallback, float low, float high) const {
  const auto it = options_.find(key);
  if (it == options_.end()) return fallback;
  if (!it->is_number()) fail(key, "must be a number");
  const auto value = it->get<double>();
  if (!(value >= low && value <= high)) fail(key, "is out of range");
  return static_cast<float>(value);
}

std::string CardOptions::text(const std::string& key, const std::string& fallback) const {
  const auto it = options_.find(key);
  return it != options_.end() && it->is_string() ? it->get<std::string>() : fallback;
}

const nlohmann::json* CardOptions::find(const std::string& key) const {
  const auto it = options_.find(key);
  return it == options_.end() ? nullptr : &*it;
}

std::vector<base::Face> FaceDetector::detect_next(const cv::Mat& bgr, const StreamMoment&) {
  return detect(bgr);
}

models::ServedModel serve_detector(const models::ModelCard& card) {
  const std::shared_ptr<FaceDetector> detector = make_from_card(card);
  return [detector](const cv::Mat& bgr) { return to_numbers(detector->detect(bgr)); };
}

std::vector<DetectorInfo> list_detectors(const models::ModelLibrary& library) {
  const auto describe_card = [](const models::ModelCard& card) {
    return DetectorInfo{card.id, card.name,
                        CardOptions(card).text("about", architecture_of(card)->description),
                        card.license};
  };
  const auto cards = library.cards(models::ModelCard::Task::face);
  std::vector<DetectorInfo> list;
  for (const char* id : kFirst) {
    for (const auto& detector : kCodeDetectors) {
      if (detector.info().id == id) list.push_back(detector.info());
    }
    for (const models::ModelCard& card : cards) {
      if (card.id == id && usable(card)) list.push_back(describe_card(card));
    }
  }
  for (const auto& detector : kCodeDetectors) {
    if (!comes_first(detector.info().id)) list.push_back(detector.info());
  }
  for (const models::ModelCard& card : cards) {
    const bool listed = std::any_of(
        list.begin(), list.end(), [&](const DetectorInfo& info) { return info.id == card.id; });
    if (!comes_first(card.id) && !listed && usable(card)) list.push_back(describe_card(card));
  }
  return list;
}

namespace {

std::unique_ptr<FaceDetector> find_and_make(const std::string& id,
                                            const models::ModelLibrary& library) {
  for (const auto& detector : kCodeDetectors) {
    if (detector.info().id == id) return detector.make(library);
  }
  const auto cards = library.cards(models::ModelCard::Task::face);
  for (const models::ModelCard& card : cards) {
    if (card.id == id) return make_from_card(card);
  }
  std::error_code error;
  if (std::filesystem::is_directory(id, error)) {
    return make_from_card(library.find(id, models::ModelCard::Task::face));
  }
  std::string known;
  for (const auto& info : list_detectors(library))
    known += (known.empty() ? "" : ", ") + info.id;
  throw models::UnknownModel("There is no face detector \"" + id + "\"; choose one of " +
                             known + ".");
}

}  // namespace

std::unique_ptr<FaceDetector> make_detector(const std::string& id,
                                            const models::ModelLibrary& library) {
  const base::log::Elapsed took;
  auto detector = find_and_make(id, library);
  base::log::info("faces", "Loaded the detector ", detector->id(), " in ", took, " ms");
  return detector;
}

}  // namespace mien::faces
