#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/movements.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_library.hpp"

#include "command_line.hpp"
#include "movements/rendered_person.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class EvalCommandTest : public CommandLineTest {
 protected:
  void portrait_as(const std::string& name) const {
    fs::create_directories((root_ / name).parent_path());
    fs::copy_file(portrait(), root_ / name);
  }
};

TEST_F(EvalCommandTest, CountsRightAndWrongAnswers) {
  portrait_as("set/Happy/a.png");  // she smiles
  portrait_as("set/happiness/b.png");
  portrait_as("set/angry/c.png");  // a wrong label
  const auto outcome = run_mien({"eval", path("set"), "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  for (const char* key : {"model", "detector", "images", "unreadable", "detected", "accuracy",
                          "balanced_accuracy", "per_class", "confusion", "labels", "ece",
                          "coverage", "selective_accuracy", "coverage_curve", "ms_per_image"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["images"], 3);
  EXPECT_EQ(json["detected"], 3);
  EXPECT_EQ(json["unreadable"], 0);
  EXPECT_NEAR(json["accuracy"].get<double>(), 2.0 / 3, 1e-3);
  EXPECT_NEAR(json["balanced_accuracy"].get<double>(), 0.5, 1e-3);
  EXPECT_EQ(json["per_class"]["happiness"]["support"], 2);
  EXPECT_EQ(json["per_class"]["happiness"]["recall"], 1.0);
  EXPECT_EQ(json["per_class"]["anger"]["recall"], 0.0);
  EXPECT_EQ(json["confusion"][1][1], 2);
  // She is read with certainty each time, and the labels are right two times of three.
  EXPECT_EQ(json["coverage"], 1.0);
  EXPECT_NEAR(json["selective_accuracy"].get<double>(), 2.0 / 3, 1e-3);
  ASSERT_EQ(json["coverage_curve"].size(), 20U);
  EXPECT_EQ(json["coverage_curve"][0]["threshold"], 0.0);
  EXPECT_EQ(json["coverage_curve"][0]["coverage"], 1.0);
  EXPECT_EQ(json["coverage_curve"][0]["accuracy"], json["accuracy"]);
  // All answers were about as sure and a third was wrong.
  EXPECT_GT(json["ece"].get<double>(), 0.2);
}

TEST_F(EvalCommandTest, FacesAreJudgedByTheirMeshWhenAsked) {
  portrait_as("set/happy/a.png");
  const auto plain = run_mien({"eval", path("set"), "--json"});
  const auto measured = run_mien({"eval", path("set"), "--json", "--landmarks", "face-mesh"});
  ASSERT_EQ(measured.code, kDone) << measured.err;
  // She looks at the camera: as before.
  EXPECT_EQ(nlohmann::json::parse(measured.out)["coverage"],
            nlohmann::json::parse(plain.out)["coverage"]);
  const auto unknown = run_mien({"eval", path("set"), "--landmarks", "of-nobody"});
  EXPECT_EQ(unknown.code, kUsage);
  EXPECT_THAT(unknown.err, HasSubstr("of-nobody"));
}

TEST_F(EvalCommandTest, CroppedSkipsDetection) {
  portrait_as("set/happy/a.png");
  fs::create_directories(root_ / "set/neutral");
  const auto whole = run_mien({"eval", path("set"), "--cropped", "--json"});
  ASSERT_EQ(whole.code, kDone) << whole.err;
  const auto json = nlohmann::json::parse(whole.out);
  EXPECT_EQ(json["detector"], "");
  EXPECT_EQ(json["detected"], 1);
}

TEST_F(EvalCommandTest, NamesPicturesThatCannotBeRead) {
  portrait_as("set/happy/a.png");
  write("set/happy/broken.jpg", "no picture");
  write("set/happy/empty.png", "");
  const auto outcome = run_mien({"eval", path("set"), "--json"});
  EXPECT_EQ(outcome.code, kDone);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["images"], 3);
  EXPECT_EQ(json["unreadable"], 2);
  EXPECT_EQ(json["detected"], 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("broken.jpg"), HasSubstr("empty.png")));
}

TEST_F(EvalCommandTest, RefusesClassesThatNobodyKnows) {
  portrait_as("set/happy/a.png");
  portrait_as("set/hapy/b.png");
  const auto outcome = run_mien({"eval", path("set")});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("hapy"), HasSubstr("neutral, happiness")));
  EXPECT_EQ(outcome.out, "");
}

TEST_F(EvalCommandTest, IsAnErrorWithoutPictures) {
  EXPECT_EQ(run_mien({"eval", path("none")}).code, kFailed);
  fs::create_directories(root_ / "empty/happy");
  EXPECT_EQ(run_mien({"eval", path("empty")}).code, kFailed);
  write("bad/happy/a.png", "no picture");
  EXPECT_EQ(run_mien({"eval", path("bad")}).code, kFailed);
  EXPECT_EQ(run_mien({"eval"}).code, kUsage);
}

/// A model of gray 8x8 pictures that answers neutral, or happiness when it reads what is acted,
/// and that takes bright pictures for covered faces.
nlohmann::json model_with_readings(const testing::TemporaryFolder& folder) {
  auto card = testing::emotion_card(
      folder, testing::onnx_bytes::measuring_classifier({5, 0, 0}, 4, 4, 0));
  card["output"]["covered"] = {{"name", "covered"}, {"above", 0.5}};
  card["readings"] = {{{"id", "everyday"}},
                      {{"id", "acted"}, {"logit_offset", {-9, 3, 0}}, {"temperature", 0.5}}};
  folder.write("card.json", card.dump());
  return card;
}

TEST_F(EvalCommandTest, ReadsInTheWayThatWasAskedFor) {
  const testing::TemporaryFolder folder;
  model_with_readings(folder);
  portrait_as("set/happy/a.png");
  const auto recall = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"eval",   path("set"), "--cropped",
                                      "--json", "--model",   folder.path().string()};
    words.insert(words.end(), more.begin(), more.end());
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    return std::pair(json["reading"].get<std::string>(), json["accuracy"].get<double>());
  };
  EXPECT_EQ(recall({}), std::pair(std::string("everyday"), 0.0));
  EXPECT_EQ(recall({"--reading", "acted"}), std::pair(std::string("acted"), 1.0));
}

TEST_F(EvalCommandTest, AReadingThatNobodyKnowsIsAUsageError) {
  const testing::TemporaryFolder folder;
  model_with_readings(folder);
  portrait_as("set/happy/a.png");
  const auto model = folder.path().string();
  const auto plain = testing::TemporaryFolder();
  plain.write(
      "card.json",
      testing::emotion_card(plain, testing::onnx_bytes::constant_classifier({1, 2, 3})).dump());
  const std::vector<std::vector<std::string>> commands = {
      {"eval", path("set"), "--model", model, "--reading", "ranting"},
      {"analyze", portrait(), "--out", path("out"), "--model", model, "--reading", "ranting"},
      {"bench", "--frames", "1", "--model", model, "--reading", "ranting"},
      {"--model", model, "--reading", "ranting"},
      {"--reading", "ranting"},
      {"eval", path("set"), "--model", plain.path().string(), "--reading", "acted"}};
  for (const auto& words : commands) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kUsage) << outcome.err;
    EXPECT_EQ(outcome.windows, 0);
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(words.back()));
  }
  const auto window = run_mien({"--model", model, "--reading", "acted"});
  EXPECT_EQ(window.code, kDone) << window.err;
  EXPECT_EQ(window.options.reading, "acted");
}

TEST_F(EvalCommandTest, SaysWhyItSaysNothingAndWritesARowForEachPicture) {
  const testing::TemporaryFolder folder;
  model_with_readings(folder);
  fs::create_directories(root_ / "set/neutral");
  cv::imwrite(path("set/neutral/dark, small.png"),
              cv::Mat(20, 20, CV_8UC3, cv::Scalar::all(60)));
  cv::imwrite(path("set/neutral/white.png"), cv::Mat(20, 20, CV_8UC3, cv::Scalar::all(255)));
  const auto outcome = run_mien({"eval", path("set"), "--cropped", "--json", "--model",
                                 folder.path().string(), "--table", path("rows.csv")});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["answered"], 0.5);
  EXPECT_EQ(json["coverage"], 0.5);
  EXPECT_EQ(json["not_sure"], (nlohmann::json{{"covered", 0.5}}));
  std::ifstream in(path("rows.csv"));
  std::stringstream text;
  text << in.rdbuf();
  const auto rows = lines_of(text.str());
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], "file,label,answer,probability,verdict,reason,turn\r");
  EXPECT_THAT(rows[1], AllOf(HasSubstr("dark, small.png\",neutral,neutral,0.98"),
                             HasSubstr(",neutral,,0.000")));
  EXPECT_THAT(rows[2], HasSubstr(",not sure,covered,"));
  EXPECT_EQ(run_mien({"eval", path("set"), "--cropped", "--table", path("no/rows.csv")}).code,
            kFailed);
}

std::vector<std::string> rows_of(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return lines_of(text.str());
}

TEST_F(EvalCommandTest, MeasuresFacesWhenItIsAsked) {
  portrait_as("set/happy/a.png");
  portrait_as("set/angry/b.png");
  fs::create_directories(root_ / "set/neutral");
  cv::imwrite(path("set/neutral/wall.png"), cv::Mat(240, 240, CV_8UC3, cv::Scalar::all(128)));
  const auto outcome = run_mien(
      {"eval", path("set"), "--landmarks", "face-mesh", "--json", "--table", path("rows.csv")});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["landmarks"], "face-mesh");
  const auto& measured = json["measured"];
  EXPECT_EQ(measured["faces"], 2) << "on the wall no face was found";
  EXPECT_EQ(measured["meshes"], 2);
  EXPECT_EQ(measured["no_mesh"], nlohmann::json::object());
  const auto& happy = measured["per_class"]["happiness"];
  EXPECT_EQ(happy["meshes"], 1);
  EXPECT_GT(happy["movements"]["smile_right"], 0.3) << "she smiles";
  EXPECT_LT(happy["abs_yaw"]["median"], 25);
  EXPECT_EQ(happy["movements"].size(), base::movements().size());
  EXPECT_EQ(measured["per_class"]["anger"]["movements"], happy["movements"])
      << "the same picture, and nobody is followed from one picture to the next";
  const auto& neutral = measured["per_class"]["neutral"];
  EXPECT_EQ(neutral["faces"], 0);
  EXPECT_FALSE(neutral.contains("abs_yaw"));
  EXPECT_TRUE(neutral["movements"]["jaw_drop"].is_null());

  const auto rows = rows_of(path("rows.csv"));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_THAT(rows[0], HasSubstr(",turn,presence,no_mesh,pose_pitch,pose_yaw,pose_roll,"));
  const auto cells = [](const std::string& row) {
    return std::count(row.begin(), row.end(), ',');
  };
  for (const auto& row : rows) EXPECT_EQ(cells(row), cells(rows[0])) << row;
  EXPECT_THAT(rows[0], ::testing::EndsWith(",looks_at_camera\r"));
  EXPECT_THAT(rows[1], ::testing::MatchesRegex(".*,[01]?\r"));
  const auto wall = std::find_if(rows.begin(), rows.end(), [](const auto& row) {
    return row.find("wall.png") != std::string::npos;
  });
  ASSERT_NE(wall, rows.end());
  EXPECT_THAT(*wall, HasSubstr(",no face,,,,,"));
}

TEST_F(EvalCommandTest, CroppedFacesAreJudgedByTheirMeshToo) {
  auto parameters = movements::at_rest(50);
  parameters.camera.yaw = 50;
  const cv::Mat picture = movements::renderer().render(parameters).picture;
  const auto found =
      faces::make_detector("blazeface", models::ModelLibrary::standard())->detect(picture);
  ASSERT_EQ(found.size(), 1U);
  const auto& box = found[0].box;
  // As the command takes it: the box is the middle 80 % of the crop.
  const cv::Rect crop(cv::Rect2f(box.x - box.width / 8, box.y - box.height / 8,
                                 1.25F * box.width, 1.25F * box.height));
  ASSERT_EQ(crop & cv::Rect({0, 0}, picture.size()), crop);
  fs::create_directories(root_ / "set/neutral");
  cv::imwrite(path("set/neutral/turned.png"), picture(crop));
  const auto reasons = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"eval", path("set"), "--cropped", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    return nlohmann::json::parse(outcome.out)["not_sure"];
  };
  EXPECT_EQ(reasons({"--landmarks", "face-mesh"}), (nlohmann::json{{"turned away", 1.0}}));
  EXPECT_FALSE(reasons({}).contains("turned away"));
}

TEST_F(EvalCommandTest, SaysWhyFacesHaveNoMesh) {
  fs::create_directories(root_ / "set/happy");
  cv::Mat face = cv::imread(portrait())(cv::Rect(170, 68, 108, 108)).clone();
  cv::imwrite(path("set/happy/a.png"), face);
  cv::resize(face, face, {24, 24}, 0, 0, cv::INTER_AREA);
  cv::imwrite(path("set/happy/tiny.png"), face);
  cv::imwrite(path("set/happy/wall.png"), cv::Mat(100, 100, CV_8UC3, cv::Scalar::all(128)));
  const auto outcome = run_mien({"eval", path("set"), "--cropped", "--landmarks", "face-mesh",
                                 "--json", "--table", path("rows.csv")});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto measured = nlohmann::json::parse(outcome.out)["measured"];
  EXPECT_EQ(measured["faces"], 3);
  EXPECT_EQ(measured["meshes"], 1);
  EXPECT_EQ(measured["no_mesh"],
            (nlohmann::json{{"face too small for a mesh", 1}, {"no face for the mesh", 1}}));
  const auto rows = rows_of(path("rows.csv"));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_THAT(rows[2],
              AllOf(HasSubstr("tiny.png"), HasSubstr(",face too small for a mesh,,,,")));
  const auto words = run_mien({"eval", path("set"), "--cropped", "--landmarks", "face-mesh"});
  EXPECT_THAT(words.out,
              AllOf(HasSubstr("mesh face-mesh: 1 of 3 faces have one; of the others: "),
                    HasSubstr("face too small for a mesh 1"), HasSubstr("|YAW|"),
                    HasSubstr("smile_right")));
}

TEST_F(EvalCommandTest, MeasuresNothingUnlessItIsAsked) {
  portrait_as("set/happy/a.png");
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--landmarks", "none"}}) {
    std::vector<std::string> words = {"eval", path("set"), "--json", "--table",
                                      path("rows.csv")};
    words.insert(words.end(), more.begin(), more.end());
    const auto outcome = run_mien(words);
    ASSERT_EQ(outcome.code, kDone) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["landmarks"], "");
    EXPECT_FALSE(json.contains("measured"));
    EXPECT_THAT(rows_of(path("rows.csv")).at(0), ::testing::EndsWith(",turn\r"));
  }
  const auto outcome = run_mien({"eval", path("set"), "--landmarks", "of-nobody"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_EQ(lines_of(outcome.err).size(), 1U);
  EXPECT_THAT(outcome.err, HasSubstr("of-nobody"));
}

TEST_F(EvalCommandTest, PrintsATableForPeople) {
  portrait_as("set/happy/a.png");
  const auto outcome = run_mien({"eval", path("set")});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("accuracy 100.0 %"), HasSubstr("PRECISION")));
}

}  // namespace
}  // namespace mien::cli
