#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/thread_annotations.hpp"

#include "input_file.hpp"
#include "source_kind.hpp"

namespace mien::sources {
namespace {

using namespace std::chrono_literals;

constexpr int kFps = 30;
constexpr int kLoopFrames =
    12 * kFps;  // the camera path closes on itself, so the demo can loop
const cv::Size kSize{960, 540};

// The scene is the portrait and its mirror image side by side, joined along the middle of the
// shuttle model behind the astronaut: the seam falls on something that is symmetric by itself.
// All numbers below are in portrait pixels, those of the mirrored half going on to the right.
constexpr int kAxis = 419;
constexpr double kSceneScale =
    2.0;  // enlarged once, with a better filter than a frame can afford

struct View {
  double second;  // when the virtual camera gets there
  double x, y;    // middle of what it sees
  double width;   // how much it sees
};

// One face, closely; both; back.
constexpr std::array<View, 7> kPath{{{0.0, 228, 122, 420},
                                     {2.5, 236, 126, 392},
                                     {4.5, 419, 166, 590},
                                     {6.0, 424, 173, 622},
                                     {8.5, 414, 170, 604},
                                     {10.5, 230, 130, 440},
                                     {12.0, 228, 122, 420}}};

double smoothstep(double x) {
  x = std::clamp(x, 0.0, 1.0);
  return x * x * (3 - 2 * x);
}

View view_at(double second) {
  std::size_t next = 1;
  while (next + 1 < kPath.size() && kPath[next].second <= second) ++next;
  const View& a = kPath[next - 1];
  const View& b = kPath[next];
  const double s = smoothstep((second - a.second) / (b.second - a.second));
  return {second, std::lerp(a.x, b.x, s), std::lerp(a.y, b.y, s),
          std::lerp(a.width, b.width, s)};
}

// A wave that closes after the loop when `period` divides its 12 seconds.
double wave(double second, double period, double phase = 0) {
  return std::sin(2 * std::numbers::pi * (second / period + phase));
}

cv::Mat load_scene() {
  const auto file = base::data_dir() / "assets" / "demo" / "astronaut.png";
  const cv::Mat portrait = load_image(file);
  if (portrait.cols <= kAxis) {
    throw base::Error("The demo's portrait " + file.string() +
                      " is not the one it was made for; " + "install the program again.");
  }
  cv::Mat half;
  cv::resize(portrait.colRange(0, kAxis), half, {}, kSceneScale, kSceneScale,
             cv::INTER_LANCZOS4);
  cv::Mat mirrored;
  cv::flip(half, mirrored, 1);
  cv::Mat scene;
  cv::hconcat(half, mirrored, scene);

  // The second person stands where less light falls.
  cv::Mat light(1, scene.cols, CV_32FC3);
  for (int x = 0; x < scene.cols; ++x) {
    const double right = smoothstep((x / kSceneScale - kAxis + 30) / 90);
    const auto gain = static_cast<float>(std::lerp(1.0, 0.5, right));
    light.at<cv::Vec3f>(0, x) = {gain * 1.03F, gain, gain * 0.97F};
    if (right == 0) light.at<cv::Vec3f>(0, x) = {1, 1, 1};
  }
  for (int y = 0; y < scene.rows; ++y) {
    cv::Mat row = scene.row(y);
    cv::multiply(row, light, row, 1, CV_8U);
  }
  return scene;
}

class DemoSource : public FrameSource {
 public:
  explicit DemoSource(bool realtime) : scene_(load_scene()), realtime_(realtime) {
    info_.spec = "demo";
    info_.name = "demo";
    info_.kind = "demo";
    info_.size = kSize;
    info_.fps = kFps;
    info_.live = realtime;
    if (!realtime) info_.frame_count = kLoopFrames;
  }

  const SourceInfo& info() const override { return info_; }

  base::FramePtr read() override {
    if (!realtime_ && tick_ >= kLoopFrames) return nullptr;
    if (!wait_for_tick()) return nullptr;
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = sequence_++;
    frame->time = std::chrono::nanoseconds{1s} * tick_ / kFps;
    frame->image = draw(tick_ % kLoopFrames);
    frame->arrived = std::chrono::steady_clock::now();
    ++tick_;
    return frame;
  }

  void interrupt() noexcept override {
    {
      const base::MutexLock lock(mutex_);
      interrupted_ = true;
    }
    wake_.notify_all();
  }

 private:
  // False when interrupted. A reader that comes late (paused, or a busy machine) goes on with
  // the picture that is due now instead of hurrying through those that it missed.
  bool wait_for_tick() {
    const base::MutexLock lock(mutex_);
    if (!realtime_) return !interrupted_;
    const auto now = std::chrono::steady_clock::now();
    if (tick_ == 0) start_ = now;
    tick_ = std::max<std::int64_t>(tick_, (now - start_) * kFps / std::chrono::nanoseconds{1s});
    const auto due = start_ + std::chrono::nanoseconds{1s} * tick_ / kFps;
    while (!interrupted_ && wake_.wait_until(mutex_, due) == std::cv_status::no_timeout) {
    }
    return !interrupted_;
  }

  cv::Mat draw(std::int64_t index) const {
    const double t = static_cast<double>(index) / kFps;
    const View view = view_at(t);
    const double width = view.width * (1 + 0.012 * wave(t, 4, 0.25));
    const double x = (view.x + 5 * wave(t, 4)) * kSceneScale;
    const double y = (view.y + 3 * wave(t, 3)) * kSceneScale;
    const double roll = 1.1 * wave(t, 6) * std::numbers::pi / 180;

    // From a pixel of the frame to the place in the scene, which is what warpAffine wants.
    const double scale = width * kSceneScale / kSize.width;
    const double c = scale * std::cos(roll);
    const double s = scale * std::sin(roll);
    const double half_w = kSize.width / 2.0;
    const double half_h = kSize.height / 2.0;
    const cv::Matx23d to_scene(c, -s, x - c * half_w + s * half_h,  //
                               s, c, y - s * half_w - c * half_h);
    cv::Mat image;
    cv::warpAffine(scene_, image, to_scene, kSize, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REFLECT_101);

    // A cloud passes while both are seen.
    const double cloud = smoothstep((t - 5) / 1.0) * (1 - smoothstep((t - 7) / 1.5));
    const double light = (1 - 0.22 * cloud) * (0.99 + 0.01 * wave(t, 2));
    image.convertTo(image, CV_8U, light);
    return image;
  }

  const cv::Mat scene_;
  const bool realtime_;
  SourceInfo info_;
  std::uint64_t sequence_ = 0;
  std::int64_t tick_ = 0;  // of the frame that comes next
  std::chrono::steady_clock::time_point start_;

  base::Mutex mutex_;
  std::condition_variable_any wake_;
  bool interrupted_ MIEN_GUARDED_BY(mutex_) = false;
};

}  // namespace

SourceKind demo_source() {
  return {"demo", [](const std::string& spec) { return spec == "demo"; },
          [](const SourceRequest& request) -> std::unique_ptr<FrameSource> {
            return std::make_unique<DemoSource>(request.realtime);
          }};
}

}  // namespace mien::sources
