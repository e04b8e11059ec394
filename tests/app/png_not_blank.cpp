// png_not_blank FILE: whether a screenshot shows something. Exit code 0 when it does.
#include <cstdio>

#include <opencv2/imgcodecs.hpp>

int main(int argc, char** argv) {
  const cv::Mat picture = argc > 1 ? cv::imread(argv[1]) : cv::Mat();
  if (picture.empty()) {
    std::fprintf(stderr, "no picture\n");
    return 1;
  }
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(picture, mean, deviation);
  std::printf("%dx%d, mean %.1f, deviation %.1f\n", picture.cols, picture.rows, mean[0],
              deviation[0]);
  // An empty window is one dark colour; the demo's portrait is everything from black to white.
  return deviation[0] > 15 && picture.cols >= 640 ? 0 : 1;
}
