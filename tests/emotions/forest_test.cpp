#include "forest.hpp"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <regex>
#include <zlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "forest_samples.hpp"
#include "support/temporary_folder.hpp"

namespace mien::emotions {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

std::string error_message(const std::string& bytes) {
  try {
    read_forest(bytes, "here.yml");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

// As OpenCV itself writes it.
std::string saved_by_opencv(const std::string& ending, int trees = 3) {
  const Samples lesson = cloud(3, 12, 4);
  const cv::Mat truth(lesson.count(), 1, CV_32S, const_cast<int*>(lesson.labels().data()));
  const auto forest = cv::ml::RTrees::create();
  forest->setTermCriteria({cv::TermCriteria::MAX_ITER, trees, 0});
  forest->setMinSampleCount(2);
  cv::theRNG().state = 3;
  forest->train(cv::ml::TrainData::create(lesson.rows(), cv::ml::ROW_SAMPLE, truth));
  const TemporaryFolder folder;
  forest->save((folder / ("forest" + ending)).string());
  return base::read_text_file(folder / ("forest" + ending));
}

TEST(ForestFile, OfOpenCVVotesAsOpenCVDoes) {
  const Samples lesson = cloud(3, 30, 5);
  const cv::Mat truth(lesson.count(), 1, CV_32S, const_cast<int*>(lesson.labels().data()));
  const auto opencv = cv::ml::RTrees::create();
  opencv->setTermCriteria({cv::TermCriteria::MAX_ITER, 25, 0});
  opencv->train(cv::ml::TrainData::create(lesson.rows(), cv::ml::ROW_SAMPLE, truth));
  const TemporaryFolder folder;
  for (const char* name : {"a.yml", "a.yml.gz", "a.xml", "a.xml.gz"}) {
    opencv->save((folder / name).string());
    const Forest forest = read_forest(base::read_text_file(folder / name), name);
    EXPECT_EQ(forest.features(), 5);
    EXPECT_EQ(forest.labels(), 3);
    const Samples test = cloud(3, 20, 5, 9);
    cv::Mat votes;
    opencv->getVotes(test.rows(), votes, 0);  // its first row names the classes
    for (int i = 0; i < test.count(); ++i) {
      const auto mine = forest.votes(test.features(i));
      for (int k = 0; k < 3; ++k) {
        EXPECT_NEAR(mine[static_cast<std::size_t>(k)], votes.at<int>(i + 1, k) / 25.0, 1e-5);
      }
    }
  }
}

TEST(ForestFile, WrittenHereIsReadByOpenCV) {
  const Samples lesson = cloud(4, 20, 6);
  const auto forest = grow_forest(lesson, all_of(lesson), 4, {.trees = 15});
  const TemporaryFolder folder;
  const auto file = folder.write("forest.yml.gz", write_forest(*forest));
  const auto opencv = cv::ml::RTrees::load(file.string());
  ASSERT_TRUE(opencv && opencv->isTrained());
  const Samples test = cloud(4, 20, 6, 3);
  cv::Mat votes;
  opencv->getVotes(test.rows(), votes, 0);
  const Forest again = read_forest(base::read_text_file(file), "again");
  for (int i = 0; i < test.count(); ++i) {
    const auto mine = forest->votes(test.features(i));
    EXPECT_EQ(again.votes(test.features(i)), mine);
    for (int k = 0; k < 4; ++k) {
      EXPECT_NEAR(mine[static_cast<std::size_t>(k)], votes.at<int>(i + 1, k) / 15.0, 1e-5);
    }
  }
}

TEST(ForestFile, CutOffOnesAreASentence) {
  for (const char* ending : {".yml", ".yml.gz", ".xml"}) {
    const std::string sound = saved_by_opencv(ending);
    EXPECT_EQ(error_message(sound), "");
    EXPECT_THAT(error_message(sound.substr(0, sound.size() / 2)), HasSubstr("here.yml"))
        << ending;
  }
  const std::string packed = saved_by_opencv(".yml.gz");
  EXPECT_THAT(error_message(packed.substr(0, packed.size() / 2)), HasSubstr("cut off"));
}

TEST(ForestFile, WhatOpenCVWouldReadForEverIsRefused) {
  EXPECT_THAT(error_message("%YAML:1.0\n   a: 1\n-:\n  -"), HasSubstr("lists"));
  EXPECT_THAT(error_message("%YAML:1.0\n---\n   a: [1,\n2]\n-:\n  -"), HasSubstr("lists"));
  EXPECT_THAT(error_message("%YAML:1.0\n---\na: 1\n...\n---\n  b: 1\n-:\n  -"),
              HasSubstr("more than one document"));
  EXPECT_THAT(error_message("%YAML:1.0\n---\n  [        - { depth:0] }\n       - { :1. }\n"),
              HasSubstr("begin with a key"));
  for (const char* first : {"[ 1 ]", "{ a:1 }", "12", "-1", "word", "word # a: 1", "- a: 1"}) {
    EXPECT_THAT(error_message(std::string("%YAML:1.0\n---\n") + first + "\n   - 1\n"),
                HasSubstr("begin with a key"))
        << first;
  }
}

TEST(ForestFile, OthersAreASentenceWithTheReason) {
  const std::string sound = saved_by_opencv(".yml");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = sound;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return error_message(text.replace(at, from.size(), to));
  };
  EXPECT_THAT(error_message(""), HasSubstr("neither"));
  EXPECT_THAT(error_message("no forest at all"), HasSubstr("neither"));
  EXPECT_THAT(error_message("%YAML:1.0\n---\nother: 1\n"), HasSubstr("no forest"));
  EXPECT_THAT(error_message("%YAML:1.0\n---\nmy_tree: !!opencv-ml-random-trees\n"),
              HasSubstr("OpenCV 2"));
  EXPECT_THAT(with("format: 3", "format: 4"), HasSubstr("another version"));
  EXPECT_THAT(with("%YAML:1.0", "%YAML:9.0"), HasSubstr("OpenCV cannot read it; fetch"));
  EXPECT_THAT(with("is_classifier: 1", "is_classifier: 0"), HasSubstr("not classes"));
  EXPECT_THAT(with("var_count: 4", "var_count: 5"), HasSubstr("other than numbers"));
  EXPECT_THAT(with("var_count: 4", "var_count: 2000000000"), HasSubstr("var_count"));
  EXPECT_THAT(with("var_idx: [ 0", "var_idx: [ 7"), HasSubstr("other than numbers"));
  EXPECT_THAT(with("class_labels: [ 0, 1, 2 ]", "class_labels: [ 0 ]"), HasSubstr("classes"));
  EXPECT_THAT(with("ntrees: 3", "ntrees: 4"), HasSubstr("fewer trees"));
  EXPECT_THAT(with("norm_class_idx: 2", "norm_class_idx: 3"), HasSubstr("norm_class_idx"));
  EXPECT_THAT(with("{ var:", "{ var:9"), HasSubstr("\"var\""));
  EXPECT_THAT(with("{ var:", "{ var:-"), ::testing::Not(HasSubstr("terminate")));
  EXPECT_THAT(with("le:", "gt:"), HasSubstr("\"le\""));
  EXPECT_THAT(with("le:", "le:.Nan #"), HasSubstr("here.yml"));
  EXPECT_THAT(with("ntrees: 3", "ntrees: \"3\""), HasSubstr("type of its own"));
  EXPECT_THAT(
      error_message("%YAML:1.0\n---\nopencv_ml_rtrees:\n   x: " + std::string(100000, '[')),
      HasSubstr("here.yml"));
  std::string deep = "%YAML:1.0\n---\n";
  for (int i = 0; i < 5000; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_THAT(error_message(deep), HasSubstr("here.yml"));
}

TEST(ForestFile, ABombIsNotUnpacked) {
  std::string packed(1 << 20, '\0');
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string zeros(1 << 20, '\n');
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  for (int i = 0; i < 300; ++i) {
    stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
    stream.avail_in = static_cast<uInt>(zeros.size());
    ASSERT_EQ(deflate(&stream, i == 299 ? Z_FINISH : Z_NO_FLUSH),
              i == 299 ? Z_STREAM_END : Z_OK);
  }
  packed.erase(stream.total_out);
  deflateEnd(&stream);
  EXPECT_THAT(error_message(packed), HasSubstr("too large"));
}

// More by hand: MIEN_SCRATCHES=100000.
int scratches() {
  const char* options = std::getenv("MIEN_SCRATCHES");
  return options != nullptr ? std::atoi(options) : 400;
}

// In a child: what ends it must not end the tests.
[[noreturn]] void read_damaged(const std::string& ending) {
  const std::string sound = saved_by_opencv(ending, 2);
  std::mt19937 random(20261122);
  int refused = 0;
  const auto try_one = [&](const std::string& bytes) {
    try {
      const Forest forest = read_forest(bytes, "here");
      // What passes must vote without harm.
      forest.votes(std::vector<float>(static_cast<std::size_t>(forest.features()), 0.5F));
      forest.votes(std::vector<float>(static_cast<std::size_t>(forest.features()), -1e30F));
    } catch (const base::Error&) {
      ++refused;
    }
  };
  static constexpr std::string_view kBytes = "0123456789-+.eE:,[]{}<>/_ \n\"'!&%#xnap\t";
  for (int i = 0; i < scratches(); ++i) {
    std::string bytes = sound;
    for (unsigned flip = 0; flip <= random() % 3; ++flip) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 5) {
        case 0:
          bytes.erase(at, 1 + random() % 40);
          break;
        case 1:
          bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 60));
          break;
        default:
          bytes[at] = kBytes[random() % kBytes.size()];
      }
    }
    try_one(bytes);
    if (i % 8 == 0) try_one(sound.substr(0, random() % sound.size()));
  }
  std::fprintf(stderr, "refused %d\n", refused);
  std::_Exit(0);
}

TEST(DamagedForest, AnAttributeWithoutAValueIsRefused) {
  // OpenCV 4.6 reads beyond the end of these.
  for (const char* text : {"<?xml_mr\n ormat= ", "<?xml version= ",
                           "<?xml version=\"1.0\"?>\n<opencv_storage>\n<a b= "}) {
    EXPECT_THROW(read_forest(text, "here"), base::Error) << text;
  }
}

TEST(DamagedForest, EndsInASentence) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(read_damaged(".yml"), ::testing::ExitedWithCode(0), "refused [1-9]");
  EXPECT_EXIT(read_damaged(".xml"), ::testing::ExitedWithCode(0), "refused [1-9]");
  EXPECT_EXIT(read_damaged(".yml.gz"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

}  // namespace
}  // namespace mien::emotions
