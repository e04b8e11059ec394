#include "mien/emotions/face_views.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mien::emotions {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::FloatNear;

using Views = std::vector<std::size_t>;

/// Says of every view what it is told to, and remembers which ones were asked for.
struct Model {
  std::vector<ModelAnswer> answers;
  Views looked{};

  FaceViews::Look look() {
    return [this](std::size_t view) {
      looked.push_back(view);
      return answers.at(view);
    };
  }
  Views looked_since() { return std::exchange(looked, {}); }
};

Model four() {
  Model model;
  for (int i = 0; i < 4; ++i) model.answers.push_back({{0.5F, 0.5F}, {}, {}, {}});
  return model;
}

TEST(MeanAnswer, IsThatOfTheLogits) {
  // Softmaxes of (0, 2) and (0, -1): their mean is the one of (0, 0.5).
  const std::vector<ModelAnswer> answers = {{{0.119203F, 0.880797F}, {1, 4}, 0.2F, 3.0F},
                                            {{0.731059F, 0.268941F}, {3, 0}, 0.4F, 5.0F}};
  const ModelAnswer mean = mean_answer(answers);
  EXPECT_THAT(mean.probabilities,
              ElementsAre(FloatNear(0.377541F, 1e-5F), FloatNear(0.622459F, 1e-5F)));
  EXPECT_THAT(mean.embedding, ElementsAre(2, 2));
  EXPECT_FLOAT_EQ(mean.covered.value(), 0.3F);
  EXPECT_FLOAT_EQ(mean.distance.value(), 4);
}

TEST(MeanAnswer, SaysNothingThatTheModelDoesNot) {
  const std::vector<ModelAnswer> answers = {{{0.5F, 0.5F}, {}, {}, {}},
                                            {{0.5F, 0.5F}, {}, {}, {}}};
  const ModelAnswer mean = mean_answer(answers);
  EXPECT_TRUE(mean.embedding.empty());
  EXPECT_FALSE(mean.covered);
  EXPECT_FALSE(mean.distance);
}

TEST(MeanAnswer, LeavesOutWhatNotAllViewsHave) {
  const ModelAnswer whole{{0.5F, 0.5F}, {1, 2, 3}, 0.9F, 3.0F};
  const ModelAnswer part{{0.5F, 0.5F}, {1}, {}, {}};
  for (const auto& answers : {std::vector{whole, part}, std::vector{part, whole}}) {
    const ModelAnswer mean = mean_answer(answers);
    EXPECT_TRUE(mean.embedding.empty());
    EXPECT_FALSE(mean.covered);
    EXPECT_FALSE(mean.distance);
  }
}

TEST(MeanAnswer, OneViewRulesNothingOut) {
  const std::vector<ModelAnswer> answers = {{{0, 1}, {}, {}, {}}, {{1, 0}, {}, {}, {}}};
  EXPECT_THAT(mean_answer(answers).probabilities, ElementsAre(0.5F, 0.5F));
}

TEST(FaceViews, OneViewIsTheModelsAnswer) {
  FaceViews views(0);
  Model model{{{{0, 1}, {7}, 0.1F, {}}}};
  const ModelAnswer answer = views.read(1, milliseconds(0), false, model.look());
  EXPECT_THAT(answer.probabilities, ElementsAre(0, 1));
  EXPECT_THAT(answer.embedding, ElementsAre(7));
  EXPECT_EQ(views.remembered(), 0U);
}

TEST(FaceViews, APictureIsLookedAtInAllOfThem) {
  FaceViews views(4);
  Model model = four();
  model.answers[2].distance = model.answers[0].distance = model.answers[1].distance = 1;
  model.answers[3].distance = 5;
  EXPECT_FLOAT_EQ(views.read(1, milliseconds(0), false, model.look()).distance.value(), 2);
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 1, 2, 3));
  // Half a second later nothing of it counts.
  views.read(1, milliseconds(500), false, model.look());
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 1, 2, 3));
  // Nor does it for somebody else.
  views.read(2, milliseconds(500), false, model.look());
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 1, 2, 3));
}

TEST(FaceViews, AFilmsFramesShareThem) {
  for (const double rate : {24.0, 25.0, 29.97, 30.0, 60.0}) {
    FaceViews views(4);
    Model model = four();
    const auto at = [&](int frame) {
      return std::chrono::nanoseconds(std::llround(1e9 / rate * frame));
    };
    views.read(1, at(0), false, model.look());
    EXPECT_EQ(model.looked_since().size(), 4U);
    Views later;
    for (int frame = 1; frame <= 40; ++frame) {
      views.read(1, at(frame), false, model.look());
      const Views looked = model.looked_since();
      if (frame > 4) later.insert(later.end(), looked.begin(), looked.end());
    }
    EXPECT_EQ(later.size(), 36U) << rate << ": one a frame";
    for (std::size_t i = 1; i < later.size(); ++i) ASSERT_EQ(later[i], (later[i - 1] + 1) % 4);
  }
  // A slower one has to look more often.
  FaceViews views(4);
  Model model = four();
  for (int i = 0; i < 10; ++i) views.read(1, milliseconds(67 * i), false, model.look());
  EXPECT_GT(model.looked_since().size(), 4U + 9U);
}

TEST(FaceViews, WhereTimeIsShortThereIsOneAFrame) {
  FaceViews views(4);
  Model model = four();
  for (int i = 0; i < 9; ++i) views.read(1, milliseconds(33 * i), true, model.look());
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 1, 2, 3, 0, 1, 2, 3, 0));
  // Slower than that, they no longer go together.
  for (int i = 0; i < 3; ++i) views.read(1, milliseconds(1000 + 200 * i), true, model.look());
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 0, 0));
}

TEST(FaceViews, AnOldAnswerDoesNotCount) {
  FaceViews views(2);
  Model model = four();
  model.answers[0].probabilities = {0.9F, 0.1F};
  model.answers[1].probabilities = {0.1F, 0.9F};
  EXPECT_THAT(views.read(1, milliseconds(0), true, model.look()).probabilities,
              ElementsAre(FloatNear(0.9F, 1e-5F), FloatNear(0.1F, 1e-5F)));
  EXPECT_THAT(views.read(1, milliseconds(60), true, model.look()).probabilities,
              ElementsAre(FloatNear(0.5F, 1e-5F), FloatNear(0.5F, 1e-5F)));
  // The face has changed: 140 ms later nothing of the old one is in the mean.
  for (auto& answer : model.answers) answer.probabilities = {0.2F, 0.8F};
  EXPECT_THAT(views.read(1, milliseconds(200), true, model.look()).probabilities,
              ElementsAre(FloatNear(0.2F, 1e-5F), FloatNear(0.8F, 1e-5F)));
}

TEST(FaceViews, AFrameThatIsReadAnewIsReadAsBefore) {
  FaceViews views(4);
  Model model = four();
  for (const int time : {0, 33, 33, 0, 66})
    views.read(1, milliseconds(time), true, model.look());
  // An earlier time is another clock: everything begins anew.
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 1, 1, 0, 1));
}

TEST(FaceViews, AFailureChangesNothing) {
  FaceViews views(2);
  Model model = four();
  views.read(1, milliseconds(0), true, model.look());
  EXPECT_THROW(
      views.read(1, milliseconds(33), true,
                 [](std::size_t) -> ModelAnswer { throw std::runtime_error("upset"); }),
      std::runtime_error);
  views.read(1, milliseconds(66), true, model.look());
  EXPECT_THAT(model.looked_since(), ElementsAre(0, 1));
}

TEST(FaceViews, WhoHasGoneIsForgotten) {
  FaceViews views(4);
  Model model = four();
  for (int person = 0; person < 100; ++person) {
    views.read(person, milliseconds(10 * person), true, model.look());
    views.forget_absent(milliseconds(10 * person));
    EXPECT_LE(views.remembered(), 14U);
  }
  views.reset();
  EXPECT_EQ(views.remembered(), 0U);
}

}  // namespace
}  // namespace mien::emotions
