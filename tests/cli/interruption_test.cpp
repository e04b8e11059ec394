#include <opencv2/imgcodecs.hpp>

#include "child.hpp"
#include "command_line.hpp"
#include "support/fakes.hpp"

namespace mien::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

/// Commands with a third-party model that hangs: an interruption ends them without waiting for
/// the model's time to run out.
class InterruptionOfAHangingModel : public CommandLineTest {
 protected:
  /// A copy of a model of the program, outside its folder and under another id.
  std::string third_party(const std::string& id) const {
    const fs::path folder = home("data/mien/models/other");
    fs::create_directories(folder);
    fs::copy(fs::path(MIEN_SOURCE_DIR "/models") / id, folder);
    auto card = nlohmann::json::parse(cli::contents((folder / "card.json").string()));
    card["id"] = "other";
    fs::permissions(folder / "card.json", fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(folder / "card.json") << card;
    return "other";
  }

  /// Two classes of small pictures, enough for seconds of reading.
  std::string pictures() const {
    cv::Mat picture(48, 48, CV_8UC3);
    for (const std::string label : {"happiness", "sadness"}) {
      fs::create_directories(root_ / "set" / label);
      for (int i = 0; i < 1000; ++i) {
        picture.setTo(cv::Scalar(i % 256, 90, label.size() * 10));
        cv::imwrite(path("set/" + label + '/' + std::to_string(i) + ".png"), picture);
      }
    }
    return path("set");
  }

  /// The model hangs once the command listens to signals and the file `begun` is there, if any.
  void expect_end(const std::vector<std::string>& words, const fs::path& begun = {}) const {
    const auto err = path("err");
    Child child(words, err, false);
    ASSERT_TRUE(child.listens()) << cli::contents(err);
    ASSERT_TRUE(testing::eventually([&] { return begun.empty() || fs::exists(begun); },
                                    std::chrono::minutes{2}));
    ASSERT_EQ(child.suspend_workers(), 1) << cli::contents(err);
    std::this_thread::sleep_for(std::chrono::milliseconds{300});
    child.interrupt();
    EXPECT_EQ(child.wait(), kFailed);
    EXPECT_THAT(cli::contents(err), StartsWith("mien: Interrupted"));
    EXPECT_THAT(cli::contents(err), Not(HasSubstr("other"))) << "the model is not to blame";
  }
};

TEST_F(InterruptionOfAHangingModel, EndsAnalyze) {
  expect_end({"analyze", "demo", "--out", path("out"), "--workers", "1", "--model",
              third_party("mien-small")},
             root_ / "out" / "demo" / "faces.csv");
  std::ifstream in(root_ / "out" / "demo" / "session.json");
  ASSERT_TRUE(in);
  EXPECT_EQ(nlohmann::json::parse(in)["ended"], "interrupted");
}

TEST_F(InterruptionOfAHangingModel, EndsEval) {
  expect_end({"eval", pictures(), "--cropped", "--model", third_party("mien-small")});
}

TEST_F(InterruptionOfAHangingModel, EndsBench) {
  expect_end({"bench", "--frames", "1000000", "--model", third_party("mien-small")});
}

}  // namespace
}  // namespace mien::cli
