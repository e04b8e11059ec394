#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "foreign_model_files.hpp"
#include "load_error.hpp"

namespace mien::emotions {
namespace {

using testing::TemporaryFolder;

// Files of other people's formats are scratched at places that end OpenCV in one way or
// another. Whatever that does to the worker, this process goes on and has a model or a
// sentence.
void load_scratched(const Files& sound, const std::string& name, const std::string& format) {
  std::mt19937 random(20261122);
  const std::string& content = sound.at(name);
  int refused = 0;
  for (int i = 0; i < 25; ++i) {
    Files files = sound;
    std::string& bytes = files[name];
    for (unsigned flip = 0; flip <= random() % 3; ++flip) {
      static constexpr int kValues[] = {0, 1, 2, 3, 4, 5, 8, 127, 128, 255};
      bytes[random() % content.size()] = static_cast<char>(kValues[random() % 10]);
    }
    if (i % 5 == 0) bytes.resize(random() % bytes.size());
    const TemporaryFolder folder;
    refused += emotions::load_error(foreign_card(folder, files, format)).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 0);
}

TEST(DamagedForeignModel, CaffeWeights) {
  load_scratched(rich_caffe_files(), "rich.caffemodel", "caffe");
}

TEST(DamagedForeignModel, CaffeLayers) {
  load_scratched(rich_caffe_files(), "rich.prototxt", "caffe");
}

TEST(DamagedForeignModel, TensorflowGraphs) {
  load_scratched(rich_tensorflow_files(), "rich.pb", "tensorflow");
}

}  // namespace
}  // namespace mien::emotions
