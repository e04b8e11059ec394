#include <gmock/gmock.h>

#include "source_kind.hpp"
#include "test_media.hpp"

namespace mien::sources {
namespace {

using ::testing::HasSubstr;

std::string kind_of(const std::string& spec) {
  for (const SourceKind& kind : builtin_sources()) {
    if (kind.accepts(spec)) return std::string(kind.name);
  }
  return "";
}

TEST(BuiltinSources, SpecsGoToTheirKind) {
  const TempFolder folder;
  cv::imwrite((folder / "a.png").string(), picture({32, 24}, 100));
  fs::copy_file(folder / "a.png", folder / "picture.mp4");
  write_file(folder / "text.jpg", "no picture");
  write_clip(folder / "clip.mp4", 3);

  EXPECT_EQ(kind_of("demo"), "demo");
  EXPECT_EQ(kind_of("camera:0"), "camera");
  EXPECT_EQ(kind_of("/dev/video3"), "camera");
  EXPECT_EQ(kind_of("/dev/v4l/by-id/usb-x-index0"), "camera");
  EXPECT_EQ(kind_of("http://host/stream"), "stream");
  EXPECT_EQ(kind_of("rtsp://host/stream"), "stream");
  EXPECT_EQ(kind_of(folder.string()), "folder");
  EXPECT_EQ(kind_of((folder / "a.png").string()), "image");
  EXPECT_EQ(kind_of((folder / "picture.mp4").string()), "image") << "content counts";
  EXPECT_EQ(kind_of((folder / "text.jpg").string()), "image") << "so that it is called one";
  EXPECT_EQ(kind_of((folder / "clip.mp4").string()), "video");
  EXPECT_EQ(kind_of("nothing/here.mp4"), "video");
}

TEST(OpenSource, WithoutASpecAndWithoutACameraOpensTheDemo) {
  if (fs::exists("/dev/video0")) GTEST_SKIP() << "this machine has a camera";
  EXPECT_EQ(open("")->info().kind, "demo");
}

TEST(OpenSource, WithoutASpecAndWithoutACameraIsAnErrorWhereNothingMayStandIn) {
  if (fs::exists("/dev/video0")) GTEST_SKIP() << "this machine has a camera";
  SourceRequest requested;
  requested.allow_demo_fallback = false;
  try {
    open_source(requested);
    ADD_FAILURE() << "something was opened";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("camera:0"));
  }
}

TEST(OpenSource, NamesWhatIsNotThere) {
  EXPECT_THAT(refusal("nothing/here.mp4"), HasSubstr("There is no file nothing/here.mp4"));
  EXPECT_THAT(refusal("Demo"), HasSubstr("There is no file Demo"));
}

}  // namespace
}  // namespace mien::sources
