#include "mien/emotions/emotion_model.hpp"

#include <algorithm>

#include <opencv2/core.hpp>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/model_process.hpp"

#include "forest.hpp"
#include "isolated_model.hpp"
#include "network_classifier.hpp"

namespace mien::emotions {
namespace {

using Format = models::ModelCard::Format;

// A new file format: a line here.
struct Loader {
  Format format;
  std::unique_ptr<EmotionModel> (*load)(const models::ModelCard&);
};
constexpr Loader kLoaders[] = {
    {Format::onnx, load_network_classifier},
    {Format::caffe, load_network_classifier},
    {Format::tensorflow, load_network_classifier},
    {Format::opencv_forest, load_forest_classifier},
};

// Best first; then whatever there is.
constexpr const char* kPreferred[] = {"mien-base", "mien-small"};

const char* name_of(Format format) {
  switch (format) {
    case Format::onnx:
      return "onnx";
    case Format::caffe:
      return "caffe";
    case Format::tensorflow:
      return "tensorflow";
    case Format::opencv_forest:
      return "opencv-forest";
  }
  return "unknown";
}

const Loader& loader_of(const models::ModelCard& card) {
  const auto* const loader =
      std::find_if(std::begin(kLoaders), std::end(kLoaders),
                   [&](const Loader& each) { return each.format == card.format; });
  if (card.task != models::ModelCard::Task::emotion || loader == std::end(kLoaders)) {
    throw base::Error(
        "The model " + card.id + " cannot be used for expressions: " +
        (card.task != models::ModelCard::Task::emotion
             ? std::string("its card is of task \"") + models::to_string(card.task) + '"'
             : "this version does not read the format " + std::string(name_of(card.format)) +
                   " yet") +
        "; choose another model.");
  }
  return *loader;
}

}  // namespace

std::string default_emotion_model(const models::ModelLibrary& library) {
  const auto cards = library.cards(models::ModelCard::Task::emotion);
  for (const char* id : kPreferred) {
    if (std::any_of(cards.begin(), cards.end(),
                    [&](const auto& card) { return card.id == id; })) {
      return id;
    }
  }
  if (cards.empty()) {
    throw base::Error(
        "There is no expression model; put one with its card.json into the folder models "
        "beside the program.");
  }
  return cards.front().id;
}

models::ModelCard default_embedding_model(const models::ModelLibrary& library) {
  const auto cards = library.cards(models::ModelCard::Task::emotion);
  const auto offers = [](const models::ModelCard& card) {
    return !card.output.embedding.empty();
  };
  for (const char* id : kPreferred) {
    const auto preferred = std::find_if(cards.begin(), cards.end(), [&](const auto& card) {
      return card.id == id && offers(card);
    });
    if (preferred != cards.end()) return *preferred;
  }
  const auto any = std::find_if(cards.begin(), cards.end(), offers);
  if (any != cards.end()) return *any;
  throw base::Error(
      "There is no model that offers an embedding to learn from; add one whose card names "
      "output.embedding, or learn from pixels.");
}

std::unique_ptr<EmotionModel> load_emotion_model(const models::ModelCard& card) {
  loader_of(card);
  const base::log::Elapsed took;
  const bool here = models::is_shipped(card) || models::in_model_worker();
  std::unique_ptr<EmotionModel> model;
  if (here) {
    model = load_emotion_model_here(card);
  } else {
    // Missing and damaged files are found before a process is started.
    models::verify_model_files(card);
    model = std::make_unique<IsolatedModel>(card);
  }
  base::log::info("emotions", "Loaded the model ", card.id, " from ", card.folder,
                  here ? "" : " into a process of its own", " in ", took, " ms");
  return model;
}

std::unique_ptr<EmotionModel> load_emotion_model_here(const models::ModelCard& card) {
  const Loader& loader = loader_of(card);
  return base::translate_errors("The model " + card.id + " cannot be loaded",
                                [&] { return loader.load(card); });
}

void try_emotion_model(const models::ModelCard& card) {
  if (card.task != models::ModelCard::Task::emotion) {
    throw base::Error("The model " + card.id + " is of task \"" + models::to_string(card.task) +
                      "\" and no expression model; choose another model.");
  }
  load_emotion_model(card);
}

models::ServedModel serve_emotion_model(const models::ModelCard& card) {
  const std::shared_ptr<EmotionModel> model = load_emotion_model_here(card);
  return [model](const cv::Mat& face) {
    ModelAnswer answer = model->answer(face);
    auto numbers = std::move(answer.probabilities);
    for (const auto& measure : {answer.covered, answer.distance}) {
      if (measure) numbers.push_back(*measure);
    }
    numbers.insert(numbers.end(), answer.embedding.begin(), answer.embedding.end());
    return numbers;
  };
}

namespace {

// The default model where there is time for it, and the one for weak machines.
constexpr const char* kQuicker = "mien-small";
constexpr int kTimedRuns = 3;

// Of this thread alone: a machine that is busy at the moment is not a weak one.
double processor_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double milliseconds_per_face(EmotionModel& model) {
  cv::Mat face(96, 96, CV_8UC3);
  cv::randu(face, 0, 256);
  double quickest = 1e9;
  for (int i = 0; i < kTimedRuns; ++i) {
    const double start = processor_milliseconds();
    model.classify(face);
    quickest = std::min(quickest, processor_milliseconds() - start);
  }
  return quickest;
}

}  // namespace

std::unique_ptr<EmotionModel> load_live_model(const models::ModelLibrary& library,
                                              double milliseconds_at_most,
                                              const std::string& reading) {
  const std::string usual = default_emotion_model(library);
  auto model = load_emotion_model(models::with_reading_if_available(
      library.find(usual, models::ModelCard::Task::emotion), reading));
  if (usual == kQuicker || milliseconds_per_face(*model) <= milliseconds_at_most) return model;
  const auto cards = library.cards(models::ModelCard::Task::emotion);
  const auto quicker = std::find_if(cards.begin(), cards.end(),
                                    [](const auto& card) { return card.id == kQuicker; });
  return quicker == cards.end()
             ? std::move(model)
             : load_emotion_model(models::with_reading_if_available(*quicker, reading));
}

}  // namespace mien::emotions
