#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien::testing {

/// A source that is told what to do: how many frames, how fast, when it breaks.
class FakeSource : public sources::FrameSource {
 public:
  struct Script {
    sources::SourceInfo info{.spec = "fake",
                             .name = "fake",
                             .kind = "camera",
                             .size = {64, 48},
                             .fps = 100,
                             .format = "",
                             .live = true,
                             .frame_count = {}};
    int frames = -1;                          ///< then the stream ends; -1: endless
    int breaks_after = -1;                    ///< then read() throws
    bool noise = false;                       ///< sharp pictures, not flat gray ones
    std::chrono::milliseconds interval{10};   ///< between frames; a live source waits for it
    std::shared_ptr<std::atomic<int>> reads;  ///< counts frames, when not null
  };

  explicit FakeSource(Script script) : script_(std::move(script)) {}

  const sources::SourceInfo& info() const override { return script_.info; }

  base::FramePtr read() override {
    if (interrupted_) return nullptr;
    if (script_.breaks_after >= 0 && next_ >= script_.breaks_after) {
      throw base::Error("The camera fake was unplugged; plug it in again.");
    }
    if (script_.frames >= 0 && next_ >= script_.frames) return nullptr;
    if (script_.info.live) std::this_thread::sleep_for(script_.interval);
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = static_cast<std::uint64_t>(next_);
    frame->time = script_.interval * next_;
    frame->arrived = std::chrono::steady_clock::now();
    frame->image = cv::Mat(script_.info.size, CV_8UC3, cv::Scalar::all(next_ % 256));
    if (script_.noise) cv::randu(frame->image, 0, 256);
    ++next_;
    if (script_.reads) ++*script_.reads;
    return frame;
  }

  void interrupt() noexcept override { interrupted_ = true; }

 private:
  const Script script_;
  int next_ = 0;
  std::atomic<bool> interrupted_{false};
};

/// Finds the same faces in every picture, however long it is told to take over it.
class FakeDetector : public faces::FaceDetector {
 public:
  explicit FakeDetector(std::string id = "fake", std::vector<base::Face> faces = {})
      : id_(std::move(id)), faces_(std::move(faces)) {}

  const std::string& id() const override { return id_; }
  std::vector<base::Face> detect(const cv::Mat&) override { return faces_; }

 private:
  std::string id_;
  std::vector<base::Face> faces_;
};

/// Says the same of every face, after `takes`; or throws.
class FakeModel : public emotions::EmotionModel {
 public:
  explicit FakeModel(std::string id = "fake",
                     std::vector<std::string> labels = {"neutral", "happiness"},
                     std::vector<float> answer = {0.2F, 0.8F},
                     std::chrono::milliseconds takes = {}, bool breaks = false)
      : answer_(std::move(answer)), takes_(takes), breaks_(breaks) {
    card_.id = std::move(id);
    card_.name = "Model " + card_.id;
    card_.labels = std::move(labels);
    card_.input.width = card_.input.height = 8;
  }

  const models::ModelCard& card() const override { return card_; }

  /// A choice of readings, the first of them the default, with `requested` in use if it is
  /// there.
  void offer_readings(const std::vector<std::string>& ids, const std::string& requested) {
    for (const auto& id : ids) card_.readings.push_back({id, "Reading " + id, {}, 1});
    card_.default_reading = card_.reading = ids.front();
    card_ = models::with_reading_if_available(std::move(card_), requested);
  }
  /// What it says of every face beside the labels; the limits are 0.5 and 10.
  void measure(std::optional<float> covered, std::optional<float> distance) {
    covered_ = covered;
    distance_ = distance;
    card_.output.covered = {"covered", 0.5F};
    card_.output.unlike = {"distance", 10};
  }
  /// The views that its card asks for.
  void ask_for_views(std::vector<models::ModelCard::Crop::View> views) {
    card_.crop.views = std::move(views);
  }
  /// How its card asks for a face to be placed.
  void ask_for_alignment(models::ModelCard::Align align) { card_.crop.align = align; }
  /// From now on the faces that it is shown are added to these.
  void keep_faces(std::vector<cv::Mat>& faces) { faces_ = &faces; }
  emotions::ModelAnswer answer(const cv::Mat& face) override {
    if (faces_ != nullptr) faces_->push_back(face.clone());
    return {classify(face), {}, covered_, distance_};
  }

  std::vector<float> classify(const cv::Mat&) override {
    std::this_thread::sleep_for(takes_);
    if (breaks_)
      throw cv::Exception(cv::Error::StsError, "layer 3 is upset", "f", "file.cpp", 1);
    return answer_;
  }

 private:
  models::ModelCard card_;
  std::vector<float> answer_;
  std::chrono::milliseconds takes_;
  bool breaks_;
  std::vector<cv::Mat>* faces_ = nullptr;
  std::optional<float> covered_;
  std::optional<float> distance_;
};

/// Polls until `condition` holds; false after `limit`, which only a broken program reaches.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds limit = std::chrono::seconds{20}) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace mien::testing
