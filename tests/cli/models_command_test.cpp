#include "mien/base/files.hpp"
#include "mien/models/sha256.hpp"

#include "command_line.hpp"
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

  // BlazeFace under another id.
  std::string make_detector_folder(const std::string& id) {
    const fs::path shipped = fs::path(MIEN_SOURCE_DIR) / "models/blazeface";
    fs::copy(shipped, root_ / id);
    json card = json::parse(base::read_text_file(shipped / "card.json"));
    card["id"] = id;
    write(id + "/card.json", card.dump());
    return path(id);
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
      EXPECT_EQ(each["task"], "emotion");
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
  EXPECT_EQ(asked.code, kFailed);
  EXPECT_THAT(asked.err, HasSubstr("no model \"face-movements\""));
}

// The two networks behind a face's shape are mien's own only: they run inside of the program.
TEST_F(ModelsCommand, RefusesMeshesAndMovementsInASentence) {
  for (const std::string id : {"face-movements", "face-mesh"}) {
    const fs::path shipped = fs::path(MIEN_SOURCE_DIR) / "models" / id;
    fs::copy(shipped, root_ / ("my-" + id));
    json card = json::parse(base::read_text_file(shipped / "card.json"));
    card["id"] = "my-" + id;
    write("my-" + id + "/card.json", card.dump());
    const auto outcome = run_mien({"models", "--add", path("my-" + id)});
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("my-" + id), HasSubstr("come with the program")));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U);
    EXPECT_FALSE(lists("models", "my-" + id));
  }
}

TEST_F(ModelsCommand, AddsADetectorAndTriesIt) {
  const auto outcome = run_mien({"models", "--add", make_detector_folder("my-finder")});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_TRUE(lists("detectors", "my-finder"));
  const std::string bad = make_detector_folder("bad-finder");
  json card = json::parse(base::read_text_file(fs::path(bad) / "card.json"));
  card["options"]["grids"][0]["cells"] = 5;
  write("bad-finder/card.json", card.dump());
  EXPECT_EQ(run_mien({"models", "--add", bad}).code, kFailed);
  EXPECT_FALSE(lists("detectors", "bad-finder"));
}

}  // namespace
}  // namespace mien::cli
