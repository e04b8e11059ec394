#include "mien/sources/cameras.hpp"

#include "camera_choice.hpp"
#include "test_media.hpp"

namespace mien::sources {
namespace {

const std::vector<CameraMode> kWebcam = {{{1920, 1080}, 30, "MJPG"}, {{1280, 720}, 30, "MJPG"},
                                         {{640, 480}, 60, "MJPG"},   {{640, 480}, 30, "MJPG"},
                                         {{1280, 720}, 10, "YUYV"},  {{640, 480}, 30, "YUYV"}};

TEST(CameraModeText, GoesThereAndBack) {
  for (const CameraMode& mode :
       {CameraMode{{1280, 720}, 30, "MJPG"}, CameraMode{{640, 480}, 7.5, "YUYV"},
        CameraMode{{320, 240}, 29.97, "NV12"}, CameraMode{{320, 240}, 0, "YUYV"}}) {
    EXPECT_EQ(parse_camera_mode(to_string(mode)), mode) << to_string(mode);
  }
  EXPECT_EQ(to_string({{1280, 720}, 30, "MJPG"}), "1280x720@30 MJPG");
}

TEST(CameraModeText, RefusesWhatIsNone) {
  for (const char* text :
       {"", "1280", "1280x720", "1280x720@30", "0x720@30 MJPG", "-1x-1@30 MJPG",
        "1280x720@0 MJPG", "1280x720@nan MJPG", "1280x720@30 MJ", "1280x720@30 MJPGX",
        "1280x720@30 MJPG and more", "99999x720@30 MJPG", "1280x720@ MJPG", "1280@30x720 MJPG",
        "1280x720@30,5 MJPG", "1280x720@30  MJPG", "1280x720@30 MJ\xC3\x9F"}) {
    EXPECT_THROW(parse_camera_mode(text), base::Error) << text;
  }
}

TEST(ChooseMode, DefaultsTo720pMjpg) { EXPECT_EQ(choose_mode(kWebcam, {}), kWebcam[1]); }

TEST(ChooseMode, TakesTheRequestedModeWhenAvailable) {
  for (const CameraMode& mode : kWebcam) EXPECT_EQ(choose_mode(kWebcam, mode), mode);
}

TEST(ChooseMode, TakesTheNearestSize) {
  EXPECT_EQ(choose_mode(kWebcam, CameraMode{{3840, 2160}, 30, "MJPG"}), kWebcam[0]);
  EXPECT_EQ(choose_mode(kWebcam, CameraMode{{160, 120}, 60, "MJPG"}), kWebcam[2]);
}

TEST(ChooseMode, PrefersASmallSmoothPictureToALargeChoppyOne) {
  const std::vector<CameraMode> raw(kWebcam.begin() + 4, kWebcam.end());
  EXPECT_EQ(choose_mode(raw, {}), kWebcam[5]);
}

TEST(ChooseMode, TakesAModeWhoseRateIsNotTold) {
  const std::vector<CameraMode> modes = {{{640, 480}, 0, "YUYV"}, {{1280, 720}, 5, "YUYV"}};
  EXPECT_EQ(choose_mode(modes, {}), modes[0]);
  EXPECT_EQ(choose_mode(modes, modes[0]), modes[0]);
}

TEST(ChooseMode, HasNothingToChooseFromNothing) {
  EXPECT_EQ(choose_mode({}, {}), std::nullopt);
}

}  // namespace
}  // namespace mien::sources
