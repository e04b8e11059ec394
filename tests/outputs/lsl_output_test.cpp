#include <cmath>
#include <cstdlib>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/outputs/output.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/system/shared_library.hpp"

#include "frames.hpp"
#include "protocols.hpp"
#include "support/fake_lsl.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point moment) {
  return std::chrono::duration<double>(moment.time_since_epoch()).count();
}

class LslOutputTest : public ::testing::Test {
 protected:
  LslOutputTest() {
    ::setenv("MIEN_LSL", MIEN_FAKE_LSL, 1);
    std::string problem;
    const auto library = system::SharedLibrary::load(MIEN_FAKE_LSL, problem);
    EXPECT_TRUE(library) << problem;
    record_ = library->function<fake_lsl::RecordFunction>("fake_lsl_record")();
    *record_ = {};
  }
  ~LslOutputTest() override { ::unsetenv("MIEN_LSL"); }

  static std::unique_ptr<Sender> made(const std::string& argument = "") {
    Services services;
    services.version = "9.8";
    return make_lsl_output(argument, services);
  }
  static std::unique_ptr<Sender> opened(const std::string& argument = "") {
    auto sender = made(argument);
    sender->open();
    return sender;
  }

  /// The sentence with which it does not open.
  static std::string problem_of_opening() {
    try {
      opened();
    } catch (const base::Error& error) {
      return error.what();
    }
    return "it opened";
  }

  const fake_lsl::Stream& stream(const std::string& name) const {
    for (const auto& each : record_->streams) {
      if (each.name == name && each.open) return each;
    }
    ADD_FAILURE() << "no open stream " << name;
    return record_->streams.at(0);
  }

  /// Where a channel is, by its label in the description.
  static std::size_t channel(const fake_lsl::Stream& stream, const std::string& label) {
    const auto place = stream.desc.find("<label>" + label + "</label>");
    EXPECT_NE(place, std::string::npos) << label;
    std::size_t index = 0;
    for (auto at = stream.desc.find("<label>"); at < place;
         at = stream.desc.find("<label>", at + 1)) {
      ++index;
    }
    return index;
  }

  static float value(const fake_lsl::Stream& stream, std::size_t sample, const char* label) {
    return stream.values.at(sample).at(channel(stream, label));
  }

  fake_lsl::Record* record_ = nullptr;
};

TEST_F(LslOutputTest, StreamsSayWhatTheyHold) {
  const auto sender = opened();
  sender->send(testing::numbered_frame(0, {testing::smiling_person(1)}));
  const auto& numbers = stream("mien");
  EXPECT_EQ(numbers.type, "Expression");
  EXPECT_EQ(numbers.format, 1) << "float32";
  EXPECT_EQ(numbers.rate, 0) << "irregular";
  const auto columns = 1 + 2 + 7 + 7 + base::movements().size() + 4;
  EXPECT_EQ(static_cast<std::size_t>(numbers.channels), 2 + 4 * columns);
  EXPECT_THAT(numbers.desc, HasSubstr("<channel><label>face1_happiness</label><unit>probability"
                                      "</unit><type>Expression</type></channel>"));
  EXPECT_THAT(numbers.desc, HasSubstr("<label>face4_pose_yaw</label><unit>degrees</unit>"));
  EXPECT_THAT(numbers.desc, HasSubstr("<label>face2_jaw_drop</label>"));
  EXPECT_THAT(numbers.desc, HasSubstr("<manufacturer>mien</manufacturer><model>mien 9.8"));
  EXPECT_GT(numbers.max_buffered, 0);
  const auto& markers = stream("mien markers");
  EXPECT_EQ(markers.type, "Markers");
  EXPECT_EQ(markers.format, 3) << "string";
  EXPECT_EQ(markers.channels, 1);
  EXPECT_NE(markers.source_id, numbers.source_id);
  EXPECT_EQ(record_->infos, 0) << "the outlet has its own copy";
}

TEST_F(LslOutputTest, ValuesAreInTheirChannels) {
  const auto sender = opened();
  auto measured = testing::smiling_person(7);
  auto& geometry = measured.geometry.emplace();
  geometry.mesh.presence = 0.9F;
  geometry.pose = base::HeadPose{1, -20, 3, {4, 5, 600}};
  geometry.movements.assign(base::movements().size(), 0);
  geometry.movements[*base::movement_index("jaw_drop")] = 0.5F;
  geometry.eyes.opening = 0.75F;
  geometry.eyes.blinks = 2;
  geometry.towards_camera = true;
  sender->send(testing::numbered_frame(12, {testing::smiling_person(9), measured}));
  const auto& numbers = stream("mien");
  ASSERT_EQ(numbers.values.size(), 1U);
  EXPECT_EQ(value(numbers, 0, "frame"), 12);
  EXPECT_EQ(value(numbers, 0, "people"), 2);
  EXPECT_EQ(value(numbers, 0, "face1_person"), 7);
  EXPECT_EQ(value(numbers, 0, "face1_happiness"), 0.75F) << "smoothed";
  EXPECT_EQ(value(numbers, 0, "face1_certainty"), 0.75F);
  EXPECT_EQ(value(numbers, 0, "face1_valence"), 0.5F);
  EXPECT_EQ(value(numbers, 0, "face1_confidence"), 0.875F);
  EXPECT_EQ(value(numbers, 0, "face1_h"), 120);
  EXPECT_EQ(value(numbers, 0, "face1_pose_yaw"), -20);
  EXPECT_EQ(value(numbers, 0, "face1_pose_Tz"), 600);
  EXPECT_EQ(value(numbers, 0, "face1_jaw_drop"), 0.5F);
  EXPECT_EQ(value(numbers, 0, "face1_eyes_open"), 0.75F);
  EXPECT_EQ(value(numbers, 0, "face1_eyes_closed"), 0);
  EXPECT_EQ(value(numbers, 0, "face1_blinks"), 2);
  EXPECT_EQ(value(numbers, 0, "face1_looks_at_camera"), 1);
  EXPECT_EQ(value(numbers, 0, "face2_person"), 9);
  EXPECT_EQ(value(numbers, 0, "face2_neutral"), 0.25F);
  EXPECT_TRUE(std::isnan(value(numbers, 0, "face2_pose_yaw"))) << "not measured";
  EXPECT_TRUE(std::isnan(value(numbers, 0, "face3_person"))) << "nobody";
  EXPECT_TRUE(std::isnan(value(numbers, 0, "face4_blinks")));
}

TEST_F(LslOutputTest, TimesAreThoseOfTheCaptureOnItsClock) {
  record_->ahead = 5000;
  const auto sender = opened();
  auto first = testing::numbered_frame(1);
  sender->send(first);
  auto late = testing::numbered_frame(2);
  auto own = std::make_shared<base::Frame>(*late.frame);
  own->arrived = first.frame->arrived + 300ms;  // 260 ms late
  late.frame = std::move(own);
  sender->send(late);
  const auto& times = stream("mien").times;
  ASSERT_EQ(times.size(), 2U);
  EXPECT_NEAR(times[0], seconds(first.frame->arrived) + 5000, 0.002);
  EXPECT_NEAR(times[1] - times[0], 0.040, 0.001) << "as the camera took them";
}

TEST_F(LslOutputTest, MarkersHaveTheTimeAtWhichTheyWereSet) {
  record_->ahead = -20;
  const auto sender = opened();
  const auto set = Clock::now() - 3s;
  sender->mark({"stimulus 1", set});
  sender->mark({"", set + 1s});
  const auto& markers = stream("mien markers");
  EXPECT_THAT(markers.texts, ElementsAre("stimulus 1", "marker"));
  ASSERT_EQ(markers.times.size(), 2U);
  EXPECT_NEAR(markers.times[0], seconds(set) - 20, 0.002);
  EXPECT_NEAR(markers.times[1], seconds(set) - 19, 0.002);
}

TEST_F(LslOutputTest, AnotherModelMakesAnotherStream) {
  const auto sender = opened("lab");
  sender->send(testing::numbered_frame(0, {testing::smiling_person(1)}));
  auto other = testing::numbered_frame(1, {testing::smiling_person(1)});
  other.labels = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"calm", "other"});
  other.readings[0].smoothed = {0.9F, 0.1F};
  sender->send(other);
  ASSERT_EQ(record_->streams.size(), 3U);
  EXPECT_FALSE(record_->streams[1].open);
  const auto& now = stream("lab");
  EXPECT_EQ(value(now, 0, "face1_calm"), 0.9F);
  EXPECT_EQ(now.source_id, record_->streams[1].source_id);
  EXPECT_TRUE(stream("lab markers").open) << "markers go on";
}

TEST_F(LslOutputTest, EverythingIsClosedWithTheSender) {
  auto sender = opened();
  sender->send(testing::numbered_frame(0));
  sender.reset();
  ASSERT_EQ(record_->streams.size(), 2U);
  for (const auto& each : record_->streams) EXPECT_FALSE(each.open) << each.name;
}

TEST_F(LslOutputTest, SaysWhetherSomebodyListens) {
  const auto sender = opened();
  EXPECT_EQ(sender->listeners(), "");
  EXPECT_EQ(sender->address(), "mien");
  sender->send(testing::numbered_frame(0));
  EXPECT_EQ(sender->listeners(), "nobody listens");
  record_->listeners = true;
  sender->send(testing::numbered_frame(1));
  EXPECT_EQ(sender->listeners(), "somebody listens");
}

TEST_F(LslOutputTest, SamplesThatTheLibraryRefusesAreLost) {
  const auto sender = opened();
  record_->refuse_samples = true;
  sender->send(testing::numbered_frame(0));
  EXPECT_EQ(sender->lost(), 1U);
}

TEST_F(LslOutputTest, AStreamThatCannotBeMadeIsASentence) {
  record_->refuse_outlets = true;
  EXPECT_THAT(problem_of_opening(),
              HasSubstr("liblsl does not make the stream \"mien markers\""));
  EXPECT_EQ(record_->infos, 0);
}

TEST_F(LslOutputTest, WithoutTheLibraryASentenceSaysHowToGetIt) {
  ::setenv("MIEN_LSL", "/nowhere/liblsl.so", 1);
  EXPECT_THAT(problem_of_opening(),
              AllOf(HasSubstr("/nowhere/liblsl.so"), HasSubstr("MIEN_LSL")));
  ::setenv("MIEN_LSL", MIEN_OLD_LSL, 1);
  EXPECT_THAT(problem_of_opening(),
              AllOf(HasSubstr("has no lsl_local_clock"), HasSubstr("releases")));
  ::setenv("MIEN_LSL", __FILE__, 1);
  EXPECT_THAT(problem_of_opening(), HasSubstr("cannot be loaded"));
  std::string problem;
  if (system::SharedLibrary::load("liblsl.so", problem)) GTEST_SKIP() << "this machine has it";
  ::setenv("MIEN_LSL", "", 1);
  EXPECT_THAT(problem_of_opening(), AllOf(HasSubstr("needs the library liblsl"),
                                          HasSubstr("https://github.com/sccn/liblsl/releases"),
                                          HasSubstr("MIEN_LSL")));
}

TEST_F(LslOutputTest, NamesAreChecked) {
  EXPECT_NO_THROW(check_spec("lsl"));
  EXPECT_NO_THROW(check_spec("lsl:Labor Grün 2"));
  for (const std::string& name :
       {std::string("it's"), std::string("a\nb"), std::string("\xFF"), std::string(65, 'x')}) {
    EXPECT_THROW(check_spec("lsl:" + name), base::Error) << name;
  }
}

}  // namespace
}  // namespace mien::outputs
