#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/files.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/network.hpp"

namespace mien::models {
namespace {

const std::filesystem::path kSource = MIEN_SOURCE_DIR;
const std::filesystem::path kStored = kSource / "tests" / "models" / "shipped_outputs.json";
constexpr std::size_t kMaxStored = 128;  // numbers of each output, evenly spaced

cv::Mat input_of(const ModelCard& card) {
  if (card.task == ModelCard::Task::movements) {  // no picture
    cv::Mat numbers(1, card.input.width, CV_32F);
    for (int i = 0; i < numbers.cols; ++i) {
      numbers.at<float>(i) = static_cast<float>(2 * std::sin(i));
    }
    return numbers;
  }
  cv::Mat picture = cv::imread((kSource / "assets" / "demo" / "astronaut.png").string());
  if (card.task == ModelCard::Task::emotion) picture = picture({172, 60, 112, 112});
  const bool gray = card.input.channels == ModelCard::Channels::gray;
  cv::cvtColor(picture, picture, gray ? cv::COLOR_BGR2GRAY : cv::COLOR_BGR2RGB);
  cv::resize(picture, picture, {card.input.width, card.input.height}, 0, 0, cv::INTER_AREA);
  picture.convertTo(picture, CV_32F, 1 / 127.5, -1);
  if (network_layout(card) == ModelCard::Layout::nchw) return cv::dnn::blobFromImage(picture);
  const int sizes[] = {1, picture.rows, picture.cols, picture.channels()};
  return cv::Mat(4, sizes, CV_32F, picture.data).clone();
}

nlohmann::json outputs_of(const ModelCard& card) {
  const cv::Mat input = input_of(card);
  std::vector<cv::Mat> outputs;
  auto net = load_network(card, [&](cv::dnn::Net& loaded) {
    loaded.setInput(input);
    loaded.forward(outputs, loaded.getUnconnectedOutLayersNames());
  });
  nlohmann::json all = nlohmann::json::array();
  for (const cv::Mat& output : outputs) {
    const cv::Mat flat = output.reshape(1, 1);
    const std::size_t step = (flat.total() + kMaxStored - 1) / kMaxStored;
    nlohmann::json values = nlohmann::json::array();
    for (std::size_t i = 0; i < flat.total(); i += step) {
      values.push_back(std::round(flat.at<float>(static_cast<int>(i)) * 1e6) / 1e6);
    }
    all.push_back(values);
  }
  return all;
}

std::vector<ModelCard> shipped() {
  const ModelLibrary library({kSource / "models"});
  std::vector<ModelCard> cards;
  for (const auto task : {ModelCard::Task::face, ModelCard::Task::emotion,
                          ModelCard::Task::landmarks, ModelCard::Task::movements}) {
    for (const auto& card : library.cards(task)) {
      if (card.format == ModelCard::Format::onnx) cards.push_back(card);
    }
  }
  return cards;
}

// The answers were stored under OpenCV 4.6; other versions compute the same to 1e-4. Where a
// network was replaced, MIEN_STORE_OUTPUTS=1 stores its answers anew.
TEST(ShippedNetworks, AnswerTheSameUnderEveryOpenCv) {
  nlohmann::json made;
  for (const ModelCard& card : shipped()) {
    made[card.id] = {{"sha256", card.files.front().sha256}, {"outputs", outputs_of(card)}};
  }
  ASSERT_GE(made.size(), 7u);
  if (std::getenv("MIEN_STORE_OUTPUTS") != nullptr) {
    base::write_file_atomically(kStored, made.dump() + "\n");
    GTEST_SKIP() << "stored " << kStored;
  }
  const auto stored = nlohmann::json::parse(base::read_text_file(kStored));
  for (const auto& [id, now] : made.items()) {
    SCOPED_TRACE(id);
    ASSERT_TRUE(stored.contains(id)) << "run this test with MIEN_STORE_OUTPUTS=1";
    ASSERT_EQ(now["sha256"], stored[id]["sha256"]) << "run this test with MIEN_STORE_OUTPUTS=1";
    ASSERT_EQ(now["outputs"].size(), stored[id]["outputs"].size());
    for (std::size_t output = 0; output < now["outputs"].size(); ++output) {
      const auto given = now["outputs"][output].get<std::vector<double>>();
      const auto expected = stored[id]["outputs"][output].get<std::vector<double>>();
      ASSERT_EQ(given.size(), expected.size());
      // Boxes and points are in pixels of the input: to 1e-4 of the largest.
      double largest = 1;
      for (const double value : expected) largest = std::max(largest, std::abs(value));
      for (std::size_t i = 0; i < given.size(); ++i) {
        EXPECT_NEAR(given[i], expected[i], 1e-4 * largest) << "output " << output << ", " << i;
      }
    }
  }
}

}  // namespace
}  // namespace mien::models
