#include "frame_json.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mien/base/movements.hpp"

#include "frames.hpp"

namespace mien::outputs {
namespace {

using Json = nlohmann::json;
const std::chrono::system_clock::time_point kWall{std::chrono::milliseconds{1'700'000'000'250}};

TEST(FrameJson, SaysWhatWasRead) {
  auto somebody = testing::smiling_person(2, 10);
  somebody.geometry = testing::measured(std::vector<float>(base::movements().size(), 0.25F));
  somebody.geometry->towards_camera = true;
  auto other = testing::smiling_person(3, 300);
  other.verdict.doubt = base::Doubt::too_small;
  other.calibration = base::Calibration::collecting;
  other.calibration_progress = 0.5F;
  const auto line = frame_json(testing::people_frame({somebody, other}), {{2, "Ada"}}, kWall);
  EXPECT_EQ(line.find('\n'), line.npos);
  const auto json = Json::parse(line);
  EXPECT_EQ(json["type"], "frame");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["frame"], 41);
  EXPECT_EQ(json["time"], 2.5);
  EXPECT_EQ(json["unix_time"], 1'700'000'000.25);
  EXPECT_EQ(json["width"], 640);
  EXPECT_EQ(json["height"], 480);
  EXPECT_EQ(json["labels"][1],
            (Json{{"id", "happiness"}, {"word", "happy"}, {"color", "#f0e442"}}));
  const auto& first = json["people"][0];
  EXPECT_EQ(first["id"], 2);
  EXPECT_EQ(first["name"], "Ada");
  EXPECT_EQ(first["color"], "#cc79a7");
  EXPECT_EQ(first["box"], (Json{{"x", 10.0}, {"y", 20.0}, {"w", 100.0}, {"h", 120.0}}));
  EXPECT_EQ(first["verdict"], "happiness");
  EXPECT_EQ(first["certainty"], 0.75);
  EXPECT_EQ(first["reason"], nullptr);
  EXPECT_EQ(first["expressions"], (Json{{"neutral", 0.25}, {"happiness", 0.75}}));
  EXPECT_EQ(first["neutral"], "none");
  EXPECT_EQ(first["geometry"]["pose"]["yaw"], -20);
  EXPECT_EQ(first["geometry"]["movements"].size(), base::movements().size());
  EXPECT_EQ(first["geometry"]["movements"]["jaw_drop"], 0.25);
  EXPECT_EQ(first["geometry"]["eyes"]["looks_at_camera"], true);
  const auto& second = json["people"][1];
  EXPECT_EQ(second["name"], nullptr);
  EXPECT_EQ(second["verdict"], "not sure");
  EXPECT_EQ(second["label"], "happiness");
  EXPECT_EQ(second["reason"], base::describe(base::Doubt::too_small));
  EXPECT_EQ(second["neutral"], "collecting");
  EXPECT_EQ(second["neutral_progress"], 0.5);
  EXPECT_FALSE(second.contains("geometry"));
}

TEST(FrameJson, HasNoNumbersThatJsonHasNot) {
  auto somebody = testing::smiling_person(1, std::numeric_limits<float>::infinity());
  somebody.valence = std::numeric_limits<float>::quiet_NaN();
  somebody.geometry = testing::measured({std::numeric_limits<float>::quiet_NaN()});
  const auto json = Json::parse(frame_json(testing::people_frame({somebody}), {}, kWall));
  const auto& person = json["people"][0];
  EXPECT_EQ(person["box"]["x"], nullptr);
  EXPECT_EQ(person["valence"], nullptr);
  EXPECT_EQ(person["geometry"]["movements"]["inner_brow_raise"], nullptr);
  EXPECT_EQ(person["geometry"]["eyes"]["looks_at_camera"], nullptr) << "not known";
}

TEST(FrameJson, LivesWithReadingsThatAreNotWhole) {
  base::FaceReading bare;
  bare.verdict.label = 7;
  const auto json = Json::parse(frame_json(
      testing::people_frame({bare}, {"a\"b", "\xFFnot UTF-8"}), {{0, "\xC3"}}, kWall));
  EXPECT_EQ(json["people"][0]["label"], nullptr);
  EXPECT_EQ(json["people"][0]["expressions"], Json::object());
  EXPECT_EQ(json["labels"][0]["id"], "a\"b");
}

TEST(FrameJson, StateHoldsTheNewestFrame) {
  const auto frame = frame_json(testing::people_frame({}), {}, kWall);
  const auto state = Json::parse(state_json(frame, "1.2", 3, 4));
  EXPECT_EQ(state["type"], "state");
  EXPECT_EQ(state["program"], "mien 1.2");
  EXPECT_EQ(state["listeners"], 3);
  EXPECT_EQ(state["lost"], 4);
  EXPECT_EQ(state["frame"]["frame"], 41);
  EXPECT_EQ(Json::parse(state_json("", "1.2", 0, 0))["frame"], nullptr);
  const auto marker = Json::parse(marker_json("stimulus \"1\"", kWall));
  EXPECT_EQ(marker, (Json{{"type", "marker"},
                          {"version", 1},
                          {"text", "stimulus \"1\""},
                          {"unix_time", 1'700'000'000.25}}));
}

}  // namespace
}  // namespace mien::outputs
