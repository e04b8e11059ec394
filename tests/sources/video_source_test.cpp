#include <map>

#include <gmock/gmock.h>

#include "test_media.hpp"

namespace mien::sources {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

TEST(VideoSource, GivesEveryFrameWithItsTime) {
  const TempFolder folder;
  for (const char* name : {"clip.avi", "clip.mp4", "clip.mkv"}) {
    const fs::path file = folder / name;
    ASSERT_NO_FATAL_FAILURE(write_clip(file, 20, 25));
    const auto source = open(file.string());
    EXPECT_EQ(source->info().kind, "video");
    EXPECT_EQ(source->info().name, name);
    EXPECT_EQ(source->info().size, cv::Size(160, 120));
    EXPECT_NEAR(source->info().fps, 25, 0.1);
    EXPECT_FALSE(source->info().format.empty());
    EXPECT_FALSE(source->info().live);
    const auto frames = read_all(*source);
    ASSERT_EQ(frames.size(), 20U) << name;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames[i]->sequence, i);
      EXPECT_NEAR(std::chrono::duration<double>(frames[i]->time).count(), i / 25.0, 0.002)
          << name;
      EXPECT_NEAR(mean_of(frames[i]->image), 20 + 6.0 * i, 4) << name;
    }
    EXPECT_EQ(source->read(), nullptr);
  }
}

TEST(VideoSource, FramesStayAsTheyWere) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_clip(folder / "clip.avi", 10));
  const auto source = open((folder / "clip.avi").string());
  const base::FramePtr first = source->read();
  const cv::Mat kept = first->image.clone();
  read_all(*source);
  EXPECT_EQ(cv::norm(first->image, kept, cv::NORM_INF), 0);
}

TEST(VideoSource, KeepsTheTimesOfAVideoWithAVaryingRate) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "varying.mkv").string();
  // Ten frames 40 ms apart, then ten 200 ms apart.
  ASSERT_TRUE(
      run_ffmpeg("-f lavfi -i testsrc=r=25:d=0.8:s=64x48 -vf "
                 "\"setpts='if(lt(N,10),N*0.04,0.4+(N-10)*0.2)/TB'\" -vsync passthrough "
                 "-enc_time_base -1 -c:v mjpeg " +
                 file));
  const auto frames = read_all(*open(file));
  ASSERT_EQ(frames.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    const double expected = i < 10 ? i * 0.04 : 0.4 + (i - 10) * 0.2;
    EXPECT_NEAR(std::chrono::duration<double>(frames[i]->time).count(), expected, 0.005) << i;
  }
}

TEST(VideoSource, CountsFromTheFirstFrameOfAFileThatStartsLate) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "late.mkv").string();
  ASSERT_TRUE(
      run_ffmpeg("-f lavfi -i testsrc=r=25:d=0.4:s=64x48 -c:v mjpeg "
                 "-output_ts_offset 7 " +
                 file));
  const auto frames = read_all(*open(file));
  ASSERT_EQ(frames.size(), 10U);
  EXPECT_EQ(frames[0]->time, 0ns);
  EXPECT_NEAR(std::chrono::duration<double>(frames[9]->time).count(), 0.36, 0.005);
}

TEST(VideoSource, TurnsAPhonesVideoUpright) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string flat = (folder / "flat.mp4").string();
  const std::string turned = (folder / "turned.mp4").string();
  ASSERT_NO_FATAL_FAILURE(write_clip(flat, 5));
  // The option of FFmpeg 6 and later, or the one of those before.
  ASSERT_TRUE(run_ffmpeg("-display_rotation 90 -i " + flat + " -c copy " + turned) ||
              run_ffmpeg("-i " + flat + " -c copy -metadata:s:v rotate=90 " + turned));
  const auto source = open(turned);
  EXPECT_EQ(source->info().size, cv::Size(120, 160));
  EXPECT_EQ(source->read()->image.size(), cv::Size(120, 160));
}

TEST(VideoSource, PlaysACutFileUntilWhereItBreaks) {
  const TempFolder folder;
  const fs::path file = folder / "cut.avi";
  ASSERT_NO_FATAL_FAILURE(write_clip(file, 20));
  const std::string bytes = read_file(file);
  write_file(file, bytes.substr(0, bytes.size() * 6 / 10));
  const auto frames = read_all(*open(file.string()));
  EXPECT_GE(frames.size(), 3U);
  EXPECT_LT(frames.size(), 20U);
  EXPECT_NEAR(mean_of(frames[1]->image), 26, 4);
}

std::vector<double> seconds_of(const std::vector<base::FramePtr>& frames) {
  std::vector<double> seconds;
  for (const auto& frame : frames) {
    seconds.push_back(std::chrono::duration<double>(frame->time).count());
  }
  return seconds;
}

// The oracle: FFmpeg's own tool, which reads the same container.
std::vector<double> seconds_by_ffprobe(const std::string& file) {
  const std::string list = file + ".times";
  EXPECT_EQ(std::system(("ffprobe -v error -select_streams v -show_entries "
                         "frame=best_effort_timestamp_time -of csv=p=0 " +
                         file + " > " + list)
                            .c_str()),
            0);
  std::vector<double> seconds;
  std::ifstream in(list);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) seconds.push_back(std::stod(line));
  }
  const double first = seconds.empty() ? 0 : seconds.front();
  for (double& second : seconds) second -= first;
  return seconds;
}

TEST(VideoSource, GivesEveryFrameTheContainersTimeWithBFramesAndASlowEnd) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string slow_end =
      "-f lavfi -i testsrc=r=25:d=2:s=96x64 -vf "
      "\"setpts='if(lt(N,45),N*0.04,1.8+(N-44)*1.7)/TB'\" -vsync passthrough ";
  for (const char* name : {"a.mp4", "b.mov", "c.mkv", "d.ts"}) {
    const std::string file = (folder / name).string();
    ASSERT_TRUE(run_ffmpeg(slow_end + "-c:v libx264 -bf 3 -pix_fmt yuv420p " + file));
    const auto source = open(file);
    const auto times = seconds_of(read_all(*source));
    const auto expected = seconds_by_ffprobe(file);
    ASSERT_EQ(times.size(), expected.size()) << name;
    ASSERT_GE(times.size(), 49U) << name;
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_NEAR(times[i], expected[i], 0.0011) << name << " frame " << i;
    }
    // FFmpeg 7 writes an edit list into MP4 and MOV that leaves the last frame out.
    const int slow = times.size() == 50 ? 5 : 4;
    EXPECT_NEAR(times.back() - times.front(), 1.8 + slow * 1.7, 0.05) << name;
    EXPECT_EQ(source->damage(), "") << name;
  }
}

TEST(VideoSource, FollowsASizeThatChanges) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const auto path = [&](const std::string& name) { return (folder / name).string(); };
  for (const char* ending : {"h264", "ts"}) {
    const std::string dot = std::string(".") + ending;
    ASSERT_TRUE(
        run_ffmpeg("-f lavfi -i color=red:r=25:d=1:s=160x120 -c:v libx264 -pix_fmt yuv420p " +
                   path("1" + dot)));
    ASSERT_TRUE(
        run_ffmpeg("-f lavfi -i color=blue:r=25:d=1:s=320x240 -output_ts_offset 1 -c:v libx264 "
                   "-pix_fmt yuv420p " +
                   path("2" + dot)));
    write_file(path("all" + dot), read_file(path("1" + dot)) + read_file(path("2" + dot)));
    const auto frames = read_all(*open(path("all" + dot)));
    ASSERT_GE(frames.size(), 48U) << ending;
    const auto& first = frames.front()->image;
    const auto& last = frames.back()->image;
    EXPECT_EQ(first.size(), cv::Size(160, 120)) << ending;
    EXPECT_EQ(last.size(), cv::Size(320, 240)) << ending;
    EXPECT_GT(cv::mean(first)[2], 200) << "red: " << ending;
    EXPECT_GT(cv::mean(last)[0], 200) << "blue: " << ending;
    const auto reds = std::count_if(
        frames.begin(), frames.end(),
        [](const base::FramePtr& frame) { return cv::mean(frame->image)[2] > 200; });
    EXPECT_NEAR(static_cast<double>(reds), frames.size() / 2.0, 1) << ending;
  }
}

TEST(VideoSource, MakesPixelsSquare) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  for (const auto& [ratio, size] : {std::pair<std::string, cv::Size>{"16/9", {284, 120}},
                                    {"1/2", {160, 240}},
                                    {"1", {160, 120}}}) {
    const std::string file = (folder / "clip.mp4").string();
    ASSERT_TRUE(run_ffmpeg("-f lavfi -i testsrc=r=25:d=0.2:s=160x120 -vf setsar=" + ratio +
                           " -c:v libx264 -pix_fmt yuv420p " + file));
    const auto source = open(file);
    EXPECT_EQ(source->info().size, size) << ratio;
    EXPECT_EQ(source->read()->image.size(), size) << ratio;
  }
}

TEST(VideoSource, SaysThatAFilmBreaksOff) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::map<std::string, std::string> codecs = {{".wmv", "wmv2"},
                                                     {".flv", "flv1"},
                                                     {".ogv", "libtheora"},
                                                     {".gif", "gif"},
                                                     {".png", "apng"}};
  for (const char* name : {"a.mp4", "b.mkv", "c.avi", "d.ts", "e.mov", "f.wmv", "g.flv",
                           "h.ogv", "i.gif", "j.png"}) {
    const fs::path file = folder / name;
    const auto known = codecs.find(file.extension());
    const std::string codec = known != codecs.end() ? known->second : "mpeg4";
    const bool silent = codec == "gif" || codec == "apng";
    ASSERT_TRUE(run_ffmpeg("-f lavfi -i testsrc=r=25:d=4:s=160x120 " +
                           std::string(silent ? "" : "-f lavfi -i sine=d=4 ") +
                           (codec == "apng" ? "-f apng " : "") + "-c:v " + codec +
                           (file.extension() == ".mp4" || file.extension() == ".mov"
                                ? " -movflags +faststart "
                                : " ") +
                           file.string()));
    const auto whole = open(file.string());
    const auto count = read_all(*whole).size();
    EXPECT_EQ(count, 100U) << name;
    EXPECT_EQ(whole->damage(), "") << name;

    const std::string bytes = read_file(file);
    write_file(file, bytes.substr(0, bytes.size() * 6 / 10 + 1));
    const auto cut = open(file.string());
    const auto left = read_all(*cut).size();
    EXPECT_LT(left, count) << name;
    EXPECT_GT(left, 10U) << name;
    EXPECT_THAT(cut->damage(), HasSubstr("ends early, after " + std::to_string(left))) << name;
  }
}

TEST(VideoSource, GoesOnWhereFilmsWereJoined) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  // A second each: the clock of the second one starts anew, less than two seconds back.
  for (const char* name : {"a.ts", "b.mpg"}) {
    const fs::path file = folder / name;
    ASSERT_TRUE(run_ffmpeg("-f lavfi -i testsrc=r=25:d=1:s=160x120 -c:v mpeg2video -bf 0 " +
                           file.string()));
    const std::string bytes = read_file(file);
    write_file(file, bytes + bytes);
    const auto times = seconds_of(read_all(*open(file.string())));
    ASSERT_GE(times.size(), 48U) << name;
    for (std::size_t i = 1; i < times.size(); ++i) {
      EXPECT_NEAR(times[i] - times[i - 1], 0.04, 0.02) << name << " frame " << i;
    }
  }
}

TEST(VideoSource, CountsDamagedFrames) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  for (const char* name : {"a.mp4", "b.mkv"}) {
    const fs::path file = folder / name;
    ASSERT_TRUE(
        run_ffmpeg("-f lavfi -i testsrc2=r=25:d=4:s=320x240 -c:v libx264 -pix_fmt yuv420p "
                   "-movflags +faststart " +
                   file.string()));
    std::string bytes = read_file(file);
    for (std::size_t i = 0; i < 3000; ++i) {
      bytes[bytes.size() / 2 + i] = static_cast<char>(i * 37 + i / 7);
    }
    write_file(file, bytes);
    const auto source = open(file.string());
    EXPECT_GT(read_all(*source).size(), 30U) << name;
    EXPECT_THAT(source->damage(), HasSubstr("copy it again")) << name;
  }
}

TEST(VideoSource, AnAttachedPictureIsNoFilm) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  cv::imwrite(path("cover.jpg"), picture({64, 64}, 200));
  ASSERT_TRUE(run_ffmpeg("-f lavfi -i sine=d=1 -i " + path("cover.jpg") +
                         " -map 0 -map 1 -c:v copy -disposition:v:0 attached_pic " +
                         path("song.m4a")));
  EXPECT_THAT(refusal(path("song.m4a")), HasSubstr("a cover picture, but no video"));
  ASSERT_TRUE(
      run_ffmpeg("-i " + path("cover.jpg") + " -f lavfi -i testsrc=r=25:d=1:s=160x120 " +
                 "-map 0 -map 1 -c:v:0 copy -c:v:1 mpeg4 -disposition:v:0 attached_pic " +
                 path("film.mp4")));
  EXPECT_EQ(read_all(*open(path("film.mp4"))).size(), 25U);
}

TEST(VideoSource, LaysWhatIsTransparentOnWhite) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "clear.mov").string();
  ASSERT_TRUE(
      run_ffmpeg("-f lavfi -i \"color=red:r=25:d=0.2:s=64x48,format=rgba,"
                 "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,32),0,255)'\" -c:v qtrle " +
                 file));
  const auto frame = open(file)->read();
  EXPECT_EQ(frame->image.at<cv::Vec3b>(20, 10), cv::Vec3b(255, 255, 255));
  EXPECT_GT(frame->image.at<cv::Vec3b>(20, 50)[2], 200);
  EXPECT_LT(frame->image.at<cv::Vec3b>(20, 50)[0], 60);
}

TEST(VideoSource, PlaysWhatMovesThoughItLooksLikeAPicture) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  for (const char* name : {"a.png -f apng", "b.gif", "c.mjpeg", "d.webp -c:v libwebp_anim"}) {
    const std::string file =
        (folder / std::string(name).substr(0, std::string(name).find(' '))).string();
    const std::string rest = std::string(name).substr(
        std::min(std::string(name).find(' '), std::string(name).size()));
    const std::string options = rest.starts_with(" -f") ? rest : "";
    const std::string codec = rest.starts_with(" -c") ? rest : "";
    ASSERT_TRUE(
        run_ffmpeg("-f lavfi -i testsrc=r=5:d=2:s=64x48 -plays 0 " + options + codec + " " +
                   file) ||
        run_ffmpeg("-f lavfi -i testsrc=r=5:d=2:s=64x48 " + options + codec + " " + file));
    const auto source = open(file);
    EXPECT_EQ(source->info().kind, "video") << name;
    const auto times = seconds_of(read_all(*source));
    ASSERT_EQ(times.size(), 10U) << name;
    if (file.ends_with(".mjpeg")) continue;  // has no times of its own
    for (std::size_t i = 0; i < times.size(); ++i)
      EXPECT_NEAR(times[i], i * 0.2, 0.011) << name;
  }
}

TEST(VideoSource, SaysWhatIsWrongWithABadFile) {
  const TempFolder folder;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  write_file(path("empty.mp4"), "");
  write_file(path("text.mp4"), "this is not a video at all\n");
  write_file(path("text.txt"), "FFmpeg would play this as an animation of letters\n");
  write_file(path("noise.mp4"), std::string(5000, '\x9b'));
  write_clip(path("cut.mp4"), 20);
  const std::string bytes = read_file(path("cut.mp4"));
  write_file(path("cut.mp4"), bytes.substr(0, bytes.size() / 2));  // its index is at the end

  EXPECT_THAT(refusal(path("missing.mp4")), HasSubstr("There is no file"));
  EXPECT_THAT(refusal(path("empty.mp4")), HasSubstr("is empty"));
  for (const char* name : {"text.mp4", "text.txt", "noise.mp4", "cut.mp4"}) {
    EXPECT_THAT(refusal(path(name)),
                HasSubstr("The video " + path(name) + " cannot be played"));
  }
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("is not a file"));
  EXPECT_THAT(refusal(path("empty.mp4") + "/deeper.mp4"), HasSubstr("There is no file"));
}

TEST(VideoSource, RefusesSound) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "sound.wav").string();
  ASSERT_TRUE(run_ffmpeg("-f lavfi -i sine=d=1 " + file));
  EXPECT_THAT(refusal(file), HasSubstr("cannot be played"));
}

TEST(VideoSource, TakesAColonInAFilesNameForAColon) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_clip(folder / "clip.avi", 3));
  fs::rename(folder / "clip.avi", folder / "file:12.avi");
  const fs::path before = fs::current_path();
  fs::current_path(folder.string());
  EXPECT_EQ(read_all(*open("file:12.avi")).size(), 3U);
  fs::current_path(before);
}

TEST(VideoSource, EndsSoonAfterInterrupt) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_clip(folder / "clip.avi", 10));
  const auto source = open((folder / "clip.avi").string());
  EXPECT_NE(source->read(), nullptr);
  source->interrupt();
  EXPECT_EQ(source->read(), nullptr);
}

}  // namespace
}  // namespace mien::sources
