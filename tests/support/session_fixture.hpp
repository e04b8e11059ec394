#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/base/movements.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/reports/report.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

namespace mien::testing {

/// A folder that goes with the test.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    av_log_set_level(AV_LOG_QUIET);
    std::string name = (std::filesystem::temp_directory_path() / "mien-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  ~SessionTest() override {
    std::error_code code;
    std::filesystem::permissions(root_, std::filesystem::perms::owner_all, code);
    std::filesystem::remove_all(root_, code);
  }

  recording::SessionOptions options(const std::string& name = "session") const {
    recording::SessionOptions result;
    result.folder = root_ / name;
    result.make_report = reports::make_report;
    result.model.id = "fake";
    result.model.labels = {"neutral", "happiness", "sadness"};
    result.model.document = {{"id", "fake"}, {"license", "MIT"}};
    result.detector_id = "fake-detector";
    result.source.spec = "rtsp://ann:secret@camera.example/live";
    result.source.name = "camera";
    result.settings = {{"input", "http://ann:secret@camera.example/x"},
                       {"others", {{"url", "http://camera.example/x?token=secret"}}}};
    result.source.kind = "stream";
    result.source.fps = 30;
    return result;
  }

  std::filesystem::path root_;
};

inline std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline nlohmann::json document(const std::filesystem::path& folder) {
  return nlohmann::json::parse(contents(folder / "session.json"));
}

inline std::vector<std::string> lines(const std::filesystem::path& file) {
  std::istringstream in(contents(file));
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    result.push_back(line);
  }
  return result;
}

/// Splits a row that has no quoted fields.
inline std::vector<std::string> cells(const std::string& row) {
  std::vector<std::string> result(1);
  for (const char c : row) {
    if (c == ',') {
      result.emplace_back();
    } else {
      result.back() += c;
    }
  }
  return result;
}

/// A picture with something in it, so that encoders have work to do.
inline cv::Mat picture(cv::Size size, int number) {
  cv::Mat image(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      image.at<cv::Vec3b>(y, x) = cv::Vec3b(static_cast<uchar>(x + number),
                                            static_cast<uchar>(y), static_cast<uchar>(90));
    }
  }
  return image;
}

inline base::FaceReading reading(int person, cv::Rect2f box, std::vector<float> probabilities) {
  base::FaceReading result;
  result.face.box = box;
  result.face.confidence = 0.875F;
  result.person = person;
  result.raw = probabilities;
  result.smoothed = std::move(probabilities);
  for (std::size_t i = 0; i < result.smoothed.size(); ++i) {
    if (result.smoothed[i] > result.verdict.certainty) {
      result.verdict.label = static_cast<int>(i);
      result.verdict.certainty = result.smoothed[i];
    }
  }
  if (result.verdict.certainty < 0.4F) result.verdict.doubt = base::Doubt::low_probability;
  result.valence = 0.5F;
  return result;
}

/// What was measured of a face in that box: a mesh on a grid that fills it, with two lines, and
/// all movements alike; who turns by less than 10 degrees looks at the camera.
inline base::FaceGeometry measured_face(const cv::Rect2f& box, float yaw, float movement) {
  constexpr int kAcross = 26, kDown = 18;
  base::FaceGeometry geometry;
  geometry.mesh.presence = 0.99F;
  for (int i = 0; i < base::kMeshPoints; ++i) {
    const auto column = static_cast<float>(i % kAcross), row = static_cast<float>(i / kAcross);
    geometry.mesh.points.emplace_back(box.x + box.width * column / (kAcross - 1),
                                      box.y + box.height * row / (kDown - 1), 0.F);
  }
  geometry.mesh.lines =
      std::make_shared<const std::vector<std::pair<int, int>>>(std::vector<std::pair<int, int>>{
          {0, base::kMeshPoints - 1}, {kAcross - 1, base::kMeshPoints - kAcross}});
  geometry.pose = base::HeadPose{5, yaw, -3, {10, -20, 600}};
  geometry.movements.assign(base::movements().size(), movement);
  geometry.eyes.opening = 1;
  geometry.towards_camera = std::abs(yaw) < 10;
  return geometry;
}

inline base::AnalyzedFrame analysed(cv::Mat image, std::chrono::nanoseconds time,
                                    std::vector<base::FaceReading> readings = {},
                                    std::vector<std::string> labels = {"neutral", "happiness",
                                                                       "sadness"}) {
  auto frame = std::make_shared<base::Frame>();
  frame->time = time;
  frame->image = std::move(image);
  base::AnalyzedFrame result;
  result.frame = std::move(frame);
  result.readings = std::move(readings);
  result.labels = std::make_shared<const std::vector<std::string>>(std::move(labels));
  result.model_id = "fake";
  result.detector_id = "fake-detector";
  return result;
}

/// What is in a video file, read with libav as any player would.
struct VideoContents {
  std::vector<std::int64_t> milliseconds;  ///< of every decoded frame
  std::string codec;
  int width = 0;
  int height = 0;
};

inline VideoContents read_video(const std::filesystem::path& file) {
  VideoContents result;
  AVFormatContext* format = nullptr;
  EXPECT_EQ(avformat_open_input(&format, file.c_str(), nullptr, nullptr), 0) << file;
  if (format == nullptr) return result;
  EXPECT_GE(avformat_find_stream_info(format, nullptr), 0);
  EXPECT_EQ(format->nb_streams, 1U);
  const AVStream* stream = format->streams[0];
  const AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
  AVCodecContext* context = avcodec_alloc_context3(codec);
  avcodec_parameters_to_context(context, stream->codecpar);
  EXPECT_EQ(avcodec_open2(context, codec, nullptr), 0);
  result.codec = codec->name;
  result.width = context->width;
  result.height = context->height;
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  const auto receive = [&] {
    while (avcodec_receive_frame(context, frame) == 0) {
      result.milliseconds.push_back(
          av_rescale_q(frame->best_effort_timestamp, stream->time_base, {1, 1000}));
    }
  };
  while (av_read_frame(format, packet) == 0) {
    EXPECT_EQ(avcodec_send_packet(context, packet), 0);
    av_packet_unref(packet);
    receive();
  }
  avcodec_send_packet(context, nullptr);
  receive();
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&context);
  avformat_close_input(&format);
  return result;
}

}  // namespace mien::testing
