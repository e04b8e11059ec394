#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <netinet/in.h>
#include <string>
#include <thread>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mien::testing {

/// A network camera on this computer: answers any request with the same picture, over and over,
/// as Motion JPEG over HTTP. One client at a time.
class MjpegServer {
 public:
  explicit MjpegServer(const cv::Mat& picture) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    cv::imencode(".jpg", picture, jpeg_);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(socket_, 4);
    thread_ = std::thread([this] { run(); });
  }
  ~MjpegServer() {
    stopping_ = true;
    thread_.join();
    ::close(socket_);
  }
  MjpegServer(const MjpegServer&) = delete;
  MjpegServer& operator=(const MjpegServer&) = delete;

  /// "127.0.0.1:PORT"
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void run() {
    while (!stopping_) {
      pollfd wait{socket_, POLLIN, 0};
      if (::poll(&wait, 1, 50) <= 0) continue;
      const int client = ::accept(socket_, nullptr, nullptr);
      serve(client);
      ::close(client);
    }
  }

  void serve(int client) {
    char request[4096];
    if (::recv(client, request, sizeof request, 0) <= 0) return;
    if (!send(client,
              "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; "
              "boundary=picture\r\n\r\n")) {
      return;
    }
    const std::string part = "--picture\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                             std::to_string(jpeg_.size()) + "\r\n\r\n" +
                             std::string(jpeg_.begin(), jpeg_.end()) + "\r\n";
    while (!stopping_ && send(client, part)) {
      std::this_thread::sleep_for(std::chrono::milliseconds{40});
    }
  }

  static bool send(int client, const std::string& text) {
    return ::send(client, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

  std::vector<unsigned char> jpeg_;
  int socket_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace mien::testing
