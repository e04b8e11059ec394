// --send: to the window, and what `mien analyze` sends itself.

#include "child.hpp"
#include "command_line.hpp"
#include "support/datagram_receiver.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using testing::DatagramReceiver;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SendOptionTest : public CommandLineTest {
 protected:
  nlohmann::json outputs_of(const std::string& name) const {
    return nlohmann::json::parse(cli::contents(path(name) + "/session.json")).at("outputs");
  }
};

TEST_F(SendOptionTest, TheWindowGetsEachOfThem) {
  const auto outcome = run_mien({"--send", "osc", "--send", "osc:studio.local:7000"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.options.send, ElementsAre("osc", "osc:studio.local:7000"));
  EXPECT_THAT(run_mien({"--source", "demo"}).options.send, IsEmpty());
}

TEST_F(SendOptionTest, APlaceThatIsNoneIsAnErrorOfTheCommandLine) {
  const auto unknown = run_mien({"--send", "pigeon:home"});
  EXPECT_EQ(unknown.code, kUsage);
  EXPECT_EQ(unknown.windows, 0);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("pigeon:home"), HasSubstr("osc:HOST:PORT")));
  const auto port = run_mien({"analyze", "demo", "--out", path("out"), "--send", "osc:a:b"});
  EXPECT_EQ(port.code, kUsage);
  EXPECT_THAT(port.err, HasSubstr("a port is a number"));
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(SendOptionTest, AnalyzeSendsWhatItReadsAndSaysSoInTheDocument) {
  DatagramReceiver receiver;
  ASSERT_TRUE(receiver.ok());
  const auto spec = "osc:127.0.0.1:" + std::to_string(receiver.port());
  const std::vector<std::string> words = {"analyze",   portrait(), "--out",
                                          path("out"), "--send",   spec};
  const auto outcome = run_mien(words);
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  const auto bundle = receiver.receive();
  ASSERT_TRUE(bundle);
  EXPECT_THAT(*bundle, AllOf(HasSubstr("/mien/frame"), HasSubstr("/mien/person/1/verdict")));
  const auto outputs = outputs_of("out/astronaut");
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0]["spec"], spec);
  EXPECT_EQ(outputs[0]["from"], 0.0);

  // A finished result is not read again, and so not sent: nobody is left to wonder.
  const auto again = run_mien(words);
  EXPECT_EQ(again.code, kDone) << again.err;
  EXPECT_THAT(again.out, HasSubstr("It was not sent"));
}

TEST_F(SendOptionTest, AnalyzeSendsNothingUnlessItIsAsked) {
  const auto outcome = run_mien({"analyze", portrait(), "--out", path("out")});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outputs_of("out/astronaut"), IsEmpty());
}

TEST_F(SendOptionTest, AHostThatNobodyKnowsCostsNoResult) {
  const auto outcome = run_mien(
      {"analyze", portrait(), "--out", path("out"), "--send", "osc:nobody.invalid:9000"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("nobody.invalid:9000"));
  EXPECT_TRUE(std::filesystem::exists(path("out/astronaut/faces.csv")));
}

TEST_F(SendOptionTest, InputsThatAreSentComeOneAfterTheOther) {
  const auto outcome = run_mien(
      {"analyze", portrait(), "--out", path("out"), "--send", "osc", "--workers", "2"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("leave --workers out"));
}

}  // namespace
}  // namespace mien::cli
