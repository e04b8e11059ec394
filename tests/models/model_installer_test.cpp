#include "mien/models/model_installer.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/models/sha256.hpp"

#include "support/foreign_bytes.hpp"
#include "support/model_folder.hpp"

namespace mien::models {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::onnx_bytes::constant_classifier;

// A model to be added, and a folder to add it to.
class ModelInstaller : public ::testing::Test {
 protected:
  ModelInstaller()
      : card_(testing::emotion_card(source_, constant_classifier({1, 2, 3}))),
        models_(home_ / "models") {
    write_card();
  }

  void write_card() { source_.write("card.json", card_.dump()); }

  void use_weights(const std::string& content) {
    const auto file = source_.write("model.onnx", content);
    card_["files"][0] = {
        {"name", "model.onnx"}, {"size", content.size()}, {"sha256", sha256_file(file)}};
    write_card();
  }

  ModelCard install(const fs::path& source) {
    return install_model(source, models_, ModelLibrary({models_}), emotions::try_emotion_model);
  }

  // The sentence, after a look that nothing was left behind.
  std::string refusal(const fs::path& source) {
    const auto before = content();
    try {
      install(source);
    } catch (const base::Error& error) {
      EXPECT_EQ(content(), before);
      return error.what();
    }
    return "";
  }
  std::string refusal() { return refusal(source_.path()); }

  std::vector<std::string> content() const {
    std::vector<std::string> names;
    if (fs::is_directory(models_)) {
      for (const auto& entry : fs::recursive_directory_iterator(models_)) {
        names.push_back(fs::relative(entry.path(), models_).string());
      }
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  TemporaryFolder source_;
  TemporaryFolder home_;
  json card_;
  fs::path models_;
};

TEST_F(ModelInstaller, AFolderIsCopiedAndWorks) {
  source_.write("LICENSE", "do what you want");
  source_.write("notes.txt", "stays where it is");
  const ModelCard added = install(source_.path());
  EXPECT_EQ(added.id, "test-model");
  EXPECT_EQ(added.folder, models_ / "test-model");
  EXPECT_THAT(content(),
              ::testing::ElementsAre("test-model", "test-model/LICENSE", "test-model/card.json",
                                     "test-model/model.onnx"));
  EXPECT_EQ(added.document, card_);
  const ModelLibrary library({models_});
  EXPECT_THAT(library.problems(), IsEmpty());
  const auto model =
      emotions::load_emotion_model(library.find("test-model", ModelCard::Task::emotion));
  EXPECT_EQ(model->classify(cv::Mat(9, 9, CV_8UC3, cv::Scalar::all(9))).size(), 3U);
}

TEST_F(ModelInstaller, TheCardItselfMayBeChosen) {
  EXPECT_EQ(install(source_ / "card.json").id, "test-model");
}

TEST_F(ModelInstaller, CaffeAndTensorflowAreAddedToo) {
  const auto add = [&](const std::string& id, const std::string& format,
                       const std::vector<std::pair<std::string, std::string>>& files) {
    const TemporaryFolder folder;
    json card = card_;
    card["id"] = id;
    card["format"] = format;
    card["files"] = json::array();
    for (const auto& [name, bytes] : files) {
      const auto file = folder.write(name, bytes);
      card["files"].push_back(
          {{"name", name}, {"size", bytes.size()}, {"sha256", sha256_file(file)}});
    }
    card["input"] = {{"width", 4},
                     {"height", 4},
                     {"channels", "rgb"},
                     {"layout", format == "caffe" ? "nchw" : "nhwc"}};
    card.erase("image_mean");
    card.erase("image_std");
    card["output"] = {{"activation", "softmax"}};
    folder.write("card.json", card.dump());
    return install(folder.path()).id;
  };
  EXPECT_EQ(add("a-caffe", "caffe",
                {{"net.prototxt", testing::caffe_bytes::tiny_prototxt()},
                 {"net.caffemodel", testing::caffe_bytes::tiny_caffemodel()}}),
            "a-caffe");
  EXPECT_EQ(add("a-graph", "tensorflow", {{"net.pb", testing::tensorflow_bytes::tiny_graph()}}),
            "a-graph");
  EXPECT_EQ(ModelLibrary({models_}).cards(ModelCard::Task::emotion).size(), 2U);
}

TEST_F(ModelInstaller, WhatIsWrongIsSaidAndLeavesNothing) {
  EXPECT_THAT(refusal(source_ / "nowhere"), HasSubstr("There is no model at"));
  EXPECT_THAT(refusal(home_.path()), HasSubstr("holds no card.json"));
  source_.write("net.caffemodel", "weights");
  EXPECT_THAT(refusal(source_ / "net.caffemodel"), HasSubstr("cannot be added alone"));

  source_.write("card.json", "{");
  EXPECT_THAT(refusal(), HasSubstr("not valid JSON"));
  card_["id"] = "../../escape";
  write_card();
  EXPECT_THAT(refusal(), HasSubstr("\"id\""));
  card_["id"] = "test-model";
  card_["files"][0]["name"] = "../model.onnx";
  write_card();
  EXPECT_THAT(refusal(), HasSubstr("plain name"));
  card_["files"][0]["name"] = "absent.onnx";
  write_card();
  EXPECT_THAT(refusal(), HasSubstr("lacks its file"));

  use_weights(constant_classifier({1, 2, 3}));
  card_["files"][0]["sha256"] = std::string(64, '0');
  write_card();
  EXPECT_THAT(refusal(), HasSubstr("SHA-256"));
  card_["files"][0]["size"] = 5U;
  write_card();
  EXPECT_THAT(refusal(), HasSubstr("bytes where its card says"));

  use_weights("no network");
  EXPECT_THAT(refusal(), HasSubstr("not a whole ONNX file"));
  use_weights(constant_classifier({1, 2, 3, 4}));
  EXPECT_THAT(refusal(), HasSubstr("4 numbers where id2label has 3"));
  use_weights(constant_classifier({1, 2, 3}, 9));
  EXPECT_THAT(refusal(), HasSubstr("1x1x9x9 where the card says 1x1x8x8"));
  EXPECT_THAT(content(), IsEmpty());
}

TEST_F(ModelInstaller, WhatIsNoFileIsNotRead) {
  fs::remove(source_ / "model.onnx");
  ASSERT_EQ(::mkfifo((source_ / "model.onnx").c_str(), 0600), 0);
  EXPECT_THAT(refusal(), HasSubstr("is not a file"));
  fs::remove(source_ / "model.onnx");
  fs::create_symlink("/dev/zero", source_ / "model.onnx");
  EXPECT_THAT(refusal(), HasSubstr("is not a file"));
  fs::remove(source_ / "model.onnx");
  std::ofstream(source_ / "model.onnx");
  fs::resize_file(source_ / "model.onnx", std::uintmax_t{1} << 31);  // no room is taken
  EXPECT_THAT(refusal(), HasSubstr("larger than 1 GiB"));
}

TEST_F(ModelInstaller, NothingIsOverwritten) {
  install(source_.path());
  const auto before = fs::last_write_time(models_ / "test-model/model.onnx");
  EXPECT_THAT(refusal(), HasSubstr("\"test-model\" already"));
  EXPECT_EQ(fs::last_write_time(models_ / "test-model/model.onnx"), before);
  // Nor an id that the program brings, nor a folder that is no model.
  const TemporaryFolder other;
  EXPECT_THROW(install_model(source_.path(), other.path(), ModelLibrary({models_}),
                             emotions::try_emotion_model),
               base::Error);
  EXPECT_TRUE(fs::is_empty(other.path()));
  fs::create_directory(other / "test-model");
  EXPECT_THROW(install_model(source_.path(), other.path(), ModelLibrary({}),
                             emotions::try_emotion_model),
               base::Error);
  EXPECT_TRUE(fs::is_empty(other / "test-model"));
}

TEST_F(ModelInstaller, AModelForFacesNeedsATrialOfItsOwn) {
  card_["task"] = "face";
  card_["architecture"] = "yunet";
  write_card();
  EXPECT_THAT(refusal(), HasSubstr("of task \"face\""));
  fs::path tried;
  const auto added =
      install_model(source_.path(), models_, ModelLibrary({}), [&](const ModelCard& card) {
        tried = card.folder;
        const ModelLibrary around({card.folder.parent_path()});
        EXPECT_EQ(around.find(card.id, ModelCard::Task::face).id, card.id);
      });
  EXPECT_EQ(added.folder, models_ / "test-model");
  EXPECT_NE(tried, added.folder);
  EXPECT_FALSE(fs::exists(tried));
}

TEST_F(ModelInstaller, AFailedTrialOfAnyKindIsASentence) {
  try {
    install_model(source_.path(), models_, ModelLibrary({}),
                  [](const ModelCard&) { throw std::runtime_error("no luck"); });
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no luck"));
  }
  EXPECT_THAT(content(), IsEmpty());
}

TEST_F(ModelInstaller, WhatAKilledProgramLeftIsCleared) {
  const pid_t child = ::fork();
  if (child == 0) std::_Exit(0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);  // now nobody has its number
  const auto gone = models_ / (".adding." + std::to_string(child) + "-1.partial");
  const auto ours = models_ / (".adding." + std::to_string(::getppid()) + "-1.partial");
  fs::create_directories(gone / "half");
  fs::create_directories(ours);
  install(source_.path());
  EXPECT_FALSE(fs::exists(gone));
  EXPECT_TRUE(fs::exists(ours));
  EXPECT_EQ(ModelLibrary({models_}).cards(ModelCard::Task::emotion).size(), 1U);
}

TEST_F(ModelInstaller, AFolderThatCannotBeWrittenIsASentence) {
  home_.write("models", "a file stands in the way");
  EXPECT_THAT(refusal(), HasSubstr("cannot be written"));
}

TEST_F(ModelInstaller, AFileAloneGetsACardThatNamesItsAssumptions) {
  const auto file =
      home_.write("My net (7).onnx", constant_classifier({1, 2, 3, 4, 5, 6, 9}, 48));
  const ModelCard added = install(file);
  EXPECT_EQ(added.id, "My-net--7-");
  EXPECT_EQ(added.labels.front(), "anger");
  EXPECT_EQ(added.labels.back(), "neutral");
  EXPECT_EQ(added.input.width, 48);
  EXPECT_EQ(added.input.channels, ModelCard::Channels::gray);
  EXPECT_EQ(added.output.activation, ModelCard::Activation::logits);
  EXPECT_THAT(added.name, HasSubstr("labels assumed"));
  EXPECT_THAT(added.limitations, HasSubstr("FER2013"));
  const auto eight =
      home_.write("eight.onnx", constant_classifier({1, 2, 3, 4, 5, 6, 7, 8}, 64, 3));
  const ModelCard wide = install(eight);
  EXPECT_EQ(wide.labels.front(), "neutral");
  EXPECT_EQ(wide.input.channels, ModelCard::Channels::rgb);
  EXPECT_THAT(wide.limitations, HasSubstr("FER+"));
}

TEST_F(ModelInstaller, AFileAloneThatSaysTooLittleIsRefused) {
  const auto with = [&](const std::string& bytes) {
    return refusal(source_.write("alone.onnx", bytes));
  };
  EXPECT_THAT(with(constant_classifier({1, 2, 3}, 48)),
              AllOf(HasSubstr("1x1x48x48"), HasSubstr("1x3"), HasSubstr("id2label")));
  EXPECT_THAT(with(constant_classifier({1, 2, 3, 4, 5, 6, 7}, 48, 2)), HasSubstr("1x2x48x48"));
  EXPECT_THAT(with("no network"), HasSubstr("not a whole ONNX file"));
}

}  // namespace
}  // namespace mien::models
