#include <cstdlib>

#include <opencv2/imgcodecs.hpp>

#include "mien/base/files.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/sha256.hpp"
#include "mien/sessions/recorded_session.hpp"

#include "analyze_input.hpp"
#include "child.hpp"
#include "command_line.hpp"
#include "support/fakes.hpp"
#include "support/foreign_model.hpp"
#include "support/shipped_models.hpp"

namespace mien::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

using AnalyzeCommandTest = CommandLineTest;

nlohmann::json session(const fs::path& folder) {
  std::ifstream in(folder / "session.json");
  return nlohmann::json::parse(in);
}

std::size_t rows(const fs::path& table) {
  std::ifstream in(table);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) ++count;
  return count - 1;
}

TEST_F(AnalyzeCommandTest, DemoGivesAVideoATableAndASummary) {
  const auto outcome = run_mien(
      {"analyze", "demo", "--out", path("out"), "--video", "--seconds", "1", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["detector"], "auto");
  EXPECT_TRUE(json["failed"].empty());
  EXPECT_FALSE(json["interrupted"].get<bool>());
  ASSERT_EQ(json["inputs"].size(), 1U);
  const auto& input = json["inputs"][0];
  EXPECT_EQ(input["input"], "demo");
  EXPECT_EQ(input["frames"], 30);
  EXPECT_GE(input["faces"].get<int>(), 25);
  EXPECT_EQ(input["people"], 1);
  EXPECT_NEAR(input["seconds"].get<double>(), 29.0 / 30, 0.002);
  EXPECT_GT(input["ms_per_frame"].get<double>(), 0);
  double shares = 0;
  for (const auto& [label, share] : input["label_shares"].items())
    shares += share.get<double>();
  EXPECT_NEAR(shares, 1, 1e-3);
  // She smiles.
  EXPECT_GT(input["label_shares"].value("happiness", 0.0), 0.8) << input;

  const fs::path folder = input["folder"].get<std::string>();
  EXPECT_EQ(folder, root_ / "out" / "demo");
  EXPECT_GT(fs::file_size(folder / "video.mkv"), 10000U);
  EXPECT_GE(rows(folder / "faces.csv"), 30U);
  EXPECT_EQ(session(folder)["counts"]["frames"], 30);
  EXPECT_EQ(session(folder)["ended"], "limit of 1.000 s");
}

TEST_F(AnalyzeCommandTest, MovementsAreInTheTableWhenTheyAreAskedFor) {
  const auto header = [](const fs::path& folder) {
    std::ifstream in(folder / "faces.csv");
    std::string line;
    std::getline(in, line, '\r');
    return line;
  };
  const std::vector<std::string> words = {"analyze", "demo", "--seconds", "0.3", "--out"};
  const auto run = [&](const char* out, std::vector<std::string> more) {
    auto all = words;
    all.push_back(path(out));
    all.insert(all.end(), more.begin(), more.end());
    return run_mien(all);
  };
  auto outcome = run("l", {"--columns", "landmarks", "--export", "openface", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["landmarks"], "face-mesh");
  EXPECT_EQ(json["columns"], "landmarks");
  EXPECT_THAT(
      header(root_ / "l" / "demo"),
      AllOf(HasSubstr("valence,presence,no_mesh,pose_pitch"), HasSubstr(",jaw_drop,eyes_open,"),
            HasSubstr(",blinks,looks_at_camera,x_0,"), HasSubstr(",y_67")));
  EXPECT_EQ(session(root_ / "l" / "demo")["landmarks"], "face-mesh");
  EXPECT_EQ(session(root_ / "l" / "demo")["movements"], "face-movements");
  EXPECT_EQ(session(root_ / "l" / "demo")["columns"], "landmarks");
  const models::ModelLibrary library({testing::kShippedModels});
  EXPECT_EQ(session(root_ / "l" / "demo")["landmarks_model"],
            library.find("face-mesh", models::ModelCard::Task::landmarks).document);
  EXPECT_EQ(session(root_ / "l" / "demo")["movements_model"],
            library.find("face-movements", models::ModelCard::Task::movements).document);
  EXPECT_TRUE(fs::exists(root_ / "l" / "demo" / "openface.csv"));
  EXPECT_TRUE(fs::exists(root_ / "l" / "demo" / "report.html"));
  EXPECT_EQ(run_mien({"report", "--verify", path("l") + "/demo"}).code, kDone);
  const auto recorded = sessions::read_session(root_ / "l" / "demo");
  ASSERT_TRUE(recorded.rows.back().geometry);
  EXPECT_TRUE(recorded.rows.back().geometry->has_pose());

  outcome = run("m", {"--landmarks", "face-mesh"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(header(root_ / "m" / "demo"), ::testing::EndsWith(",blinks,looks_at_camera"));
  outcome = run("b", {});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(header(root_ / "b" / "demo"), ::testing::EndsWith(",valence"));
  EXPECT_EQ(session(root_ / "b" / "demo")["landmarks"], "");
  EXPECT_EQ(session(root_ / "b" / "demo")["movements"], "");
  EXPECT_FALSE(session(root_ / "b" / "demo").contains("landmarks_model"));

  outcome = run("x", {"--columns", "movements", "--landmarks", "none"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("need a landmarks model"));
  outcome = run("x", {"--columns", "all"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("none of basic, movements, landmarks"));
  outcome = run("x", {"--landmarks", "of-nobody"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("of-nobody"));
  EXPECT_FALSE(fs::exists(root_ / "x"));
}

TEST_F(AnalyzeCommandTest, ALandmarksModelOfYourOwnMeasuresFromItsFolder) {
  const auto mine = testing::copy_shipped_model("face-mesh", "my-mesh", root_ / "mine");
  const auto run = [&](const char* out, const std::string& landmarks) {
    return run_mien({"analyze", "demo", "--seconds", "0.3", "--out", path(out), "--landmarks",
                     landmarks, "--json"});
  };
  const auto with_mine = run("mine-out", mine);
  ASSERT_EQ(with_mine.code, kDone) << with_mine.err;
  EXPECT_EQ(nlohmann::json::parse(with_mine.out)["landmarks"], "my-mesh");
  const auto document = session(root_ / "mine-out" / "demo");
  EXPECT_EQ(document["landmarks"], "my-mesh");
  EXPECT_EQ(document["movements"], "face-movements");
  // The same network in another process finds the same.
  const auto with_shipped = run("shipped-out", "face-mesh");
  ASSERT_EQ(with_shipped.code, kDone) << with_shipped.err;
  EXPECT_EQ(base::read_text_file(root_ / "mine-out/demo/faces.csv"),
            base::read_text_file(root_ / "shipped-out/demo/faces.csv"));
  const auto again = nlohmann::json::parse(run("mine-out", mine).out);
  EXPECT_TRUE(again["inputs"][0]["skipped"].get<bool>());

  const fs::path network = root_ / "mine/face_landmark.onnx";
  std::ofstream(network, std::ios::app) << ' ';
  auto card = nlohmann::json::parse(base::read_text_file(root_ / "mine/card.json"));
  card["files"][0]["size"] = fs::file_size(network);
  card["files"][0]["sha256"] = models::sha256_file(network);
  write("mine/card.json", card.dump());
  const auto broken = run("broken-out", mine);
  EXPECT_EQ(broken.code, kFailed);
  EXPECT_THAT(broken.err, HasSubstr(network.string()));
  EXPECT_EQ(lines_of(broken.err).size(), 1U);
  EXPECT_FALSE(fs::exists(root_ / "broken-out"));
}

TEST_F(AnalyzeCommandTest, EachInputHasItsFolderAndPeopleOfItsOwn) {
  fs::create_directories(root_ / "photos");
  fs::copy_file(portrait(), root_ / "photos" / "a.png");
  fs::copy_file(portrait(), root_ / "photos" / "b.png");
  const auto outcome = run_mien(
      {"analyze", portrait(), portrait(), path("photos"), "--out", path("out"), "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  ASSERT_EQ(json["inputs"].size(), 3U);
  const char* const names[] = {"astronaut", "astronaut_2", "photos"};
  for (int i = 0; i < 3; ++i) {
    const fs::path folder = json["inputs"][i]["folder"].get<std::string>();
    EXPECT_EQ(folder, root_ / "out" / names[i]);
    std::ifstream in(folder / "faces.csv");
    std::string row;
    std::getline(in, row);
    std::getline(in, row);
    EXPECT_THAT(row, StartsWith("1,1,0.000,")) << "person 1 in each";
    EXPECT_FALSE(fs::exists(folder / "video.mkv"));
  }
  EXPECT_EQ(json["inputs"][2]["frames"], 2);
}

TEST_F(AnalyzeCommandTest, OneLineForPeople) {
  const auto outcome = run_mien({"analyze", portrait(), "--out", path("out")});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("astronaut"), HasSubstr("1 frame ("),
                                 HasSubstr("1 person, 1 face: happy 100 %")));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(AnalyzeCommandTest, BothModelsOfItsOwnReadTheDemoAndThePortraitAsHappy) {
  for (const std::string model : {"mien-base", "mien-small"}) {
    const auto outcome = run_mien({"analyze", "demo", portrait(), "--seconds", "1", "--model",
                                   model, "--out", path(model)});
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("1 person, 1 face: happy 100 %")) << model;
    EXPECT_THAT(outcome.out, Not(HasSubstr("not sure"))) << model;
  }
}

TEST_F(AnalyzeCommandTest, WhatFailsIsListedAndTheRestIsDone) {
  const auto empty = write("empty.mp4", "");
  const auto noise = write("noise.mp4", std::string(5000, 'x'));
  const auto text = write("text.jpg", "not a picture");
  fs::create_directories(root_ / "nothing");
  const std::vector<std::string> bad = {path("missing.mp4"), empty, noise, text,
                                        path("nothing")};
  std::vector<std::string> words = {"analyze"};
  words.insert(words.end(), bad.begin(), bad.end());
  words.insert(words.end(), {portrait(), "--out", path("out"), "--json"});
  const auto outcome = run_mien(words);
  EXPECT_EQ(outcome.code, kFailed);
  const auto problems = lines_of(outcome.err);
  ASSERT_EQ(problems.size(), bad.size()) << outcome.err;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_THAT(problems[i],
                AllOf(StartsWith("mien: "), HasSubstr(fs::path(bad[i]).filename())));
  }
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["failed"].get<std::vector<std::string>>(), bad);
  EXPECT_EQ(json["inputs"].back()["frames"], 1);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "out"), {}), 1) << "no empty folders";
}

TEST_F(AnalyzeCommandTest, AnOutThatCannotBeWrittenIsSaid) {
  const auto file = write("file", "in the way");
  const auto outcome = run_mien({"analyze", portrait(), "--out", file});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(file));
}

TEST_F(AnalyzeCommandTest, AnUnknownModelStopsBeforeAnythingIsWritten) {
  const auto outcome =
      run_mien({"analyze", "demo", "--out", path("out"), "--model", "nothing"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_FALSE(fs::exists(root_ / "out"));
}

TEST_F(AnalyzeCommandTest, AnInterruptionClosesTheSession) {
  Child child({"analyze", "demo", "demo", "--out", path("out"), "--video", "--workers", "1"},
              path("err"), false);
  const auto table = root_ / "out" / "demo" / "faces.csv";
  ASSERT_TRUE(testing::eventually([&] { return fs::exists(table); }, 2min));
  child.interrupt();
  EXPECT_EQ(child.wait(), kFailed);
  const auto json = session(root_ / "out" / "demo");
  EXPECT_EQ(json["state"], "closed");
  EXPECT_EQ(json["ended"], "interrupted");
  EXPECT_GE(json["counts"]["frames"].get<int>(), 1);
  EXPECT_TRUE(fs::exists(root_ / "out" / "demo" / "video.mkv"));
  EXPECT_FALSE(fs::exists(root_ / "out" / "demo_2")) << "the second one is not begun";
  EXPECT_THAT(cli::contents(path("err")), StartsWith("mien: Interrupted"));
}

TEST_F(AnalyzeCommandTest, AReaderThatHasGoneCostsNoResult) {
  Child child({"analyze", portrait(), "--out", path("out"), "--json"}, path("err"), true);
  EXPECT_EQ(child.wait(), kFailed);
  EXPECT_EQ(session(root_ / "out" / "astronaut")["ended"], "end of input");
  EXPECT_THAT(cli::contents(path("err")), StartsWith("mien: The output cannot be written"));
}

TEST_F(AnalyzeCommandTest, AStoppedRunGoesOnWhereItWas) {
  const std::vector<std::string> words = {"analyze",   "demo",      portrait(), "--out",
                                          path("out"), "--seconds", "4",        "--json"};
  {
    // The demo is half done and the portrait not begun.
    Child child({"analyze", "demo", "--out", path("out"), "--seconds", "4"}, path("err"),
                false);
    const auto document = root_ / "out" / "demo" / "session.json";
    ASSERT_TRUE(testing::eventually([&] { return fs::exists(document); }, 2min));
    child.kill();
    ASSERT_EQ(child.wait(), -1);
    ASSERT_EQ(session(root_ / "out" / "demo")["state"], "recording");
  }
  const auto second = run_mien(words);
  ASSERT_EQ(second.code, kDone) << second.err;
  const auto json = nlohmann::json::parse(second.out);
  EXPECT_FALSE(json["inputs"][0]["skipped"].get<bool>());
  EXPECT_EQ(session(root_ / "out" / "demo")["counts"]["frames"], 120);
  const auto written = fs::last_write_time(root_ / "out" / "demo" / "faces.csv");

  const auto third = run_mien(words);
  ASSERT_EQ(third.code, kDone) << third.err;
  // Held by a variable: a range-based for would walk a member of a temporary.
  const auto again = nlohmann::json::parse(third.out);
  for (const auto& input : again["inputs"]) {
    EXPECT_TRUE(input["skipped"].get<bool>()) << input;
  }
  EXPECT_EQ(fs::last_write_time(root_ / "out" / "demo" / "faces.csv"), written);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "out"), {}), 2);
}

TEST_F(AnalyzeCommandTest, ResultsOfOtherSettingsAreLeftAlone) {
  ASSERT_EQ(run_mien({"analyze", portrait(), "--out", path("out")}).code, kDone);
  write("out/photos/notes.txt", "mine");
  fs::create_directories(root_ / "photos");
  fs::copy_file(portrait(), root_ / "photos" / "a.png");
  const auto outcome = run_mien(
      {"analyze", portrait(), path("photos"), "--out", path("out"), "--detector", "haar"});
  EXPECT_EQ(outcome.code, kFailed);
  const auto problems = lines_of(outcome.err);
  ASSERT_EQ(problems.size(), 2U) << outcome.err;
  EXPECT_THAT(problems[0], AllOf(HasSubstr("other settings"), HasSubstr("--out")));
  EXPECT_THAT(problems[1], HasSubstr("are not results"));
  EXPECT_EQ(session(root_ / "out" / "astronaut")["detector"], "auto");
  EXPECT_EQ(cli::contents(path("out/photos/notes.txt")), "mine");
}

TEST_F(AnalyzeCommandTest, TheFirstRunNoticeIsToldOnceOnStderr) {
  fs::remove_all(home("data/mien"));
  const auto analyze = [&](const std::string& out) {
    return run_mien({"analyze", portrait(), "--out", path(out), "--json"});
  };
  const auto first = analyze("a");
  EXPECT_EQ(first.code, kDone);
  EXPECT_THAT(first.err, AllOf(HasSubstr("not feelings"), HasSubstr("Article 5(1)(f)")));
  EXPECT_TRUE(nlohmann::json::accept(first.out)) << "JSON goes to stdout alone";
  EXPECT_EQ(analyze("b").err, "");
  // Nor to whoever has accepted the window's.
  fs::remove_all(home("data/mien"));
  write(home("config/mien/settings.json"), "{\"notice_acknowledged\": true}");
  EXPECT_EQ(analyze("c").err, "");
  // A home that cannot be written is no reason not to work.
  write(home("config/mien/settings.json"), "{}");
  write(home("data/mien"), "a file is in the way");
  EXPECT_EQ(analyze("d").code, kDone);
}

TEST_F(AnalyzeCommandTest, TheEncoderIsChosen) {
  const auto written_with = [&](const std::string& name) {
    const auto outcome = run_mien({"analyze", "demo", "--out", path(name), "--video",
                                   "--seconds", "0.3", "--encoder", name});
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    return session(root_ / name / "demo")["video"]["encoder"].get<std::string>();
  };
  EXPECT_EQ(written_with("h264"), "libx264");
  EXPECT_EQ(written_with("vp8"), "libvpx");
  EXPECT_EQ(written_with("mjpeg"), "mjpeg");
  const auto wrong = run_mien({"analyze", "demo", "--out", path("x"), "--encoder", "av1"});
  EXPECT_EQ(wrong.code, kUsage);
  EXPECT_THAT(wrong.err, HasSubstr("h264, vp8 or mjpeg"));
}

TEST_F(AnalyzeCommandTest, OneThatWasKilledInItsFirstMomentsIsDoneAgain) {
  const std::vector<std::string> words = {"analyze", portrait(), "--out", path("out")};
  ASSERT_EQ(run_mien(words).code, kDone);
  const auto folder = root_ / "out" / "astronaut";
  const auto table = cli::contents(folder / "faces.csv");
  fs::remove_all(folder);
  // As it is left before there is a session.json: room that is kept, and a table's header.
  write("out/astronaut/session.json.room.partial", std::string(1 << 20, '\0'));
  write("out/astronaut/faces.csv", table.substr(0, table.find('\n') + 1));
  write("out/astronaut/events.csv", "");
  const auto outcome = run_mien(words);
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(cli::contents(folder / "faces.csv"), table);
  EXPECT_EQ(session(folder)["state"], "closed");
  EXPECT_FALSE(fs::exists(folder / "session.json.room.partial"));
}

TEST_F(AnalyzeCommandTest, ShardsAddUpAndWorkersChangeNoByte) {
  std::vector<std::string> inputs;
  for (int i = 0; i < 5; ++i) {
    inputs.push_back(path("clip" + std::to_string(i) + ".png"));
    fs::copy_file(portrait(), inputs.back());
  }
  const auto run = [&](const std::string& out, std::vector<std::string> more) {
    std::vector<std::string> words = {"analyze", "demo"};
    words.insert(words.end(), inputs.begin(), inputs.end());
    words.insert(words.end(), {"--out", path(out), "--seconds", "0.5", "--video"});
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(run_mien(words).code, kDone);
  };
  run("one", {"--workers", "1"});
  run("three", {"--workers", "3"});
  run("shards", {"--shard", "1/2"});
  run("shards", {"--shard", "2/2"});
  for (const std::string name : {"demo", "clip0", "clip1", "clip2", "clip3", "clip4"}) {
    for (const std::string file : {"faces.csv", "events.csv", "video.mkv"}) {
      const auto wanted = cli::contents(path("one/" + name + '/' + file));
      ASSERT_FALSE(wanted.empty()) << name << ' ' << file;
      EXPECT_TRUE(cli::contents(path("three/" + name + '/' + file)) == wanted)
          << name << ' ' << file;
      EXPECT_TRUE(cli::contents(path("shards/" + name + '/' + file)) == wanted)
          << name << ' ' << file;
    }
  }
}

TEST_F(AnalyzeCommandTest, AShardWithoutInputsIsDoneAtOnce) {
  const auto done =
      run_mien({"analyze", portrait(), "--shard", "2/2", "--out", path("none"), "--json"});
  EXPECT_EQ(done.code, kDone) << done.err;
  EXPECT_TRUE(nlohmann::json::parse(done.out)["inputs"].empty());
  EXPECT_FALSE(fs::exists(path("none/astronaut")));
}

/// What a second run of a command does with the results of the first.
class SecondRunTest : public CommandLineTest {
 protected:
  Outcome analyze(const std::string& input, std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"analyze", input, "--out", path("out"), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_mien(words);
  }
  static nlohmann::json first_input(const Outcome& outcome) {
    return nlohmann::json::parse(outcome.out).at("inputs").at(0);
  }
  std::string picture(const std::string& name, bool with_face = true) const {
    fs::create_directories((root_ / name).parent_path());
    if (with_face) {
      fs::copy_file(portrait(), root_ / name, fs::copy_options::overwrite_existing);
    } else {
      cv::imwrite(path(name), cv::Mat(240, 320, CV_8UC3, cv::Scalar(90, 120, 60)));
    }
    return path(name);
  }
};

TEST_F(SecondRunTest, AFileThatWasReplacedIsDoneAnewBesideTheOldResult) {
  const auto file = picture("x.png");
  const auto first = analyze(file);
  ASSERT_EQ(first.code, kDone) << first.err;
  EXPECT_EQ(first_input(first)["faces"], 1);
  picture("x.png", false);
  const auto second = analyze(file);
  ASSERT_EQ(second.code, kDone) << second.err;
  EXPECT_FALSE(first_input(second)["skipped"].get<bool>());
  EXPECT_EQ(first_input(second)["faces"], 0);
  EXPECT_EQ(first_input(second)["folder"], path("out/x_2"));
  EXPECT_EQ(session(root_ / "out" / "x")["counts"]["faces"], 1) << "the old one stays";
  const auto third = analyze(file);
  EXPECT_TRUE(first_input(third)["skipped"].get<bool>());
  EXPECT_EQ(first_input(third)["folder"], path("out/x_2"));
}

TEST_F(SecondRunTest, AFileThatWasOnlyTouchedIsDone) {
  const auto file = picture("x.png");
  ASSERT_EQ(analyze(file).code, kDone);
  fs::last_write_time(file, fs::last_write_time(file) - 5s);
  EXPECT_TRUE(first_input(analyze(file))["skipped"].get<bool>()) << "its content is the same";
}

TEST_F(SecondRunTest, AFolderThatMovedWithItsResultsIsDone) {
  picture("a/x.png");
  ASSERT_EQ(analyze(path("a/x.png")).code, kDone);
  fs::rename(root_ / "a", root_ / "b");
  EXPECT_TRUE(first_input(analyze(path("b/x.png")))["skipped"].get<bool>());
}

TEST_F(SecondRunTest, OneNameInTwoFoldersIsTwoResults) {
  picture("p01/clip.png");
  picture("p02/clip.png", false);
  const auto here = fs::current_path();
  const auto from = [&](const char* folder) {
    fs::current_path(root_ / folder);
    auto outcome = analyze("clip.png");
    fs::current_path(here);
    return outcome;
  };
  ASSERT_EQ(from("p01").code, kDone);
  const auto second = from("p02");
  ASSERT_EQ(second.code, kDone) << second.err;
  EXPECT_FALSE(first_input(second)["skipped"].get<bool>());
  EXPECT_EQ(first_input(second)["faces"], 0);
  EXPECT_EQ(session(root_ / "out" / "clip")["counts"]["faces"], 1);
  EXPECT_TRUE(first_input(from("p01"))["skipped"].get<bool>());
  EXPECT_TRUE(first_input(from("p02"))["skipped"].get<bool>());
}

TEST_F(SecondRunTest, NamesThatAreNotUtf8AreToldApart) {
  // Both would be "x" and a replacement character.
  const auto first = picture("x\xFE.png");
  const auto second = picture("x\xFF.png", false);
  ASSERT_EQ(analyze(first).code, kDone);
  fs::remove(first);
  const auto outcome = analyze(second);
  EXPECT_FALSE(first_input(outcome)["skipped"].get<bool>());
  EXPECT_EQ(first_input(outcome)["faces"], 0);
}

TEST_F(SecondRunTest, AHalfDoneResultStaysWhileItsInputCannotBeRead) {
  const auto file = picture("x.png");
  ASSERT_EQ(analyze(file).code, kDone);
  auto half = session(root_ / "out" / "x");
  half["ended"] = "interrupted";
  std::ofstream(root_ / "out" / "x" / "session.json") << half.dump();
  fs::rename(file, file + ".away");
  EXPECT_EQ(analyze(file).code, kFailed);
  EXPECT_EQ(rows(root_ / "out" / "x" / "faces.csv"), 1U);
  fs::rename(file + ".away", file);
  const auto again = analyze(file);
  EXPECT_EQ(again.code, kDone) << again.err;
  EXPECT_EQ(session(root_ / "out" / "x")["ended"], "end of input");
  EXPECT_FALSE(fs::exists(root_ / "out" / "x_2"));
}

TEST_F(SecondRunTest, WhatIsInTheFolderOfAHalfDoneResultIsNotDeletedWithIt) {
  const auto file = picture("x.png");
  ASSERT_EQ(analyze(file).code, kDone);
  auto half = session(root_ / "out" / "x");
  half["ended"] = "interrupted";
  std::ofstream(root_ / "out" / "x" / "session.json") << half.dump();
  write("out/x/notes.txt", "mine");
  EXPECT_EQ(analyze(file).code, kDone);
  EXPECT_EQ(cli::contents(path("out/x/notes.txt")), "mine");
  EXPECT_EQ(session(root_ / "out" / "x_2")["ended"], "end of input");
}

TEST_F(SecondRunTest, AnotherModelOrOtherSettingsAreNoFinishedResult) {
  const auto file = picture("x.png");
  ASSERT_EQ(analyze(file).code, kDone);
  const std::vector<std::vector<std::string>> others = {{"--video"},
                                                        {"--blur"},
                                                        {"--seconds", "3"},
                                                        {"--detector", "haar"},
                                                        {"--model", "mien-small"}};
  for (const auto& more : others) {
    const auto outcome = analyze(file, more);
    EXPECT_EQ(outcome.code, kFailed) << more[0];
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("other settings"), HasSubstr("--out")));
  }
}

TEST_F(SecondRunTest, ABadPictureInAFolderCostsThatPictureAndNothingElse) {
  picture("photos/1.png");
  write("photos/2.jpg", "no picture");
  picture("photos/3.png");
  write("photos/notes.txt", "left out");
  for (int run = 0; run < 2; ++run) {
    const auto outcome = analyze(path("photos"), {"--export", "openface"});
    EXPECT_EQ(outcome.code, kFailed) << "it is said each time";
    EXPECT_THAT(outcome.err, HasSubstr("2.jpg"));
    const auto input = first_input(outcome);
    EXPECT_EQ(input["skipped"], run == 1);
    EXPECT_THAT(input["damage"], HasSubstr("2.jpg"));
    EXPECT_TRUE(fs::exists(root_ / "out" / "photos" / "openface.csv"));
  }
  const auto json = session(root_ / "out" / "photos");
  EXPECT_EQ(json["counts"]["frames"], 2);
  EXPECT_EQ(json["ended"], "end of input");
  EXPECT_THAT(json["damage"], HasSubstr("2.jpg"));
  EXPECT_THAT(json["remark"], HasSubstr("notes.txt"));
}

TEST_F(SecondRunTest, AFolderThatGotAnotherPictureIsDoneAnew) {
  picture("photos/1.png");
  ASSERT_EQ(analyze(path("photos")).code, kDone);
  picture("photos/2.png");
  const auto outcome = analyze(path("photos"));
  EXPECT_EQ(first_input(outcome)["frames"], 2);
  EXPECT_EQ(first_input(outcome)["folder"], path("out/photos_2"));
}

TEST_F(SecondRunTest, AnInputWithTheNameOfAnotherKeepsItsPlaceWhoeverCameFirst) {
  const auto png = picture("a.png");
  ASSERT_EQ(analyze(png).code, kDone);
  picture("a.bmp", false);
  const auto both = run_mien({"analyze", path("a.*"), "--out", path("out"), "--json"});
  ASSERT_EQ(both.code, kDone) << both.err;
  const auto inputs = nlohmann::json::parse(both.out)["inputs"];
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0]["folder"], path("out/a_2")) << "a.bmp";
  EXPECT_TRUE(inputs[1]["skipped"].get<bool>()) << "a.png";
}

TEST_F(AnalyzeCommandTest, ABatchGoesOnWhenNobodyReadsItsOutput) {
  std::vector<std::string> words = {"analyze"};
  for (int i = 0; i < 5; ++i) {
    words.push_back(path("clip" + std::to_string(i) + ".png"));
    fs::copy_file(portrait(), words.back());
  }
  words.insert(words.end(), {"--out", path("out"), "--workers", "2"});
  Child child(words, path("err"), true);
  EXPECT_EQ(child.wait(), kFailed);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(session(root_ / "out" / ("clip" + std::to_string(i)))["ended"], "end of input");
  }
  EXPECT_EQ(lines_of(cli::contents(path("err"))).size(), 1U) << cli::contents(path("err"));
}

TEST_F(AnalyzeCommandTest, ABatchGoesOnWhenTheDiskOfItsOutputIsFull) {
  fs::copy_file(portrait(), path("one.png"));
  fs::copy_file(portrait(), path("two.png"));
  const std::string words = " analyze '" + path("one.png") + "' '" + path("two.png") +
                            "' --out '" + path("out") + "' >/dev/full 2>'" + path("err") + "'";
  EXPECT_EQ(WEXITSTATUS(std::system((MIEN_WINDOWLESS + words).c_str())), kFailed);
  EXPECT_EQ(session(root_ / "out" / "one")["ended"], "end of input");
  EXPECT_EQ(session(root_ / "out" / "two")["ended"], "end of input");
  EXPECT_THAT(cli::contents(path("err")), HasSubstr("The output cannot be written"));
  for (const std::string asked : {" --help", " --version", " analyze --help", " models"}) {
    EXPECT_EQ(WEXITSTATUS(std::system(
                  (MIEN_WINDOWLESS + asked + " >/dev/full 2>'" + path("err") + "'").c_str())),
              kFailed)
        << asked;
  }
}

TEST_F(AnalyzeCommandTest, TwoAtOnceDoNotMeet) {
  fs::create_directories(root_ / "p01");
  fs::create_directories(root_ / "p02");
  fs::copy_file(portrait(), root_ / "p01" / "clip.png");
  fs::copy_file(portrait(), root_ / "p02" / "clip.png");
  Child one({"analyze", path("p01/clip.png"), "--out", path("out")}, path("err1"), false);
  Child two({"analyze", path("p02/clip.png"), "--out", path("out")}, path("err2"), false);
  EXPECT_EQ(one.wait(), kDone) << cli::contents(path("err1"));
  EXPECT_EQ(two.wait(), kDone) << cli::contents(path("err2"));
  EXPECT_EQ(session(root_ / "out" / "clip")["ended"], "end of input");
  EXPECT_EQ(session(root_ / "out" / "clip_2")["ended"], "end of input");
}

}  // namespace
}  // namespace mien::cli
