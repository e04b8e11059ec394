#include "mien/synthesis/rendered_face.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>

#include "mien/base/error.hpp"
#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_set.hpp"

namespace mien::synthesis {
namespace {

const FaceRenderer& renderer() {
  static const FaceRenderer the_one(
      read_head(std::filesystem::path(MIEN_SOURCE_DIR) / "assets/head/head.bin"));
  return the_one;
}

RenderedSetPlan everything(std::uint64_t seed, int size = 48) {
  return {{0, 1, 2, 3, 4, 5, 6, 7}, seed, size};
}

RenderedFace made(const RenderedSetPlan& plan, std::uint64_t index) {
  return renderer().render(rendered_sample(renderer().head(), plan, index).parameters);
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

cv::Point2f mark(const RenderedFace& face, const std::string& name) {
  for (const auto& [own, at] : face.landmarks) {
    if (own == name) return at;
  }
  ADD_FAILURE() << name;
  return {};
}

Expression still() {
  Expression expression;
  expression.label[0] = 1;
  expression.weights.assign(movements().size(), 0.F);
  return expression;
}

RenderParameters plain(int size = 64) {
  RenderParameters parameters;
  parameters.expression = still();
  parameters.size = size;
  parameters.lights.lamps.push_back(Lamp{{0, 0.6F, 0.8F}, {0.7F, 0.7F, 0.7F}, 0.5F});
  return parameters;
}

TEST(RenderedFaceTest, TheSameParametersGiveTheSameBytesInEveryThread) {
  const auto plan = everything(3);
  std::vector<cv::Mat> first, second(6);
  for (std::uint64_t i = 0; i < 6; ++i) first.push_back(made(plan, i).picture);
  std::vector<std::jthread> threads;
  for (std::uint64_t i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] { second[i] = made(plan, i).picture; });
  }
  threads.clear();
  for (std::size_t i = 0; i < 6; ++i) EXPECT_TRUE(same(first[i], second[i])) << i;
  EXPECT_FALSE(same(first[0], made(everything(4), 0).picture));
}

TEST(RenderedFaceTest, PicturesAreOfTheAskedSizeAndNotBlank) {
  for (const int size : {kMinRender, 33, 128, 512, 1030}) {
    const auto face = made(everything(1, size), 2);
    EXPECT_EQ(face.picture.size(), cv::Size(size, size));
    EXPECT_EQ(face.picture.type(), CV_8UC3);
    cv::Scalar mean, deviation;
    cv::meanStdDev(face.picture, mean, deviation);
    EXPECT_GT(deviation[1], 3);
  }
  for (const int size : {-1, 0, kMinRender - 1, kMaxRender + 1}) {
    auto parameters = plain();
    parameters.size = size;
    EXPECT_THROW(renderer().render(parameters), base::Error) << size;
  }
}

TEST(RenderedFaceTest, EveryMovementMovesTheFaceWhereItSaysSo) {
  const FaceLook look;
  const auto calm = renderer().shape(look, still());
  for (std::size_t m = 0; m < movements().size(); ++m) {
    const auto& movement = movements()[m];
    auto expression = still();
    expression.weights[m] = 1;
    const auto moved = renderer().shape(look, expression);
    double left = 0, right = 0;
    for (std::size_t v = 0; v < calm.size(); ++v) {
      const double far = cv::norm(moved[v] - calm[v]);
      (renderer().head().positions[v].x > 0 ? left : right) += far;
    }
    EXPECT_GT(left + right, 0.1) << movement.name;
    if (movement.side == FaceSide::left) {
      EXPECT_GT(left, 3 * right) << movement.name;
    }
    if (movement.side == FaceSide::right) {
      EXPECT_GT(right, 3 * left) << movement.name;
    }
  }
}

TEST(RenderedFaceTest, TargetsGoTheWayOfTheirNames) {
  const FaceLook look;
  const auto& head = renderer().head();
  const auto calm = renderer().shape(look, still());
  const auto after = [&](FaceAction action, const char* landmark) {
    auto expression = still();
    for (const auto side : {FaceSide::left, FaceSide::right}) {
      expression.weights[static_cast<std::size_t>(movement_index(action, side))] = 1;
    }
    const auto v = head.landmark(landmark);
    return renderer().shape(look, expression)[v] - calm[v];
  };
  EXPECT_GT(after(FaceAction::inner_brow_raise, "left-brow-inner").y, 0.02F);
  EXPECT_LT(after(FaceAction::brow_lower, "right-brow-inner").y, -0.02F);
  EXPECT_GT(after(FaceAction::lip_corner_pull, "left-mouth-corner").y, 0.01F);
  EXPECT_LT(after(FaceAction::corner_depress, "right-mouth-corner").y, -0.01F);
  EXPECT_LT(after(FaceAction::jaw_drop, "chin").y, -0.05F);
}

TEST(RenderedFaceTest, LandmarksFollowTheHeadsPose) {
  const auto at = [](float yaw, float pitch, float roll) {
    auto parameters = plain();
    parameters.camera.yaw = yaw;
    parameters.camera.pitch = pitch;
    parameters.camera.roll = roll;
    return renderer().render(parameters);
  };
  const auto straight = at(0, 0, 0);
  const float middle = (mark(straight, "left-eye").x + mark(straight, "right-eye").x) / 2;
  EXPECT_NEAR(mark(straight, "nose-tip").x, middle, 0.5);
  EXPECT_GT(mark(straight, "left-eye").x, mark(straight, "right-eye").x);
  EXPECT_NEAR(mark(straight, "left-eye").y, mark(straight, "right-eye").y, 0.5);

  const auto nose = [](const RenderedFace& face) {
    return mark(face, "nose-tip") - (mark(face, "left-eye") + mark(face, "right-eye")) * 0.5F;
  };
  EXPECT_GT(nose(at(25, 0, 0)).x, nose(straight).x + 2) << "to the person's left";
  EXPECT_LT(nose(at(-25, 0, 0)).x, nose(straight).x - 2);
  EXPECT_LT(nose(at(0, 20, 0)).y, nose(straight).y - 1) << "chin up";
  const auto rolled = at(0, 0, 20);
  const auto eyes = mark(rolled, "left-eye") - mark(rolled, "right-eye");
  EXPECT_NEAR(std::atan2(eyes.y, eyes.x) * 180 / 3.14159265, 20, 2)
      << "the top towards the person's left";
}

TEST(RenderedFaceTest, TheBoxHoldsTheFaceAndHasTheAskedHeight) {
  auto parameters = plain(200);
  parameters.camera.face_height = 0.5F;
  const auto face = renderer().render(parameters);
  EXPECT_NEAR(face.box.height, 100, 1);
  EXPECT_NEAR(face.box.x + face.box.width / 2, 99.5, 1);
  for (const char* name : {"nose-tip", "left-eye", "right-eye", "left-mouth-corner", "chin"}) {
    EXPECT_TRUE(face.box.contains(mark(face, name))) << name;
  }
}

TEST(RenderedFaceTest, ALensShowsTheHeadWhereItStands) {
  const auto middle_of_eyes = [](const RenderedFace& face) {
    return (mark(face, "left-eye") + mark(face, "right-eye")) / 2;
  };
  const auto apart = [](const RenderedFace& face) {
    return mark(face, "left-eye").x - mark(face, "right-eye").x;
  };
  auto parameters = plain(200);
  parameters.camera.focal = 0.9F;
  parameters.camera.distance = 6;
  const auto near = renderer().render(parameters);
  EXPECT_NEAR(middle_of_eyes(near).x, 99.5, 0.5);
  EXPECT_NEAR(middle_of_eyes(near).y, 99.5, 2);
  parameters.camera.face_height = 0.1F;
  EXPECT_TRUE(same(renderer().render(parameters).picture, near.picture))
      << "the lens says how large it is";
  parameters.camera.distance = 12;
  EXPECT_NEAR(apart(renderer().render(parameters)), apart(near) / 2, 0.5);
  parameters.camera.distance = 6;
  parameters.camera.focal = 0.45F;
  EXPECT_NEAR(apart(renderer().render(parameters)), apart(near) / 2, 0.5);

  parameters.camera.focal = 0.9F;
  parameters.camera.shift_x = 0.3F;
  parameters.camera.shift_y = -0.2F;
  const auto aside = renderer().render(parameters);
  EXPECT_NEAR(middle_of_eyes(aside).x, 99.5 + 60, 2);
  EXPECT_NEAR(middle_of_eyes(aside).y, 99.5 - 40, 2);
  const auto nose = [&](const RenderedFace& face) {
    return mark(face, "nose-tip") - middle_of_eyes(face);
  };
  EXPECT_GT(nose(aside).x, nose(near).x + 2) << "seen from its right side";
  EXPECT_LT(nose(aside).y, nose(near).y - 1) << "seen from below";
}

TEST(RenderedFaceTest, EyesLookWhereTheyAreSaidTo) {
  auto parameters = plain(256);
  const auto ahead = renderer().render(parameters);
  parameters.expression.gaze_x = 1;
  const auto left = renderer().render(parameters);
  EXPECT_GT(mark(left, "left-pupil").x, mark(ahead, "left-pupil").x + 3);
  EXPECT_FALSE(same(left.picture, ahead.picture));
}

TEST(RenderedFaceTest, EverythingThatCanBeWornCanBeRendered) {
  std::set<double> sums;
  for (int hair = 0; hair < static_cast<int>(HairStyle::kCount); ++hair) {
    for (int hat = 0; hat < static_cast<int>(Hat::kCount); ++hat) {
      auto parameters = plain();
      parameters.look.hair_style = static_cast<HairStyle>(hair);
      parameters.look.hat = static_cast<Hat>(hat);
      parameters.look.glasses = static_cast<Glasses>((hair + hat) % 4);
      parameters.look.beard = static_cast<Beard>((hair + hat) % 5);
      parameters.camera.yaw = static_cast<float>(hair * 12 - 30);
      sums.insert(cv::sum(renderer().render(parameters).picture)[1]);
    }
  }
  EXPECT_GT(sums.size(), 15U);
}

TEST(RenderedFaceTest, OddNumbersDoNotHarm) {
  auto parameters = plain(32);
  parameters.camera.yaw = 180;
  parameters.camera.face_height = 40;
  parameters.look.age = -5;
  parameters.look.shape.emplace_back(1000000, 1.F);
  parameters.look.shape.emplace_back(-1, 1.F);
  parameters.expression.weights.assign(3, 1.F);
  EXPECT_EQ(renderer().render(parameters).picture.size(), cv::Size(32, 32));
}

TEST(RenderedSetTest, EverybodyShowsEveryLabelAndIsTheSameThroughout) {
  const auto plan = everything(9);
  ASSERT_EQ(samples_per_person(plan), 10);
  std::set<int> labels;
  const auto first = rendered_sample(renderer().head(), plan, 0);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto sample = rendered_sample(renderer().head(), plan, i);
    EXPECT_EQ(sample.person, 0U);
    EXPECT_EQ(sample.parameters.look.seed, first.parameters.look.seed);
    if (i < 8) labels.insert(sample.label);
  }
  EXPECT_EQ(labels.size(), 8U);
  const auto next = rendered_sample(renderer().head(), plan, 10);
  EXPECT_EQ(next.person, 1U);
  EXPECT_NE(next.parameters.look.seed, first.parameters.look.seed);
  const RenderedSetPlan angry{{4}, 9, 48};
  EXPECT_EQ(samples_per_person(angry), 1);
  EXPECT_EQ(rendered_sample(renderer().head(), angry, 5).label, 4);
}

TEST(RenderedSetTest, MovementsHaveNoLabelAndBeginAtRest) {
  RenderedSetPlan plan{{}, 9, 48, true};
  ASSERT_EQ(samples_per_person(plan), 10);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto sample = rendered_sample(renderer().head(), plan, i);
    EXPECT_EQ(sample.person, i / 10);
    EXPECT_EQ(sample.label, -1);
    const auto& weights = sample.parameters.expression.weights;
    const bool moves = std::ranges::any_of(weights, [](float w) { return w > 0.05F; });
    EXPECT_EQ(moves, i % 10 != 0) << i;
  }
}

TEST(RenderedSetTest, TheTableHasAValueForEveryColumn) {
  const auto plan = everything(2);
  const auto fields = [](const std::string& line) {
    int count = 1;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) ++count;
    }
    return count;
  };
  const std::string header = rendered_csv_header(renderer().head());
  for (std::uint64_t i = 0; i < 12; ++i) {
    const auto sample = rendered_sample(renderer().head(), plan, i);
    const auto face = renderer().render(sample.parameters);
    EXPECT_EQ(fields(rendered_csv_row(sample, face, "x.jpg")), fields(header)) << i;
  }
}

}  // namespace
}  // namespace mien::synthesis
