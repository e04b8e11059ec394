#include "mien/models/model_process.hpp"

#include <atomic>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "mien/models/model_library.hpp"
#include "mien/system/sanitized.hpp"

#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::models {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

// Times are long where the worker is to answer, and short where it never will.
constexpr ModelLimits kPatient{};
constexpr ModelLimits kHasty{5s, 300ms, std::size_t{1} << 30};

class ModelProcesses : public ::testing::Test {
 protected:
  ModelProcesses() { set_model_worker(MIEN_BAD_WORKER); }
  ~ModelProcesses() override { set_model_worker(MIEN_MODEL_WORKER); }

  ModelCard card(const std::string& id) {
    auto document = testing::emotion_card(folder_, "weights");
    document["id"] = id;
    ModelCard card = parse_model_card(document, "card.json");
    card.folder = folder_.path();
    return card;
  }

  std::string refusal(const std::string& id, ModelLimits limits = kPatient) {
    try {
      ModelProcess process(card(id), limits);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  // Of the first run; also looks that a second one says the same.
  std::string end(const std::string& id, ModelLimits limits = kPatient) {
    ModelProcess process(card(id), limits);
    std::string words;
    for (int i = 0; i < 2; ++i) {
      try {
        process.run(gray(9));
      } catch (const ModelProcessEnded& gone) {
        if (i == 1) {
          EXPECT_EQ(gone.what(), words);
        }
        EXPECT_EQ(gone.task(), ModelCard::Task::emotion);
        words = gone.what();
      }
    }
    return words;
  }

  static cv::Mat gray(int value) { return {10, 12, CV_8UC3, cv::Scalar::all(value)}; }

  TemporaryFolder folder_;
};

TEST_F(ModelProcesses, PicturesGoThereAndNumbersComeBack) {
  ModelProcess process(card("echo"));
  cv::Mat wide(5, 300, CV_8UC3, cv::Scalar(7, 8, 9));
  EXPECT_THAT(process.run(wide), ElementsAre(5, 300, 7, 9));
  // Smaller, larger, and a part of another picture, whose rows have gaps.
  EXPECT_THAT(process.run(gray(3)), ElementsAre(10, 12, 3, 3));
  cv::Mat large(700, 900, CV_8UC3, cv::Scalar::all(1));
  large.at<cv::Vec3b>(699, 899) = {4, 5, 6};
  EXPECT_THAT(process.run(large), ElementsAre(700, 900, 1, 6));
  EXPECT_THAT(process.run(large(cv::Rect(898, 600, 2, 100))), ElementsAre(100, 2, 1, 6));
  EXPECT_THROW(process.run(cv::Mat()), base::Error);
  EXPECT_THROW(process.run(cv::Mat(3, 3, CV_32FC3)), base::Error);
}

// Else a measurement of one thread would be one of all cores.
TEST_F(ModelProcesses, AWorkerComputesWithAsManyThreadsAsTheProgram) {
  const int before = cv::getNumThreads();
  for (const int threads : {1, 3}) {
    cv::setNumThreads(threads);
    ModelProcess process(card("threads"));
    EXPECT_THAT(process.run(gray(1)), ElementsAre(static_cast<float>(threads)));
  }
  cv::setNumThreads(before);
}

TEST_F(ModelProcesses, ListsRunningWorkers) {
  EXPECT_TRUE(running_model_workers().empty());
  {
    ModelProcess one(card("echo"));
    ModelProcess two(card("echo"));
    const auto workers = running_model_workers();
    ASSERT_EQ(workers.size(), 2U);
    for (const auto worker : workers) {
      EXPECT_TRUE(std::filesystem::exists("/proc/" + std::to_string(worker.number)));
    }
  }
  EXPECT_TRUE(running_model_workers().empty());
}

TEST_F(ModelProcesses, AFailureAtOnePictureIsNotTheEnd) {
  ModelProcess process(card("thrower"));
  try {
    process.run(gray(200));
    FAIL();
  } catch (const ModelProcessEnded&) {
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_STREQ(error.what(), "Not this picture.");
  }
  EXPECT_THAT(process.run(gray(1)), ElementsAre(1, 2));
}

TEST_F(ModelProcesses, WhatEndsWhileLoadingIsASentenceThatNamesFileAndLayer) {
  const auto names =
      AllOf(HasSubstr((folder_ / "model.onnx").string()), HasSubstr("its layer bad (Conv)"),
            HasSubstr("choose another model"));
  EXPECT_THAT(refusal("raw-load-crash"), AllOf(names, HasSubstr("SIGSEGV")));
  EXPECT_THAT(refusal("raw-load-leave"), names);
  EXPECT_THAT(refusal("raw-load-noise"), AllOf(names, HasSubstr("returned invalid data")));
  EXPECT_THAT(refusal("raw-load-huge"), AllOf(names, HasSubstr("returned invalid data")));
  EXPECT_THAT(refusal("raw-load-stall", kHasty), AllOf(names, HasSubstr("longer than 5 s")));
}

TEST_F(ModelProcesses, AModelOfATaskThatIsMiensOwnIsRefused) {
  ModelCard mover = card("mover");
  mover.task = ModelCard::Task::movements;
  mover.document["task"] = "movements";
  try {
    ModelProcess process(mover, kPatient);
    ADD_FAILURE() << "it was taken";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("its own only"));
  }
}

TEST_F(ModelProcesses, AForeignSentenceIsOneCleanLine) {
  EXPECT_EQ(refusal("raw-load-refuse"), "No luck  with \xEF\xBF\xBD this.");
}

TEST_F(ModelProcesses, WhatEndsWhileRunningIsGone) {
  const auto names = HasSubstr((folder_ / "model.onnx").string());
  EXPECT_THAT(end("raw-run-crash"), AllOf(names, HasSubstr("SIGABRT")));
  EXPECT_THAT(end("raw-run-odd"), AllOf(names, HasSubstr("returned invalid data")));
  EXPECT_THAT(end("raw-run-nan"), AllOf(names, HasSubstr("returned invalid data")));
  EXPECT_THAT(end("raw-run-kind"), AllOf(names, HasSubstr("returned invalid data")));
  EXPECT_THAT(end("raw-run-many"), AllOf(names, HasSubstr("returned invalid data")));
  EXPECT_THAT(end("raw-run-stall", {30s, 300ms}), AllOf(names, HasSubstr("longer than 0.3 s")));
}

TEST_F(ModelProcesses, AnEndlessRunIsEnded) {
  ModelProcess process(card("endless"), {30s, 300ms});
  EXPECT_THROW(process.run(gray(200)), ModelProcessEnded);
}

TEST_F(ModelProcesses, MemoryHasABound) {
  if (system::kSanitized)
    GTEST_SKIP() << "sanitizers take more address space than any limit allows";
  EXPECT_THAT(refusal("greedy"), HasSubstr("more memory"));
}

TEST_F(ModelProcesses, AModelCannotWriteConnectOrStartAnything) {
  ModelProcess process(card("caged"));
  auto results = process.run(gray(1));
  ASSERT_EQ(results.size(), 9U);
  EXPECT_EQ(results.back(), 0) << "its own files may be read";
  results.pop_back();
  EXPECT_THAT(results, Each(1));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "written"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "model.onnx"));
}

TEST_F(ModelProcesses, AWaitCanBeGivenUp) {
  std::atomic<bool> wanted = false;
  ModelProcess process(card("raw-run-stall"), {30s, 10min});
  std::thread later([&] {
    std::this_thread::sleep_for(100ms);
    wanted = true;
  });
  {
    const WaitInterruption interruption([&] { return wanted.load(); });
    EXPECT_TRUE(!WaitInterruption::asked() || wanted);
    EXPECT_THROW(process.run(gray(1)), ModelProcessEnded);
  }
  EXPECT_FALSE(WaitInterruption::asked());
  later.join();
}

TEST_F(ModelProcesses, WithoutAWorkerModelsOfOthersAreRefused) {
  set_model_worker({});
  EXPECT_THAT(refusal("echo"), HasSubstr("cannot run third-party models"));
  set_model_worker("/nowhere/mien");
  EXPECT_THAT(refusal("echo"), HasSubstr("No process for a third-party model"));
}

// The program may be replaced or deleted while it runs; /proc/self/exe is then what it was.
TEST_F(ModelProcesses, AProgramThatIsDeletedMeanwhileStillStarts) {
  const auto copy = folder_ / "worker";
  std::filesystem::copy_file(MIEN_BAD_WORKER, copy);
  const int open = ::open(copy.c_str(), O_RDONLY);
  ASSERT_GE(open, 0);
  std::filesystem::remove(copy);
  set_model_worker("/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(open));
  ModelProcess process(card("echo"));
  EXPECT_THAT(process.run(gray(3)), ElementsAre(10, 12, 3, 3));
  ::close(open);
}

TEST(ModelTrust, OnlyTheProgramsOwnFolderIsTrusted) {
  const auto models = std::filesystem::path(MIEN_SOURCE_DIR) / "models";
  EXPECT_TRUE(is_shipped(load_model_card(models / "mien-base")));
  TemporaryFolder folder;
  std::filesystem::create_directory_symlink(models / "mien-base", folder / "mien-base");
  // Where a name leads counts, not what it is called.
  EXPECT_TRUE(is_shipped(load_model_card(folder / "mien-base")));
  auto document = testing::emotion_card(folder, "weights");
  document["id"] = "mien-base";
  folder.write("card.json", document.dump());
  EXPECT_FALSE(is_shipped(load_model_card(folder.path())));
  EXPECT_FALSE(is_shipped(parse_model_card(document, "card.json")));
  EXPECT_FALSE(in_model_worker());
}

}  // namespace
}  // namespace mien::models
