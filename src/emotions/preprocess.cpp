#include "preprocess.hpp"

#include <vector>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

namespace mien::emotions {

Preprocessor::Preprocessor(const models::ModelCard& card)
    : channels_(card.input.channels),
      layout_(card.input.layout),
      equalize_(card.input.equalize),
      size_(card.input.width, card.input.height) {
  const int count = channels_ == models::ModelCard::Channels::gray ? 1 : 3;
  for (int c = 0; c < count; ++c) {
    scale_[c] = card.rescale_factor / card.image_std.at(c);
    shift_[c] = -card.image_mean.at(c) / card.image_std.at(c);
  }
  const int nchw[] = {1, count, size_.height, size_.width};
  const int nhwc[] = {1, size_.height, size_.width, count};
  blob_.create(4, layout_ == models::ModelCard::Layout::nchw ? nchw : nhwc, CV_32F);
}

const cv::Mat& Preprocessor::operator()(const cv::Mat& face) {
  if (face.empty() || face.type() != CV_8UC3) {
    throw base::Error("A face cannot be read: its picture is empty or not in colour.");
  }
  const bool shrinks = face.cols > size_.width || face.rows > size_.height;
  if (face.size() == size_) {
    resized_ = face;
  } else {
    resized_ = cv::Mat();  // never into the caller's pixels, which the line above may have kept
    cv::resize(face, resized_, size_, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  }
  switch (channels_) {
    case models::ModelCard::Channels::gray:
      cv::cvtColor(resized_, converted_, cv::COLOR_BGR2GRAY);
      if (equalize_) cv::equalizeHist(converted_, converted_);
      break;
    case models::ModelCard::Channels::rgb:
      cv::cvtColor(resized_, converted_, cv::COLOR_BGR2RGB);
      break;
    case models::ModelCard::Channels::bgr:
      converted_ = resized_;
      break;
  }
  converted_.convertTo(floats_, CV_32F);
  cv::multiply(floats_, scale_, floats_);
  cv::add(floats_, shift_, floats_);

  const int count = floats_.channels();
  if (layout_ == models::ModelCard::Layout::nhwc || count == 1) {
    floats_.copyTo(cv::Mat(size_, CV_32FC(count), blob_.data));
  } else {
    std::vector<cv::Mat> planes;
    planes.reserve(static_cast<std::size_t>(count));
    for (int c = 0; c < count; ++c) planes.emplace_back(size_, CV_32F, blob_.ptr<float>(0, c));
    cv::split(floats_, planes);
  }
  return blob_;
}

}  // namespace mien::emotions
