#include "mien/base/files.hpp"
#include "mien/models/sha256.hpp"

#include "command_line.hpp"
#include "support/foreign_model.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::onnx_bytes::constant_classifier;

class ModelsCommand : public CommandLineTest {
 protected:
  // A model that is not there yet; gives its folder.
  std::string make_model(const std::string& id, const std::string& content) {
    const std::string file = write(id + "/net.onnx", content);
    const json card = {{"schema_version", 1},
                       {"id", id},
                       {"name", "The name of " + id},
                       {"task", "emotion"},
                       {"format", "onnx"},
                       {"files",
                        {{{"name", "net.onnx"},
                          {"size", content.size()},
                          {"sha256", models::sha256_file(file)}}}},
                       {"input", {{"width", 8}, {"height", 8}, {"channels", "gray"}}},
                       {"output", {{"activation", "logits"}}},
                       {"id2label", {{"0", "neutral"}, {"1", "happiness"}}}};
    write(id + "/card.json", card.dump());
    return path(id);
  }

  // One of the program's own under another id.
  std::string copy_shipped(const std::string& name, const std::string& id) {
    return testing::copy_shipped_model(name, id, root_ / id);
  }

  static bool lists(const std::string& command, const std::string& id) {
    for (const auto& each : json::parse(run_mien({command, "--json"}).out)) {
      if (each["id"] == id) return true;
    }
    return false;
  }
};

TEST_F(ModelsCommand, AddsAModelThatIsThenThere) {
  const std::string folder = make_model("my-net", constant_classifier({1, 2}));
  EXPECT_FALSE(lists("models", "my-net"));
  const auto outcome = run_mien({"models", "--add", folder});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(StartsWith("Added The name of my-net"), HasSubstr("my-net")));
  EXPECT_TRUE(lists("models", "my-net"));
  const auto again = run_mien({"models", "--add", folder});
  EXPECT_EQ(again.code, kFailed);
  EXPECT_THAT(again.err, AllOf(StartsWith("mien: "), HasSubstr("\"my-net\" already")));
}

TEST_F(ModelsCommand, AddsInJson) {
  const auto outcome = run_mien(
      {"models", "--add", make_model("my-net", constant_classifier({1, 2})), "--json"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  const auto added = json::parse(outcome.out);
  EXPECT_EQ(added["id"], "my-net");
  EXPECT_TRUE(fs::exists(fs::path(added["folder"].get<std::string>()) / "net.onnx"));
}

TEST_F(ModelsCommand, RefusesWhatDoesNotWork) {
  const auto outcome =
      run_mien({"models", "--add", make_model("bad-net", constant_classifier({1, 2, 3}))});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("3 numbers where id2label has 2"));
  EXPECT_EQ(lines_of(outcome.err).size(), 1U);
  EXPECT_FALSE(lists("models", "bad-net"));
  EXPECT_EQ(run_mien({"models", "--add", path("nowhere")}).code, kFailed);
  EXPECT_EQ(run_mien({"models", "--add"}).code, kUsage);
}

TEST_F(ModelsCommand, ListsTheMovementsWithTheirFigures) {
  const auto outcome = run_mien({"models"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("face-movements"), HasSubstr("0.77"),
                                 HasSubstr("0.62 (lip_press)"), HasSubstr("photographs"),
                                 HasSubstr("0.48 (funnel)")));
  for (const auto& each : json::parse(run_mien({"models", "--json"}).out)) {
    if (each["id"] != "face-movements") {
      EXPECT_NE(each["task"], "movements");
      continue;
    }
    EXPECT_EQ(each["task"], "movements");
    EXPECT_EQ(each["labels"].size(), 20U);
    EXPECT_TRUE(each.at("default").get<bool>());
  }
  EXPECT_TRUE(lists("models", "face-movements"));
  EXPECT_FALSE(lists("detectors", "face-movements"));
  EXPECT_THAT(run_mien({"complete-words", "models"}).out, Not(HasSubstr("face-movements")));
  const auto asked = run_mien({"bench", "--frames", "1", "--model", "face-movements"});
  EXPECT_EQ(asked.code, kUsage);
  EXPECT_THAT(asked.err, HasSubstr("no model \"face-movements\""));
}

TEST_F(ModelsCommand, AddsAMeshAndTriesIt) {
  const auto outcome = run_mien({"models", "--add", copy_shipped("face-mesh", "my-mesh")});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_TRUE(lists("models", "my-mesh"));
  EXPECT_FALSE(lists("detectors", "my-mesh"));
  EXPECT_THAT(run_mien({"models"}).out,
              AllOf(HasSubstr("--landmarks"), HasSubstr("my-mesh"), HasSubstr("face-mesh")));
  EXPECT_THAT(run_mien({"complete-words", "landmarks"}).out,
              AllOf(HasSubstr("my-mesh\tFace mesh"), HasSubstr("none\t")));
  const auto used = run_mien({"bench", "--frames", "1", "--landmarks", "my-mesh", "--json"});
  EXPECT_EQ(used.code, kDone) << used.err;
  EXPECT_EQ(json::parse(used.out)["landmarks"], "my-mesh");
}

TEST_F(ModelsCommand, RefusesAMeshOfAnotherShapeInASentence) {
  const auto folder = copy_shipped("face-mesh", "bad-mesh");
  const auto net = testing::kShippedModels / "blazeface/face_detection_front_128x128.onnx";
  fs::copy(net, root_ / "bad-mesh/net.onnx");
  json card = json::parse(base::read_text_file(fs::path(folder) / "card.json"));
  card["files"][0] = {
      {"name", "net.onnx"}, {"size", fs::file_size(net)}, {"sha256", models::sha256_file(net)}};
  card["input"]["width"] = card["input"]["height"] = 128;
  for (const auto& [input, words] :
       {std::pair{"input", "no input \"input\""}, {"input:0", "1404 numbers"}}) {
    card["input"]["name"] = input;
    write("bad-mesh/card.json", card.dump());
    const auto outcome = run_mien({"models", "--add", folder});
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("bad-mesh"), HasSubstr(words)));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U);
    EXPECT_FALSE(lists("models", "bad-mesh"));
  }
}

// The network behind the movements is mien's own only: it runs inside of the program.
TEST_F(ModelsCommand, RefusesMovementsInASentence) {
  const auto outcome =
      run_mien({"models", "--add", copy_shipped("face-movements", "my-movements")});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("my-movements"), HasSubstr("come with the program")));
  EXPECT_EQ(lines_of(outcome.err).size(), 1U);
  EXPECT_FALSE(lists("models", "my-movements"));
}

TEST_F(ModelsCommand, AddsADetectorAndTriesIt) {
  const auto outcome = run_mien({"models", "--add", copy_shipped("blazeface", "my-finder")});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_TRUE(lists("detectors", "my-finder"));
  const std::string bad = copy_shipped("blazeface", "bad-finder");
  json card = json::parse(base::read_text_file(fs::path(bad) / "card.json"));
  card["options"]["grids"][0]["cells"] = 5;
  write("bad-finder/card.json", card.dump());
  EXPECT_EQ(run_mien({"models", "--add", bad}).code, kFailed);
  EXPECT_FALSE(lists("detectors", "bad-finder"));
}

}  // namespace
}  // namespace mien::cli
