// The cards in docs/models.md are read by people who copy them: they must be sound.

#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/files.hpp"
#include "mien/base/labels.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/models/sha256.hpp"

#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::emotions {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::string page() {
  return base::read_text_file(std::filesystem::path(MIEN_SOURCE_DIR) / "docs/models.md");
}

// What stands between ```json and ```.
std::vector<json> cards_of_the_page() {
  std::vector<json> cards;
  std::istringstream lines(page());
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    const auto start = line.find_first_not_of(' ');
    const std::string text = start == std::string::npos ? "" : line.substr(start);
    if (inside && text == "```") {
      cards.push_back(json::parse(block));
      inside = false;
    } else if (inside) {
      block += line + "\n";
    } else if (text == "```json") {
      block.clear();
      inside = true;
    }
  }
  EXPECT_FALSE(inside);
  return cards;
}

TEST(ModelsPage, EveryCardParses) {
  std::set<models::ModelCard::Format> formats;
  std::set<std::string> ids;
  int detectors = 0;
  for (const auto& document : cards_of_the_page()) {
    const models::ModelCard card = models::parse_model_card(document, "docs/models.md");
    EXPECT_TRUE(ids.insert(card.id).second) << card.id;
    formats.insert(card.format);
    detectors += card.task == models::ModelCard::Task::face ? 1 : 0;
    for (const auto& label : card.labels)
      EXPECT_EQ(base::canonical_label(label), label) << card.id;
  }
  EXPECT_EQ(detectors, 1);
  EXPECT_GE(ids.size(), 6U);
  EXPECT_EQ(formats.size(), 3U);  // onnx, caffe, tensorflow
}

// With a network of the sizes that it speaks of, each ONNX card gives one reading per label.
TEST(ModelsPage, TheOnnxCardsWork) {
  int tried = 0;
  for (auto document : cards_of_the_page()) {
    if (document["format"] != "onnx" || document["task"] != "emotion") continue;
    const testing::TemporaryFolder folder;
    const int channels = document["input"]["channels"] == "gray" ? 1 : 3;
    // The small network is NCHW and has its own names.
    document["input"]["layout"] = "nchw";
    document["input"]["name"] = "input";
    document["output"]["name"] = "logits";
    const std::string content = testing::onnx_bytes::constant_classifier(
        std::vector<float>(document["id2label"].size(), 1), document["input"]["width"],
        channels);
    const auto file = folder.write(document["files"][0]["name"].get<std::string>(), content);
    document["files"][0]["size"] = content.size();
    document["files"][0]["sha256"] = models::sha256_file(file);
    folder.write("card.json", document.dump());
    const auto model = load_emotion_model(models::load_model_card(folder.path()));
    EXPECT_EQ(model->classify(cv::Mat(50, 50, CV_8UC3, cv::Scalar::all(90))).size(),
              document["id2label"].size());
    ++tried;
  }
  EXPECT_EQ(tried, 4);
}

// What parse_model_card() reads stands in the table.
TEST(ModelsPage, TheTableHasEveryKey) {
  const std::string text = page();
  for (const std::string key : {"schema_version",
                                "id",
                                "name",
                                "version",
                                "task",
                                "format",
                                "architecture",
                                "license",
                                "source",
                                "files",
                                "input.name",
                                "input.width",
                                "input.height",
                                "input.channels",
                                "input.layout",
                                "input.equalize",
                                "output.first",
                                "output.count",
                                "rescale_factor",
                                "image_mean",
                                "image_std",
                                "crop.margin",
                                "crop.align",
                                "output.name",
                                "output.activation",
                                "output.temperature",
                                "output.logit_offset",
                                "id2label",
                                "limitations",
                                "metrics",
                                "options",
                                "score_threshold",
                                "overlap_threshold",
                                "longest_side",
                                "grids"}) {
    EXPECT_THAT(text, HasSubstr("`" + key + "`"));
  }
}

}  // namespace
}  // namespace mien::emotions
