// The demo, recorded with its faces hidden, and without pictures at all.

#include <gmock/gmock.h>
#include <opencv2/imgproc.hpp>

#include "mien/analysis/analyzer.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/faces/overlap.hpp"
#include "mien/models/model_library.hpp"
#include "mien/overlay/hidden_faces.hpp"
#include "mien/sessions/session_check.hpp"
#include "mien/sessions/session_video.hpp"
#include "mien/sources/frame_source.hpp"

#include "support/fakes.hpp"
#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using ::testing::IsEmpty;
namespace fs = std::filesystem;

class PrivacyTest : public testing::SessionTest {
 protected:
  /// What was recorded, with the source's pictures.
  struct Recorded {
    fs::path folder;
    std::vector<base::AnalyzedFramePtr> frames;
  };

  Recorded record_demo(sessions::Privacy privacy, std::size_t frames) {
    const auto library = models::ModelLibrary::standard();
    analysis::Analyzer analyzer(
        faces::make_detector(faces::kDefaultDetector, library),
        std::make_unique<testing::FakeModel>(
            "fake", std::vector<std::string>{"neutral", "happiness", "sadness"},
            std::vector<float>{0.2F, 0.7F, 0.1F}));
    auto requested = options();
    requested.privacy = privacy;
    requested.bars = false;
    SessionWriter writer(requested);
    Recorded recorded;
    const auto source = sources::open_source({.spec = "demo", .realtime = false, .mode = {}});
    while (recorded.frames.size() < frames) {
      const auto frame = source->read();
      if (!frame) break;
      recorded.frames.push_back(analyzer.analyze(frame));
      writer.write(*recorded.frames.back());
    }
    recorded.folder = writer.close("stopped").folder;
    return recorded;
  }

  /// How much of the picture within `box` is finer than its blocks: mean difference, 0..255.
  static double detail(const cv::Mat& picture, const cv::Rect2f& box) {
    const cv::Rect2f enlarged(box.x - 0.25F * box.width, box.y - 0.25F * box.height,
                              1.5F * box.width, 1.5F * box.height);
    cv::Mat coarse = picture.clone();
    overlay::pixelate(coarse, enlarged);
    const cv::Rect inner =
        cv::Rect(cv::Rect2f(box.x + 0.2F * box.width, box.y + 0.2F * box.height,
                            0.6F * box.width, 0.6F * box.height)) &
        cv::Rect({0, 0}, picture.size());
    return cv::norm(picture(inner), coarse(inner), cv::NORM_L1) /
           static_cast<double>(inner.area() * 3);
  }
};

TEST_F(PrivacyTest, NoFaceIsLeftInABlurredVideo) {
  const auto recorded = record_demo(sessions::Privacy::blurred_faces, 60);
  const auto detector =
      faces::make_detector(faces::kDefaultDetector, models::ModelLibrary::standard());
  EXPECT_THAT(sessions::check_session(recorded.folder).problems, IsEmpty());
  sessions::VideoReader video(recorded.folder / "video.mkv");
  const auto first = recorded.frames.front()->frame->time;
  int faces = 0;
  int found = 0;
  double sharp = 0;
  double hidden = 0;
  for (const auto& frame : recorded.frames) {
    const auto picture = video.at(
        std::chrono::round<std::chrono::milliseconds>(frame->frame->time - first).count());
    ASSERT_TRUE(picture);
    const auto again = detector->detect(*picture);
    for (const auto& reading : frame->readings) {
      ++faces;
      sharp += detail(frame->frame->image, reading.face.box);
      hidden += detail(*picture, reading.face.box);
      for (const auto& face : again) {
        if (faces::intersection_over_union(face.box, reading.face.box) > 0.3F) {
          ++found;
          break;
        }
      }
    }
  }
  ASSERT_GT(faces, 50);
  std::cout << found << " of " << faces << " faces found again; detail " << sharp / faces
            << " before, " << hidden / faces << " after\n";
  EXPECT_EQ(found, 0);
  EXPECT_LT(hidden, 0.35 * sharp);
}

TEST_F(PrivacyTest, WithoutBlurringTheyAreFound) {
  const auto recorded = record_demo(sessions::Privacy::everything, 10);
  const auto detector =
      faces::make_detector(faces::kDefaultDetector, models::ModelLibrary::standard());
  sessions::VideoReader video(recorded.folder / "video.mkv");
  const auto picture = video.at(0);
  ASSERT_TRUE(picture);
  EXPECT_FALSE(detector->detect(*picture).empty()) << "or the other test proves nothing";
}

TEST_F(PrivacyTest, DataAloneHasNoPictures) {
  const auto recorded = record_demo(sessions::Privacy::data_only, 10);
  EXPECT_THAT(sessions::check_session(recorded.folder).problems, IsEmpty());
  for (const auto& file : fs::directory_iterator(recorded.folder)) {
    EXPECT_THAT(file.path().filename().string(),
                ::testing::AnyOf("faces.csv", "events.csv", "session.json", "report.html"));
    EXPECT_THAT(testing::contents(file.path()),
                ::testing::Not(::testing::HasSubstr("data:image")));
  }
  EXPECT_GE(testing::lines(recorded.folder / "faces.csv").size(), 11U);
}

}  // namespace
}  // namespace mien::recording
