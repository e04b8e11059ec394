#include "mien/analysis/timing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/models/model_process.hpp"

namespace mien::analysis {

cv::Mat read_portrait() {
  const auto file = base::data_dir() / "assets" / "demo" / "astronaut.png";
  cv::Mat portrait = cv::imread(file.string(), cv::IMREAD_COLOR);
  if (portrait.empty()) {
    throw base::Error("The portrait " + file.string() + " cannot be read; install mien again.");
  }
  return portrait;
}

cv::Mat fitted(const cv::Mat& picture, cv::Size size) {
  const double scale = std::max(static_cast<double>(size.width) / picture.cols,
                                static_cast<double>(size.height) / picture.rows);
  const cv::Size part(std::min(picture.cols, cvRound(size.width / scale)),
                      std::min(picture.rows, cvRound(size.height / scale)));
  cv::Mat result;
  cv::resize(picture(cv::Rect({(picture.cols - part.width) / 2, 0}, part)), result, size, 0, 0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return result;
}

std::optional<StageSamples> time_stages(Analyzer& analyzer,
                                        const std::vector<cv::Mat>& pictures,
                                        const TimingPlan& plan) {
  const models::WaitInterruption leaving(plan.stop);
  StageSamples samples;
  for (int i = -plan.warm_up; i < plan.frames; ++i) {
    if (plan.stop()) return std::nullopt;
    if (i == 0) plan.begin();
    const auto number = static_cast<std::size_t>(i) + static_cast<std::size_t>(plan.warm_up);
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = number;
    frame->time = std::chrono::nanoseconds(
        std::llround(static_cast<double>(number) * plan.interval * 1e9));
    frame->arrived = std::chrono::steady_clock::now();
    frame->image = pictures[number % pictures.size()];
    base::AnalyzedFramePtr analysis;
    try {
      analysis = analyzer.analyze(frame);
    } catch (const models::ModelProcessEnded&) {
      if (plan.stop()) return std::nullopt;
      throw;
    }
    if (i < 0) continue;
    samples.faces += analysis->readings.size();
    samples.detect.push_back(analysis->times.detect);
    samples.align.push_back(analysis->times.align);
    samples.classify.push_back(analysis->times.classify);
    samples.mesh.push_back(analysis->times.mesh);
    samples.total.push_back(analysis->times.total);
  }
  return samples;
}

}  // namespace mien::analysis
