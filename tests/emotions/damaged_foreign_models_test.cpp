#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "foreign_model_files.hpp"
#include "model_complaint.hpp"

namespace mien {
namespace {

using testing::TemporaryFolder;

// In a process of its own, because what it looks for is the end of the process.
[[noreturn]] void load_damaged(const std::vector<Files>& all, const std::string& format) {
  const TemporaryFolder folder;
  std::size_t refused = 0;
  for (const auto& files : all) {
    if (!complaint(foreign_card(folder, files, format)).empty()) ++refused;
  }
  std::fprintf(stderr, "refused %zu of %zu\n", refused, all.size());
  std::filesystem::remove_all(folder.path());
  std::_Exit(0);
}

// More by hand: MIEN_SCRATCHES=100000.
const int kScratches = [] {
  const char* wish = std::getenv("MIEN_SCRATCHES");
  return wish != nullptr ? std::atoi(wish) : 500;
}();

class DamagedForeignModel : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  // Every byte of `name` in two ways, and beginnings of it.
  static std::vector<Files> every_scratch(const Files& sound, const std::string& name) {
    std::vector<Files> all;
    const std::string& content = sound.at(name);
    for (std::size_t at = 0; at < content.size(); ++at) {
      for (const int value : {content[at] ^ 1, 0}) {
        all.push_back(sound);
        all.back()[name][at] = static_cast<char>(value);
      }
      if (at % 4 != 0) continue;
      all.push_back(sound);
      all.back()[name].resize(at);
    }
    return all;
  }
};

TEST_F(DamagedForeignModel, CaffeWeights) {
  const auto all = every_scratch(caffe_files(), "tiny.caffemodel");
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedForeignModel, CaffeLayers) {
  const auto all = every_scratch(caffe_files(), "tiny.prototxt");
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedForeignModel, TensorflowGraphs) {
  const auto all = every_scratch(tensorflow_files(), "tiny.pb");
  EXPECT_EXIT(load_damaged(all, "tensorflow"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

// Every number in the text becomes others that a hand or a bad program may write.
TEST_F(DamagedForeignModel, CaffeNumbers) {
  const Files sound = rich_caffe_files();
  const std::string& text = sound.at("rich.prototxt");
  std::vector<Files> all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (std::isdigit(static_cast<unsigned char>(text[at])) == 0 || text[at - 1] != ' ')
      continue;
    const auto end = text.find_first_not_of("0123456789.", at);
    for (const char* number : {"0", "1", "2", "3", "7", "8", "-1", "255", "65536", "70000",
                               "2147483647", "4294967295", "1e30", "nan"}) {
      all.push_back(sound);
      all.back()["rich.prototxt"] = text.substr(0, at) + number + text.substr(end);
    }
  }
  ASSERT_GT(all.size(), 400U);
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

// And every layer's type every other one's, every input every other layer.
TEST_F(DamagedForeignModel, CaffeWords) {
  const Files sound = rich_caffe_files();
  const std::string& text = sound.at("rich.prototxt");
  std::vector<std::string> types;
  std::vector<std::string> tops;
  const auto collect = [&](const std::string& key, std::vector<std::string>& words) {
    for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; ++at) {
      const auto start = at + key.size();
      words.push_back(text.substr(start, text.find('"', start) - start));
    }
  };
  collect("type: \"", types);
  collect("top: \"", tops);
  std::vector<Files> all;
  const auto vary = [&](const std::string& key, const std::vector<std::string>& words) {
    for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; ++at) {
      const auto start = at + key.size();
      for (const auto& word : words) {
        all.push_back(sound);
        all.back()["rich.prototxt"] =
            text.substr(0, start) + word + text.substr(text.find('"', start));
      }
    }
  };
  vary("type: \"", types);
  vary("bottom: \"", tops);
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

// Every input of every layer becomes every other layer.
TEST_F(DamagedForeignModel, TensorflowWords) {
  const std::string sound = rich_tensorflow_files().at("rich.pb");
  const auto collect = [&](const std::string& before) {
    std::vector<std::size_t> places;
    for (std::size_t at = 0; (at = sound.find(before, at)) != std::string::npos; ++at) {
      places.push_back(at + before.size());
    }
    return places;
  };
  std::set<std::string> names;
  for (const auto at : collect("\x0A\x04")) names.insert(sound.substr(at, 4));
  const auto inputs = collect("\x1A\x04");
  ASSERT_GE(names.size(), 30U);
  ASSERT_GE(inputs.size(), 30U);
  std::vector<Files> all;
  for (const auto at : inputs) {
    for (const auto& name : names)
      all.push_back({{"rich.pb", std::string(sound).replace(at, 4, name)}});
  }
  EXPECT_EXIT(load_damaged(all, "tensorflow"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedForeignModel, RichFilesScratchedAtRandom) {
  std::mt19937 random(20261122);
  for (const auto& [files, name, format] :
       {std::tuple{rich_caffe_files(), "rich.caffemodel", "caffe"},
        std::tuple{rich_tensorflow_files(), "rich.pb", "tensorflow"}}) {
    std::vector<Files> all;
    const std::string& content = files.at(name);
    for (int i = 0; i < kScratches; ++i) {
      all.push_back(files);
      std::string& bytes = all.back()[name];
      for (unsigned flip = 0; flip <= random() % 3; ++flip) {
        static constexpr int kValues[] = {0, 1, 2, 3, 4, 5, 8, 127, 128, 255};
        bytes[random() % content.size()] = static_cast<char>(kValues[random() % 10]);
      }
    }
    EXPECT_EXIT(load_damaged(all, format), ::testing::ExitedWithCode(0), "refused [1-9]");
  }
}

}  // namespace
}  // namespace mien
