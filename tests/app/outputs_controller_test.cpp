#include "outputs_controller.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "models_controller.hpp"
#include "support/fake_session.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using State = ui::OutputView::State;

/// What the fake output of one test was given.
struct Received {
  std::mutex mutex;
  int frames = 0;
  std::vector<outputs::Marker> markers;
  std::map<int, std::string> names;
  outputs::Services services;
  std::atomic<bool> broken{false};

  template <typename Get>
  auto get(Get what) {
    const std::scoped_lock lock(mutex);
    return what(*this);
  }
};
std::shared_ptr<Received> received;  // of the test that runs

class KeepingSender : public outputs::Sender {
 public:
  explicit KeepingSender(std::string place) : received_(received), place_(std::move(place)) {}
  void open() override {
    if (received_->broken) throw base::Error("The place is taken; choose another one.");
  }
  void send(const base::AnalyzedFrame&) override {
    received_->get([](Received& r) { return ++r.frames; });
  }
  void mark(const outputs::Marker& marker) override {
    received_->get([&](Received& r) {
      r.markers.push_back(marker);
      return 0;
    });
  }
  void use_names(const std::map<int, std::string>& names) override {
    received_->get([&](Received& r) {
      r.names = names;
      return 0;
    });
  }
  std::string listeners() const override { return "2 listeners"; }
  std::string address() const override { return "at " + place_; }

 private:
  const std::shared_ptr<Received> received_;
  const std::string place_;
};

std::unique_ptr<outputs::Sender> make_keeping(std::string_view place,
                                              const outputs::Services& services) {
  if (place == "everywhere") {
    throw outputs::NeedsConsent("Write keep:everywhere,open if that is meant.",
                                "Everybody hears it.", "everywhere,open");
  }
  if (place == "bad") throw base::Error("\"bad\" is no place; write another one.");
  received->get([&](Received& r) {
    r.services = services;
    return 0;
  });
  return std::make_unique<KeepingSender>(std::string(place));
}

class OutputsControllerTest : public ::testing::Test {
 protected:
  OutputsControllerTest() {
    received = std::make_shared<Received>();
    folder_.write("settings.json", R"({"notice_acknowledged": true})");
    EXPECT_TRUE(testing::eventually([&] { return session_->snapshot().analysis != nullptr; }));
  }

  /// The program is started, with that command line.
  void start(std::vector<std::string> send = {}) {
    controller_.reset();
    base::WindowOptions options;
    options.send = std::move(send);
    choices_ = std::make_unique<Choices>(file_, options, disk_);
    outputs::OutputLimits limits;
    limits.first_wait = limits.longest_wait = 5ms;
    controller_ = std::make_unique<OutputsController>(
        OutputsController::Parts{*session_, *choices_, view_, names_}, [this] { ++woken_; },
        limits,
        std::vector<outputs::Protocol>{
            {"keep", "Keeper", "PLACE", "for tests", make_keeping, "home"},
            {"plain", "Plain", "", "for tests", make_keeping}});
    controller_->poll();
  }
  void end() {
    controller_.reset();
    choices_->save(true);
    EXPECT_TRUE(disk_.wait(20s));
  }
  const ui::OutputView& shown(const std::string& word) {
    controller_->poll();
    const auto found =
        std::find_if(view_.outputs.begin(), view_.outputs.end(),
                     [&](const ui::OutputView& each) { return each.word == word; });
    EXPECT_NE(found, view_.outputs.end());
    return *found;
  }
  bool becomes(const std::string& word, State state) {
    return testing::eventually([&] { return shown(word).state == state; });
  }
  std::vector<std::string> sending() {
    controller_->poll();
    return controller_->sending();
  }
  bool anything_on() {
    controller_->poll();
    return std::any_of(view_.outputs.begin(), view_.outputs.end(),
                       [](const auto& each) { return each.state != State::off; });
  }
  static int frames() {
    return received->get([](Received& r) { return r.frames; });
  }
  /// As another program would ask.
  bool command(const outputs::Command& command) {
    return received->get([](Received& r) { return r.services; }).command(command);
  }

  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "settings.json";
  base::BackgroundQueue disk_;
  std::unique_ptr<analysis::LiveSession> session_ = testing::fake_session(
      {320, 240}, {{.box = {40, 40, 90, 90}, .confidence = 1, .landmarks = {}}});
  ui::ViewModel view_;
  std::map<int, std::string> names_;
  std::atomic<int> woken_{0};
  std::unique_ptr<Choices> choices_;
  std::unique_ptr<OutputsController> controller_;
};

TEST_F(OutputsControllerTest, PlacesToSendToAreShown) {
  start();
  EXPECT_TRUE(shown("keep").places.empty());
  controller_->use_places({{"keep", {{"studio", "The studio"}, {"stage", "The stage"}}}});
  ASSERT_EQ(shown("keep").places.size(), 2U);
  EXPECT_EQ(shown("keep").places[1].argument, "stage");
  EXPECT_EQ(shown("keep").places[1].name, "The stage");
  EXPECT_TRUE(shown("plain").places.empty());
}

TEST_F(OutputsControllerTest, NothingIsSentUntilItIsSwitchedOn) {
  start();
  EXPECT_FALSE(anything_on());
  ASSERT_EQ(view_.outputs.size(), 2U);
  EXPECT_EQ(shown("keep").state, State::off);
  EXPECT_EQ(shown("keep").argument, "home");
  EXPECT_EQ(shown("keep").form, "PLACE");
  EXPECT_EQ(frames(), 0);

  controller_->handle(ui::action::Send{"keep", "home", true});
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_EQ(shown("keep").listeners, "2 listeners");
  EXPECT_EQ(shown("keep").address, "at home");
  EXPECT_THAT(sending(), ElementsAre("keep:home"));
  EXPECT_TRUE(testing::eventually([] { return frames() > 3; }));

  controller_->handle(ui::action::Send{"keep", "home", false});
  EXPECT_EQ(shown("keep").state, State::off);
  EXPECT_THAT(sending(), IsEmpty());
}

TEST_F(OutputsControllerTest, WhatIsOnIsRememberedAndComesBackOn) {
  start();
  controller_->handle(ui::action::SendTo{"keep", "home", "studio"});
  controller_->handle(ui::action::Send{"keep", "studio", true});
  controller_->handle(ui::action::Send{"plain", "", true});
  controller_->handle(ui::action::Send{"plain", "", false});
  end();
  start();
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_EQ(shown("keep").argument, "studio");
  EXPECT_EQ(shown("plain").state, State::off);
  controller_->handle(ui::action::Send{"keep", "studio", false});
  end();
  start();
  EXPECT_EQ(shown("keep").state, State::off);
  EXPECT_EQ(shown("keep").argument, "studio") << "the place stays";
}

TEST_F(OutputsControllerTest, TheCommandLineAddsForThisTimeAlone) {
  start({"keep:a", "keep:b"});
  ASSERT_TRUE(testing::eventually([&] { return sending().size() == 2; }));
  controller_->poll();
  EXPECT_EQ(view_.outputs.size(), 3U) << "two of one protocol, and the other one";
  end();
  start();
  EXPECT_FALSE(anything_on());
}

TEST_F(OutputsControllerTest, AnotherPlaceTakesEffectWhereItIsOn) {
  start({"keep:a"});
  ASSERT_TRUE(becomes("keep", State::sending));
  controller_->handle(ui::action::SendTo{"keep", "a", "b"});
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_THAT(sending(), ElementsAre("keep:b"));
  EXPECT_THROW(controller_->handle(ui::action::SendTo{"keep", "b", "bad"}), base::Error);
  EXPECT_THAT(sending(), ElementsAre("keep:b"));
  EXPECT_THROW(controller_->handle(ui::action::Send{"keep", "bad", true}), base::Error);
  EXPECT_EQ(choices_->settings().outputs, std::vector<std::string>{"keep:b"});
}

TEST_F(OutputsControllerTest, APlaceThatIsPickedIsSwitchedOn) {
  start();
  controller_->handle(ui::action::SendTo{"keep", "home", "studio"});
  EXPECT_FALSE(anything_on());
  controller_->handle(ui::action::SendTo{"keep", "studio", "studio", true});
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_THAT(sending(), ElementsAre("keep:studio"));
  controller_->handle(ui::action::SendTo{"keep", "studio", "stage", true});
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_THAT(sending(), ElementsAre("keep:stage"));
  controller_->handle(ui::action::Send{"keep", "stage", false});
  controller_->handle(ui::action::SendTo{"keep", "stage", "everywhere", true});
  ASSERT_TRUE(view_.send_question);
  EXPECT_FALSE(anything_on()) << "until it is answered";
  controller_->handle(ui::action::AnswerSendQuestion{true});
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_THAT(sending(), ElementsAre("keep:everywhere,open"));
}

TEST_F(OutputsControllerTest, MarkersThatNothingShowsDoNotPileUp) {
  start({"keep:home"});
  ASSERT_TRUE(becomes("keep", State::sending));
  for (int i = 0; i < 1200; ++i) {
    ASSERT_TRUE(command({.text = "trial " + std::to_string(i)}));
    controller_->take_commands();
  }
  EXPECT_EQ(view_.markers.size(), 500U);
  EXPECT_EQ(view_.markers.back().text, "trial 1199") << "the newest stay";
}

TEST_F(OutputsControllerTest, APlaceThatRisksSomethingIsAQuestion) {
  start({"keep:home"});
  ASSERT_TRUE(becomes("keep", State::sending));
  controller_->handle(ui::action::SendTo{"keep", "home", "everywhere"});
  ASSERT_TRUE(view_.send_question);
  EXPECT_EQ(view_.send_question->risk, "Everybody hears it.");
  EXPECT_THAT(sending(), ElementsAre("keep:home")) << "until it is answered";
  controller_->handle(ui::action::AnswerSendQuestion{false});
  EXPECT_FALSE(view_.send_question);
  EXPECT_THAT(sending(), ElementsAre("keep:home"));

  controller_->handle(ui::action::SendTo{"keep", "home", "everywhere"});
  controller_->handle(ui::action::AnswerSendQuestion{true});
  EXPECT_FALSE(view_.send_question);
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_THAT(sending(), ElementsAre("keep:everywhere,open"));
  controller_->handle(ui::action::AnswerSendQuestion{true});
  EXPECT_THAT(sending(), ElementsAre("keep:everywhere,open")) << "nobody asked";
}

TEST_F(OutputsControllerTest, SettingsThatAreNoGoodAreSaid) {
  folder_.write("settings.json",
                R"({"notice_acknowledged": true, "outputs": ["other:1", "keep:c"]})");
  start();
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_THAT(view_.notices[0].text, HasSubstr("other:1"));
  EXPECT_TRUE(becomes("keep", State::sending));
}

TEST_F(OutputsControllerTest, AProblemIsSaidOnceAndShownWhileItLasts) {
  received->broken = true;
  start({"keep:a"});
  ASSERT_TRUE(becomes("keep", State::failed));
  std::this_thread::sleep_for(50ms);  // it is tried again meanwhile
  EXPECT_EQ(shown("keep").problem,
            "The place is taken; choose another one. It is tried again by itself.");
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_EQ(view_.notices[0].text, "The place is taken; choose another one.");
  EXPECT_TRUE(anything_on());
  EXPECT_THAT(sending(), IsEmpty());
  received->broken = false;
  EXPECT_TRUE(becomes("keep", State::sending));
  EXPECT_EQ(shown("keep").problem, "");
}

TEST_F(OutputsControllerTest, MarkersAndNamesGoOut) {
  start({"keep:a"});
  ASSERT_TRUE(becomes("keep", State::sending));
  names_[1] = "Ann";
  controller_->poll();
  const auto at = std::chrono::steady_clock::now() - 3s;
  controller_->handle(ui::action::Marker{"then", at});
  ASSERT_TRUE(testing::eventually([] {
    return received->get([](Received& r) { return !r.markers.empty() && !r.names.empty(); });
  }));
  EXPECT_EQ(received->markers[0].text, "then");
  EXPECT_EQ(received->markers[0].at, at);
  EXPECT_EQ(received->names.at(1), "Ann");
}

TEST_F(OutputsControllerTest, CommandsBecomeActionsAtTheirOwnTime) {
  start({"keep:a"});
  ASSERT_TRUE(becomes("keep", State::sending));
  using Kind = outputs::Command::Kind;
  const auto at = std::chrono::steady_clock::now() - 2s;
  EXPECT_TRUE(
      command({.kind = Kind::marker, .text = "a\nb" + std::string(1000, 'x'), .at = at}));
  EXPECT_TRUE(command({.kind = Kind::record_start}));
  EXPECT_TRUE(command({.kind = Kind::record_stop}));
  EXPECT_TRUE(command({.kind = Kind::neutral, .person = 7}));
  EXPECT_TRUE(command({.kind = Kind::neutral}));  // everybody
  EXPECT_EQ(woken_, 5);
  const auto actions = controller_->take_commands();
  ASSERT_EQ(actions.size(), 5U);
  const auto& marker = std::get<ui::action::Marker>(actions[0]);
  EXPECT_EQ(marker.text, "a b" + std::string(197, 'x'));
  EXPECT_EQ(marker.at, at);
  ASSERT_EQ(view_.markers.size(), 1U) << "the timeline has it, too";
  EXPECT_EQ(view_.markers[0].text, marker.text);
  EXPECT_TRUE(std::get<ui::action::Record>(actions[1]).on);
  EXPECT_FALSE(std::get<ui::action::Record>(actions[2]).on);
  EXPECT_EQ(std::get<ui::action::SetNeutral>(actions[3]).person, 7);
  EXPECT_EQ(std::get<ui::action::SetNeutral>(actions[4]).person,
            session_->snapshot().analysis->readings.at(0).person);
  EXPECT_THAT(controller_->take_commands(), IsEmpty());
}

TEST_F(OutputsControllerTest, CommandsThatWaitAreBounded) {
  start({"keep:a"});
  ASSERT_TRUE(becomes("keep", State::sending));
  int taken = 0;
  for (int i = 0; i < 1000; ++i) taken += command({.text = "m"}) ? 1 : 0;
  EXPECT_EQ(taken, 64);
  EXPECT_EQ(controller_->take_commands().size(), 64U);
  EXPECT_TRUE(command({.text = "m"}));
}

TEST_F(OutputsControllerTest, BeforeTheNoticeIsAcceptedNothingIsSentOrRecorded) {
  folder_.write("settings.json", "{}");
  view_.first_run = true;
  start({"keep:a"});
  EXPECT_FALSE(anything_on());
  EXPECT_EQ(shown("keep").state, State::off);
  // Switched on in the menu, which lies behind the notice, it still records nothing.
  controller_->handle(ui::action::Send{"plain", "", true});
  ASSERT_TRUE(becomes("plain", State::sending));
  EXPECT_FALSE(command({.kind = outputs::Command::Kind::record_start}));
  choices_->change([](base::Settings& settings) { settings.notice_acknowledged = true; });
  view_.first_run = false;
  controller_->handle(ui::action::Send{"plain", "", false});
  EXPECT_TRUE(becomes("keep", State::sending));
  EXPECT_TRUE(command({.kind = outputs::Command::Kind::record_start}));
  controller_->close();
  EXPECT_THAT(controller_->take_commands(), IsEmpty()) << "the program ends";
  EXPECT_FALSE(command({.kind = outputs::Command::Kind::record_start}));
}

TEST_F(OutputsControllerTest, AScriptsRunWithoutTheNoticeSendsWhatItsCommandLineSaysAlone) {
  folder_.write("settings.json", R"({"outputs": ["plain"]})");
  start({"keep:a"});
  ASSERT_TRUE(becomes("keep", State::sending));
  EXPECT_EQ(shown("plain").state, State::off) << "it was only remembered";
  EXPECT_FALSE(command({.kind = outputs::Command::Kind::record_start}));
  EXPECT_TRUE(command({.text = "stimulus"}));
  EXPECT_EQ(choices_->settings().outputs, std::vector<std::string>{"plain"})
      << "it comes back when the notice was accepted";
}

TEST_F(OutputsControllerTest, AShellIsHeard) {
  folder_.write("settings.json", "{}");
  view_.first_run = true;
  start();
  controller_->listen_to_shells(folder_ / "run");
  const auto problem_of = [&](const outputs::Command& command) {
    try {
      outputs::send_command(command, folder_ / "run");
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(problem_of({.text = "stimulus"}), "");
  EXPECT_EQ(woken_, 1);
  EXPECT_THAT(problem_of({.kind = outputs::Command::Kind::record_start}),
              HasSubstr("accept the notice"));
  choices_->change([](base::Settings& settings) { settings.notice_acknowledged = true; });
  view_.first_run = false;
  controller_->poll();
  EXPECT_EQ(problem_of({.kind = outputs::Command::Kind::record_start}), "");
  const auto actions = controller_->take_commands();
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(std::get<ui::action::Marker>(actions[0]).text, "stimulus");
  EXPECT_TRUE(std::get<ui::action::Record>(actions[1]).on);
  for (int i = 0; i < 64; ++i) EXPECT_EQ(problem_of({.text = "m"}), "");
  EXPECT_THAT(problem_of({.text = "m"}), HasSubstr("Too many commands"));
  controller_->close();
  EXPECT_THAT(problem_of({.text = "m"}), HasSubstr("No window"));
}

TEST_F(OutputsControllerTest, WhatIsSentIsMeasured) {
  start({"keep:a"});
  controller_->poll();
  view_.settings.show_panel = view_.settings.show_timeline = false;
  EXPECT_EQ(measuring_for(view_), analysis::Measuring::always);
  controller_->handle(ui::action::Send{"keep", "a", false});
  controller_->poll();
  EXPECT_EQ(measuring_for(view_), analysis::Measuring::never);
}

}  // namespace
}  // namespace mien::app
