// People, not frames: the analyzer over many frames.
#include <cmath>
#include <malloc.h>
#include <set>

#include <gtest/gtest.h>

#include "mien/analysis/analyzer.hpp"
#include "mien/emotions/signals.hpp"
#include "mien/faces/overlap.hpp"

#include "support/fakes.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;
using testing::FakeModel;

/// Counts what the detector behind it is asked, and can be told to be blind.
class WatchedDetector : public faces::FaceDetector {
 public:
  explicit WatchedDetector(std::unique_ptr<faces::FaceDetector> real)
      : real_(std::move(real)) {}
  const std::string& id() const override { return real_->id(); }
  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    ++calls;
    return real_->detect(bgr);
  }
  int calls = 0;

 private:
  std::unique_ptr<faces::FaceDetector> real_;
};

/// Finds and says what a test writes into it.
class ScriptedDetector : public faces::FaceDetector {
 public:
  explicit ScriptedDetector(const std::vector<base::Face>& faces) : faces_(faces) {}
  const std::string& id() const override { return id_; }
  std::vector<base::Face> detect(const cv::Mat&) override { return faces_; }

 private:
  std::string id_ = "scripted";
  const std::vector<base::Face>& faces_;
};

class ScriptedModel : public FakeModel {
 public:
  ScriptedModel(std::vector<std::string> labels, const std::vector<float>& answer)
      : FakeModel("scripted", std::move(labels)), answer_(answer) {}
  std::vector<float> classify(const cv::Mat&) override { return answer_; }

 private:
  const std::vector<float>& answer_;
};

cv::Mat lively_picture(cv::Size size) {
  cv::Mat image(size, CV_8UC3);
  cv::theRNG().state = 3;
  cv::randu(image, 0, 220);
  return image;
}

base::FramePtr frame_at(const cv::Mat& image, std::chrono::nanoseconds time) {
  auto frame = std::make_shared<base::Frame>();
  frame->time = time;
  frame->image = image;
  return frame;
}

TEST(People, BoxesFollowTheFacesOfTheDemoBetweenDetections) {
  const auto library = models::ModelLibrary::standard();
  auto owned = std::make_unique<WatchedDetector>(faces::make_detector("blazeface", library));
  WatchedDetector& watched = *owned;
  Analyzer following(std::move(owned), std::make_unique<FakeModel>(), {.detect_every = 5});
  const auto every = faces::make_detector("blazeface", library);

  const auto source = sources::open_source({.spec = "demo", .realtime = false, .mode = {}});
  int faces = 0;
  int near = 0;
  int frames = 0;
  std::set<int> people;
  while (const auto frame = source->read()) {
    if (frames++ >= 180) break;  // one face close by, then both
    const auto followed = following.analyze(frame);
    for (const auto& truth : every->detect(frame->image)) {
      double best = 0;
      for (const auto& reading : followed->readings) {
        best =
            std::max<double>(best, faces::intersection_over_union(reading.face.box, truth.box));
      }
      ++faces;
      near += best > 0.75 ? 1 : 0;
    }
    for (const auto& reading : followed->readings) people.insert(reading.person);
  }
  EXPECT_GT(faces, 180);
  // The rest are faces that came into view between two detections.
  EXPECT_GT(near, 0.97 * faces);
  EXPECT_LE(watched.calls, 180 / 5 + 10);
  EXPECT_EQ(people, (std::set<int>{1, 2}));
}

TEST(People, NoNumberRunsFromPictureToPicture) {
  const std::vector<base::Face> faces = {{{20, 20, 80, 80}, 0.9F, std::nullopt}};
  for (const bool standalone : {true, false}) {
    Analyzer analyzer(std::make_unique<ScriptedDetector>(faces), std::make_unique<FakeModel>(),
                      {});
    std::set<int> people;
    std::set<std::uint64_t> sources;
    for (int i = 0; i < 5; ++i) {
      auto frame = std::make_shared<base::Frame>(*frame_at(lively_picture({320, 240}), 1s * i));
      frame->standalone = standalone;
      const auto analysis = analyzer.analyze(frame);
      people.insert(analysis->readings.at(0).person);
      sources.insert(analysis->source);
    }
    EXPECT_EQ(people.size(), standalone ? 5U : 1U);
    EXPECT_EQ(sources.size(), 1U);
  }
}

TEST(People, AFaceThatIsLostIsFoundAgainAtOnce) {
  std::vector<base::Face> faces = {{{20, 20, 80, 80}, 0.9F, std::nullopt}};
  auto owned = std::make_unique<WatchedDetector>(std::make_unique<ScriptedDetector>(faces));
  WatchedDetector& watched = *owned;
  Analyzer analyzer(std::move(owned), std::make_unique<FakeModel>(), {.detect_every = 100});
  const cv::Mat picture = lively_picture({320, 240});
  const auto first = analyzer.analyze(frame_at(picture, 0ms));
  EXPECT_EQ(first->readings.at(0).person, 1);
  for (int i = 1; i < 5; ++i) analyzer.analyze(frame_at(picture, 33ms * i));
  EXPECT_EQ(watched.calls, 1);
  // A cut: nothing in the new picture is where it was.
  cv::Mat other(picture.size(), CV_8UC3);
  cv::theRNG().state = 99;
  cv::randu(other, 0, 220);
  faces[0].box.x = 60;
  const auto after = analyzer.analyze(frame_at(other, 165ms));
  EXPECT_EQ(watched.calls, 2);
  EXPECT_EQ(after->readings.at(0).face.box, faces[0].box);
  // Then the detector sees nobody; nobody is followed either.
  faces.clear();
  analyzer.reset();
  EXPECT_TRUE(analyzer.analyze(frame_at(other, 198ms))->readings.empty());
  EXPECT_TRUE(analyzer.analyze(frame_at(other, 231ms))->readings.empty());
  EXPECT_EQ(watched.calls, 3);
}

TEST(People, ARestingFaceIsSetToNeutralForItsPersonAlone) {
  const std::vector<base::Face> faces = {{{10, 10, 80, 80}, 0.9F, std::nullopt},
                                         {{200, 100, 80, 80}, 0.9F, std::nullopt}};
  std::vector<float> answer = {0.35F, 0.01F, 0.64F};
  Analyzer analyzer(std::make_unique<ScriptedDetector>(faces),
                    std::make_unique<ScriptedModel>(
                        std::vector<std::string>{"neutral", "happiness", "sadness"}, answer));
  const cv::Mat picture = lively_picture({320, 240});
  std::chrono::nanoseconds time{0};
  const auto go_on = [&](std::chrono::nanoseconds length) {
    base::AnalyzedFramePtr last;
    for (const auto end = time + length; time < end; time += 33ms) {
      last = analyzer.analyze(frame_at(picture, time));
    }
    return last;
  };
  EXPECT_EQ(go_on(500ms)->readings[0].verdict.label, 2);
  analyzer.baselines().begin(1);
  const auto half = go_on(1s);
  EXPECT_EQ(half->readings[0].calibration, base::Calibration::collecting);
  EXPECT_NEAR(half->readings[0].calibration_progress, 0.5F, 0.1F);
  EXPECT_EQ(half->readings[1].calibration_progress, 0);
  auto last = go_on(2500ms);
  EXPECT_EQ(last->readings[0].calibration, base::Calibration::set);
  EXPECT_EQ(last->readings[0].verdict.label, 0);
  EXPECT_TRUE(last->readings[0].verdict.sure());
  EXPECT_EQ(last->readings[0].raw, answer);  // what the model said stays as it was
  EXPECT_EQ(last->readings[1].calibration, base::Calibration::none);
  EXPECT_EQ(last->readings[1].verdict.label, 2);

  const auto kept = analyzer.baselines().get(1);
  ASSERT_TRUE(kept);
  answer = {0.1F, 0.85F, 0.05F};
  EXPECT_EQ(go_on(500ms)->readings[0].verdict.label, 1);
  answer = {0.35F, 0.01F, 0.64F};
  analyzer.baselines().set(2, *kept);
  analyzer.baselines().clear(1);
  last = go_on(1s);
  EXPECT_EQ(last->readings[0].verdict.label, 2);
  EXPECT_EQ(last->readings[1].verdict.label, 0);
}

TEST(People, TenMinutesOfComingAndGoingGrowNothing) {
  std::vector<base::Face> faces;
  Analyzer analyzer(std::make_unique<ScriptedDetector>(faces), std::make_unique<FakeModel>());
  emotions::Signals signals;
  const cv::Mat picture = lively_picture({640, 480});
  std::size_t most = 0;
  int highest = 0;
  std::size_t allocated_half_way = 0;
  for (int i = 0; i < 10 * 60 * 10; ++i) {  // ten minutes at ten frames a second
    faces.clear();
    // Nobody for a while, thirty at once now and then, else two who come and go.
    const int act = i / 100 % 4;
    const int count = act == 0 ? 0 : act == 1 && i % 100 < 4 ? 30 : 2;
    for (int f = 0; f < count; ++f) {
      const int place = (f + i / 20 * 7) % 40;
      faces.push_back(
          {{static_cast<float>(place % 8 * 78), static_cast<float>(place / 8 * 90), 40, 40},
           0.9F,
           std::nullopt});
    }
    const auto analysis = analyzer.analyze(frame_at(picture, 100ms * i));
    signals.update(*analysis);
    ASSERT_EQ(analysis->readings.size(), faces.size());
    for (const auto& reading : analysis->readings) {
      highest = std::max(highest, reading.person);
      if (reading.person % 50 == 0) analyzer.baselines().begin(reading.person);
    }
    most = std::max(most, analyzer.remembered());
    if (i == 5 * 60 * 10) allocated_half_way = ::mallinfo2().uordblks;
  }
  EXPECT_LT(::mallinfo2().uordblks, allocated_half_way + 100'000);
  EXPECT_GT(highest, 300);
  EXPECT_LT(most, 200U);  // four stages, nobody for longer than a minute
  EXPECT_LE(signals.people().size(), emotions::Signals::kMaxPeople);
}

}  // namespace
}  // namespace mien::analysis
