#include <algorithm>
#include <ctime>

#include <opencv2/core.hpp>

#include "mien/emotions/emotion_model.hpp"

namespace mien {
namespace {

// The default model where there is time for it, and the one for weak machines.
constexpr const char* kQuicker = "mien-small";
constexpr int kLooks = 3;

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
  for (int i = 0; i < kLooks; ++i) {
    const double start = processor_milliseconds();
    model.classify(face);
    quickest = std::min(quickest, processor_milliseconds() - start);
  }
  return quickest;
}

}  // namespace

std::unique_ptr<EmotionModel> load_live_model(const ModelLibrary& library,
                                              double milliseconds_at_most,
                                              const std::string& reading) {
  const std::string usual = default_emotion_model(library);
  auto model = load_emotion_model(
      preferring_reading(library.find(usual, ModelCard::Task::emotion), reading));
  if (usual == kQuicker || milliseconds_per_face(*model) <= milliseconds_at_most) return model;
  const auto cards = library.cards(ModelCard::Task::emotion);
  const auto quicker = std::find_if(cards.begin(), cards.end(),
                                    [](const auto& card) { return card.id == kQuicker; });
  return quicker == cards.end() ? std::move(model)
                                : load_emotion_model(preferring_reading(*quicker, reading));
}

}  // namespace mien
