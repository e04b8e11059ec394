#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "support/http_server.hpp"

namespace mien::testing {

inline std::string jpeg_of(const cv::Mat& picture) {
  std::vector<unsigned char> bytes;
  cv::imencode(".jpg", picture, bytes);
  return {bytes.begin(), bytes.end()};
}

/// The start of an answer with pictures, each behind a line "--picture".
constexpr const char* kMjpegHead =
    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=picture\r\n\r\n";

/// One picture of such an answer; `length` is the one that is announced, which may be wrong.
inline std::string mjpeg_part(const std::string& jpeg, std::size_t length) {
  return "--picture\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(length) +
         "\r\n\r\n" + jpeg + "\r\n";
}
inline std::string mjpeg_part(const std::string& jpeg) { return mjpeg_part(jpeg, jpeg.size()); }

/// A network camera on this computer: answers any request with the same picture, over and over,
/// as Motion JPEG over HTTP.
class MjpegServer : public HttpServer {
 public:
  explicit MjpegServer(const cv::Mat& picture)
      : HttpServer([part = mjpeg_part(jpeg_of(picture))](Client& client, const std::string&) {
          bool there = client.send(kMjpegHead);
          while (there) {
            there = client.send(part);
            std::this_thread::sleep_for(std::chrono::milliseconds{40});
          }
        }) {}
};

}  // namespace mien::testing
