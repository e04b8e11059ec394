#include "mien/outputs/outputs.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/threads.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"
#include "worker.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using State = OutputStatus::State;
using testing::eventually;

/// What the fake senders of one test do, and what they were given. Shared with them, since some
/// are left behind.
struct Stage {
  std::mutex mutex;
  std::condition_variable changed;
  bool open_hangs = false;
  bool send_hangs = false;
  bool open_fails = false;
  int sends_before_break = -1;  ///< -1: never breaks
  int made = 0, opened = 0, gone = 0, entered = 0;
  std::uint64_t lost_by_sender = 0;
  std::vector<std::string> said;
  std::vector<std::uint64_t> frames;
  std::vector<std::uint64_t> missed;
  int followed = 0;  ///< senders that took over from one that had been sent something
  bool has_problem = false;
  Services services;  ///< of the newest

  template <typename Change>
  void set(Change change) {
    {
      const std::lock_guard lock(mutex);
      change(*this);
    }
    changed.notify_all();
  }
  template <typename Get>
  auto get(Get what) {
    const std::lock_guard lock(mutex);
    return what(*this);
  }
};

std::shared_ptr<Stage> stage;  // of the test that runs

class FakeSender : public Sender {
 public:
  FakeSender(std::string argument, const Services& services)
      : stage_(stage), argument_(std::move(argument)) {
    stage_->set([&](Stage& s) {
      ++s.made;
      s.services = services;
    });
  }
  ~FakeSender() override {
    stage_->set([](Stage& s) { ++s.gone; });
  }

  void open() override {
    std::unique_lock lock(stage_->mutex);
    ++stage_->entered;
    stage_->changed.wait(lock, [&] { return !stage_->open_hangs; });
    if (stage_->open_fails) throw base::Error("The port is taken; choose another one.");
    ++stage_->opened;
  }
  void send(const base::AnalyzedFrame& frame) override {
    std::unique_lock lock(stage_->mutex);
    ++stage_->entered;
    stage_->changed.wait(lock, [&] { return !stage_->send_hangs; });
    if (stage_->sends_before_break == 0) throw std::runtime_error("the network went away");
    if (stage_->sends_before_break > 0) --stage_->sends_before_break;
    knows_something_ = true;
    stage_->frames.push_back(frame.frame->sequence);
    stage_->said.push_back("frame " + std::to_string(frame.frame->sequence));
  }
  void missed(const base::AnalyzedFrame& frame) override {
    EXPECT_TRUE(frame.frame->image.empty());
    stage_->set([&](Stage& s) { s.missed.push_back(frame.frame->sequence); });
  }
  void follow(Sender& before) override {
    knows_something_ = dynamic_cast<FakeSender&>(before).knows_something_;
    stage_->set([&](Stage& s) { s.followed += knows_something_ ? 1 : 0; });
  }
  void source_ended() override {
    stage_->set([](Stage& s) { s.said.push_back("end"); });
  }
  void mark(const Marker& marker) override {
    stage_->set([&](Stage& s) { s.said.push_back("mark " + marker.text); });
  }
  void use_names(const std::map<int, std::string>& names) override {
    stage_->set([&](Stage& s) { s.said.push_back("names " + names.begin()->second); });
  }
  std::string listeners() const override { return "2 listeners"; }
  std::string address() const override { return "at " + argument_; }
  std::uint64_t lost() const override {
    return stage_->get([](Stage& s) { return s.lost_by_sender; });
  }
  std::string problem() const override {
    return stage_->get([](Stage& s) { return s.has_problem; }) ? "It is crowded." : "";
  }
  std::string place() const override { return "chosen"; }

 private:
  const std::shared_ptr<Stage> stage_;
  const std::string argument_;
  bool knows_something_ = false;
};

std::unique_ptr<Sender> make_fake(std::string_view argument, const Services& services) {
  if (argument == "bad") throw base::Error("\"bad\" is no place; write another one.");
  return std::make_unique<FakeSender>(std::string(argument), services);
}

class OutputsTest : public ::testing::Test {
 protected:
  OutputsTest() {
    stage = std::make_shared<Stage>();
    limits_.first_wait = 1ms;
    limits_.longest_wait = 4ms;
    limits_.grace = 20s;
  }
  ~OutputsTest() override {
    // Whoever was left behind ends now, and with all that it uses.
    stage->set([](Stage& s) { s.open_hangs = s.send_hangs = false; });
    outputs_.reset();
    EXPECT_TRUE(eventually([] { return base::detached_threads() == 0; }));
    EXPECT_EQ(stage->made, stage->gone);
  }

  Outputs& outputs() {
    if (!outputs_) {
      outputs_ = std::make_unique<Outputs>(
          services_, limits_,
          std::vector<Protocol>{{"fake", "Fake", "PLACE", "for tests", make_fake},
                                {"plain", "Plain", "", "for tests", make_fake}});
    }
    return *outputs_;
  }
  static base::AnalyzedFramePtr frame(std::uint64_t sequence) {
    auto picture = std::make_shared<base::Frame>();
    picture->sequence = sequence;
    picture->image = cv::Mat(4, 4, CV_8UC3, cv::Scalar::all(0));
    auto result = std::make_shared<base::AnalyzedFrame>();
    result->frame = std::move(picture);
    result->labels = std::make_shared<const std::vector<std::string>>();
    return result;
  }
  OutputStatus only() { return outputs().status().at(0); }
  static std::vector<std::string> said() {
    return stage->get([](Stage& s) { return s.said; });
  }
  static std::vector<std::uint64_t> frames() {
    return stage->get([](Stage& s) { return s.frames; });
  }
  static bool entered(int times) {
    return eventually([&] { return stage->get([](Stage& s) { return s.entered; }) >= times; });
  }

  OutputLimits limits_;
  Services services_;
  std::unique_ptr<Outputs> outputs_;
};

std::string problem_of(Outputs& outputs, const std::string& spec) {
  try {
    outputs.add(spec);
  } catch (const base::Error& error) {
    return error.what();
  }
  return {};
}

TEST_F(OutputsTest, WhatSpecsAreNoGoodIsSaid) {
  EXPECT_THAT(problem_of(outputs(), "nothing"),
              AllOf(HasSubstr("\"nothing\""), HasSubstr("fake:PLACE, plain")));
  EXPECT_THAT(problem_of(outputs(), "fake:bad"), HasSubstr("no place"));
  EXPECT_THAT(problem_of(outputs(), "plain:here"), HasSubstr("takes nothing"));
  EXPECT_THAT(problem_of(outputs(), "fake:" + std::string(100'000, 'x')),
              HasSubstr("too long"));
  EXPECT_THAT(problem_of(outputs(), ""), HasSubstr("choose one of"));
  EXPECT_TRUE(outputs().empty());
  EXPECT_EQ(make_spec("fake", "a:1"), "fake:a:1");
  EXPECT_EQ(argument_of("fake:a:1"), "a:1");
  EXPECT_EQ(argument_of(make_spec("plain", "")), "");
}

TEST_F(OutputsTest, NothingIsMadeBeforeSomethingIsAdded) {
  outputs().push(frame(1));
  outputs().mark({"too early", {}});
  EXPECT_EQ(stage->get([](Stage& s) { return s.made; }), 0);
  EXPECT_TRUE(outputs().status().empty());
}

TEST_F(OutputsTest, FramesMarkersAndNamesArriveInTheirOrder) {
  outputs().add("fake:there");
  outputs().add("fake:there");  // is there already
  ASSERT_TRUE(outputs().wait_opened(20s));
  outputs().use_names({{1, "Ann"}});
  outputs().push(frame(7));
  outputs().mark({"now", {}});
  outputs().push(frame(8));
  ASSERT_TRUE(eventually([] { return frames().size() == 2; }));
  EXPECT_THAT(said(), ElementsAre("names Ann", "frame 7", "mark now", "frame 8"));
  ASSERT_TRUE(eventually([&] { return only().sent == 2; }));
  const auto status = only();
  EXPECT_EQ(outputs().status().size(), 1U);
  EXPECT_EQ(status.state, State::sending);
  EXPECT_EQ(status.word, "fake");
  EXPECT_EQ(status.spec, "fake:there");
  EXPECT_EQ(status.name, "Fake");
  EXPECT_EQ(status.listeners, "2 listeners");
  EXPECT_EQ(status.address, "at there");
  EXPECT_EQ(status.lost, 0U);
}

TEST_F(OutputsTest, WhoeverIsAddedGetsTheNewestFrameAndTheNames) {
  outputs().push(frame(1));
  outputs().push(frame(2));
  outputs().use_names({{1, "Ann"}});
  outputs().add("fake");
  ASSERT_TRUE(eventually([] { return !frames().empty(); }));
  EXPECT_THAT(said(), ElementsAre("names Ann", "frame 2"));
}

TEST_F(OutputsTest, TheEndOfTheSourceComesAfterItsLastFrame) {
  stage->open_hangs = true;
  outputs().add("fake");
  ASSERT_TRUE(entered(1));
  outputs().push(frame(1));
  outputs().push(frame(2));
  outputs().source_ended();
  outputs().mark({"later", {}});
  outputs().push(frame(3));  // of another one
  stage->set([](Stage& s) { s.open_hangs = false; });
  ASSERT_TRUE(eventually([] { return frames().size() == 3; }));
  EXPECT_THAT(said(), ElementsAre("frame 1", "frame 2", "end", "mark later", "frame 3"));
  outputs().source_ended();
  ASSERT_TRUE(eventually([] { return said().size() == 6; }));
  EXPECT_EQ(said().back(), "end") << "also when nothing waits";
  // Whoever comes in later is told as well.
  outputs().add("plain");
  ASSERT_TRUE(eventually([] { return said().size() == 8; }));
  EXPECT_THAT(said()[6], "frame 3");
  EXPECT_THAT(said()[7], "end");
}

TEST_F(OutputsTest, AnEndIsKeptWhenItsFrameIsLost) {
  limits_.frames = 1;
  stage->open_hangs = true;
  outputs().add("fake");
  ASSERT_TRUE(entered(1));
  outputs().push(frame(1));
  outputs().source_ended();
  outputs().push(frame(2));
  stage->set([](Stage& s) { s.open_hangs = false; });
  ASSERT_TRUE(eventually([] { return said().size() == 2; }));
  EXPECT_THAT(said(), ElementsAre("end", "frame 2"));
}

TEST_F(OutputsTest, ASenderThatHangsLosesTheOldestFramesButNoMarker) {
  limits_.frames = 3;
  stage->send_hangs = true;
  outputs().add("fake");
  ASSERT_TRUE(outputs().wait_opened(20s));
  outputs().push(frame(0));
  ASSERT_TRUE(entered(2));  // it hangs with the first
  outputs().mark({"kept", {}});
  for (std::uint64_t i = 1; i <= 10; ++i) outputs().push(frame(i));
  EXPECT_EQ(only().lost, 7U);
  stage->set([](Stage& s) { s.send_hangs = false; });
  ASSERT_TRUE(eventually([] { return frames().size() == 4; }));
  EXPECT_THAT(said(), ElementsAre("frame 0", "mark kept", "frame 8", "frame 9", "frame 10"));
  EXPECT_THAT(stage->get([](Stage& s) { return s.missed; }), ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST_F(OutputsTest, FramesThatAreMissedAreBounded) {
  stage->open_hangs = true;
  outputs().add("fake");
  for (std::uint64_t i = 1; i <= 300; ++i) outputs().push(frame(i));
  outputs().mark({"kept", {}});
  stage->set([](Stage& s) { s.open_hangs = false; });
  ASSERT_TRUE(eventually([] { return frames().size() == 8; }));
  const auto missed = stage->get([](Stage& s) { return s.missed; });
  ASSERT_EQ(missed.size(), 160U);
  EXPECT_EQ(missed.front(), 1U);
  EXPECT_EQ(missed[39], 40U);
  EXPECT_EQ(missed[40], 173U);
  EXPECT_EQ(missed.back(), 292U);
  EXPECT_TRUE(eventually([] { return said().back() == "mark kept"; }));
}

TEST_F(OutputsTest, WhatKeepsAnOpenOneFromServingIsSaid) {
  outputs().add("fake");
  ASSERT_TRUE(outputs().wait_opened(20s));
  EXPECT_EQ(only().problem, "");
  EXPECT_EQ(only().place, "chosen");
  stage->set([](Stage& s) { s.has_problem = true; });
  EXPECT_EQ(only().state, State::sending);
  EXPECT_EQ(only().problem, "It is crowded.");
}

TEST_F(OutputsTest, MarkersThatWaitAreBounded) {
  limits_.markers = 2;
  stage->open_hangs = true;
  outputs().add("fake");
  for (const char* text : {"a", "b", "c"}) outputs().mark({text, {}});
  stage->set([](Stage& s) { s.open_hangs = false; });
  ASSERT_TRUE(eventually([] { return said().size() == 2; }));
  EXPECT_THAT(said(), ElementsAre("mark b", "mark c"));
}

TEST_F(OutputsTest, AnOutputThatCannotBeOpenedSaysWhyAndIsTriedAgain) {
  stage->open_fails = true;
  outputs().add("fake");
  EXPECT_TRUE(outputs().wait_opened(20s));
  EXPECT_EQ(only().state, State::failed);
  EXPECT_EQ(only().problem, "The port is taken; choose another one.");
  EXPECT_EQ(only().address, "");
  ASSERT_TRUE(entered(5));
  outputs().push(frame(1));
  stage->set([](Stage& s) { s.open_fails = false; });
  ASSERT_TRUE(eventually([] { return !frames().empty(); }));
  EXPECT_EQ(only().state, State::sending);
  EXPECT_EQ(only().problem, "");
  // Each attempt had a sender of its own.
  EXPECT_EQ(stage->get([](Stage& s) { return s.made - s.gone; }), 1);
}

TEST_F(OutputsTest, TheLogHasAProblemOnceHoweverOftenItIsTriedAgain) {
  const testing::TemporaryFolder folder;
  base::log::start({.in_file = base::log::Level::info, .file = folder / "log"});
  stage->open_fails = true;
  outputs().add("fake");
  ASSERT_TRUE(entered(5));
  stage->set([](Stage& s) { s.open_fails = false; });
  outputs().push(frame(1));
  ASSERT_TRUE(eventually([] { return !frames().empty(); }));
  outputs().remove("fake");
  ASSERT_TRUE(eventually([] { return base::detached_threads() == 0; }));
  base::log::stop();
  std::vector<std::string> said;
  std::ifstream file(folder / "log");
  for (std::string line; std::getline(file, line);) {
    if (const auto at = line.find("Sending to"); at != line.npos)
      said.push_back(line.substr(at));
  }
  EXPECT_THAT(said,
              ElementsAre("Sending to fake failed: The port is taken; choose another one.",
                          "Sending to fake again", "Sending to fake has ended"));
}

TEST_F(OutputsTest, AnOutputThatBreaksIsOpenedAgainAndKnowsTheNames) {
  outputs().use_names({{1, "Ann"}});
  stage->sends_before_break = 1;
  stage->lost_by_sender = 5;
  outputs().add("fake");
  ASSERT_TRUE(outputs().wait_opened(20s));
  outputs().push(frame(1));
  outputs().push(frame(2));  // with this one it breaks
  ASSERT_TRUE(eventually([] { return stage->get([](Stage& s) { return s.gone; }) > 0; }));
  stage->set([](Stage& s) { s.sends_before_break = -1; });
  ASSERT_TRUE(eventually([&] { return only().state == State::sending; }));
  outputs().push(frame(3));
  ASSERT_TRUE(eventually([] { return frames().size() == 2; }));
  EXPECT_THAT(frames(), ElementsAre(1, 3));
  // What was known before it broke, through all that could not be sent to meanwhile.
  EXPECT_EQ(stage->get([](Stage& s) { return s.followed; }),
            stage->get([](Stage& s) { return s.made - 1; }));
  const auto all = said();
  EXPECT_EQ(std::count(all.begin(), all.end(), "names Ann"),
            stage->get([](Stage& s) { return s.opened; }));
  EXPECT_GE(only().lost, 1 + 5U);
}

TEST_F(OutputsTest, WhatIsRemovedSendsNothingMore) {
  stage->send_hangs = true;
  outputs().add("fake");
  ASSERT_TRUE(outputs().wait_opened(20s));
  for (std::uint64_t i = 0; i < 4; ++i) outputs().push(frame(i));
  ASSERT_TRUE(entered(2));
  outputs().remove("fake");  // does not wait for what hangs
  outputs().remove("unknown");
  EXPECT_TRUE(outputs().empty());
  stage->set([](Stage& s) { s.send_hangs = false; });
  ASSERT_TRUE(eventually([] { return stage->get([](Stage& s) { return s.gone; }) == 1; }));
  EXPECT_THAT(frames(), ElementsAre(0));
}

TEST_F(OutputsTest, OneThatIsAddedAgainWaitsUntilTheOldOneHasClosed) {
  stage->send_hangs = true;
  outputs().add("fake");
  ASSERT_TRUE(outputs().wait_opened(20s));
  outputs().push(frame(1));
  ASSERT_TRUE(entered(2));
  outputs().remove("fake");
  outputs().add("fake:elsewhere");
  EXPECT_FALSE(outputs().wait_opened(50ms));
  EXPECT_EQ(stage->get([](Stage& s) { return s.opened; }), 1);
  stage->set([](Stage& s) { s.send_hangs = false; });
  EXPECT_TRUE(outputs().wait_opened(20s));
}

TEST_F(OutputsTest, TheEndSendsWhatWaits) {
  stage->open_hangs = true;
  outputs().add("fake");
  outputs().push(frame(1));
  outputs().mark({"last", {}});
  ASSERT_TRUE(entered(1));
  std::jthread later([s = stage] {
    std::this_thread::sleep_for(20ms);
    s->set([](Stage& all) { all.open_hangs = false; });
  });
  outputs_.reset();
  EXPECT_THAT(said(), ElementsAre("frame 1", "mark last"));
}

TEST_F(OutputsTest, ASenderThatNeverReturnsIsLeftBehind) {
  limits_.grace = 10ms;
  stage->open_hangs = true;
  outputs().add("fake");
  outputs().push(frame(1));
  ASSERT_TRUE(entered(1));
  outputs_.reset();
  EXPECT_EQ(base::detached_threads(), 1);
  // It comes back to a program that is no longer there, and sends nothing.
  stage->set([](Stage& s) { s.open_hangs = false; });
  ASSERT_TRUE(eventually([] { return base::detached_threads() == 0; }));
  EXPECT_TRUE(said().empty());
}

TEST_F(OutputsTest, CommandsPassWhileTheOutputIsOn) {
  std::atomic<int> taken{0};
  services_.version = "1.2";
  services_.command = [&](const Command& command) {
    ++taken;
    return command.kind == Command::Kind::neutral;
  };
  outputs().add("fake");
  ASSERT_TRUE(outputs().wait_opened(20s));
  const auto services = stage->get([](Stage& s) { return s.services; });
  EXPECT_EQ(services.version, "1.2");
  EXPECT_TRUE(services.command({.kind = Command::Kind::neutral}));
  EXPECT_FALSE(services.command({.kind = Command::Kind::record_start}));
  outputs().remove("fake");
  EXPECT_FALSE(services.command({.kind = Command::Kind::neutral}));
  EXPECT_EQ(taken, 2);
}

TEST_F(OutputsTest, ManyThreadsMayPushMarkAndChangeAtOnce) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t, &all = outputs()] {
      const std::string spec = "fake:" + std::to_string(t);
      for (int i = 0; i < 200; ++i) {
        all.add(spec);
        all.push(frame(static_cast<std::uint64_t>(i)));
        all.mark({"m", {}});
        for (const auto& status : all.status()) EXPECT_EQ(status.name, "Fake");
        if (i % 3 == t % 3) all.remove(spec);
      }
    });
  }
  threads.clear();
  EXPECT_LE(outputs().status().size(), 4U);
}

}  // namespace
}  // namespace mien::outputs
