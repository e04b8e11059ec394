#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mien::testing {

/// A port of this computer that the system chose. It is taken, so that nobody else gets it, and
/// nobody listens there until listen().
class LoopbackPort {
 public:
  LoopbackPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
  }
  ~LoopbackPort() { ::close(socket_); }
  LoopbackPort(const LoopbackPort&) = delete;
  LoopbackPort& operator=(const LoopbackPort&) = delete;

  void listen() { ::listen(socket_, 16); }
  int socket() const { return socket_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(number_); }

 private:
  const int socket_;
  int number_ = 0;
};

/// A TCP server on this computer, at a port that the system chose. Each client is answered by a
/// thread of its own, and its connection closed when the answer returns.
class LoopbackServer {
 public:
  /// One connection, as the answer sees it.
  class Client {
   public:
    Client(int socket, const std::atomic<bool>& stopping)
        : socket_(socket), stopping_(stopping) {}

    /// What came until an empty line; empty when the client has gone or the server stops.
    std::string receive_head() {
      for (;;) {
        if (const auto end = received_.find("\r\n\r\n"); end != std::string::npos) {
          std::string head = received_.substr(0, end + 4);
          received_.erase(0, end + 4);
          return head;
        }
        pollfd wait{socket_, POLLIN, 0};
        if (::poll(&wait, 1, 50) > 0) {
          char bytes[4096];
          const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
          if (count <= 0) return {};
          received_.append(bytes, static_cast<std::size_t>(count));
        }
        if (stopping_) return {};
      }
    }
    /// False when the client has gone or the server stops.
    bool send(std::string_view bytes) {
      while (!bytes.empty()) {
        if (stopping_) return false;
        pollfd wait{socket_, POLLOUT, 0};
        if (::poll(&wait, 1, 50) <= 0) continue;
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
      }
      return true;
    }
    bool stopping() const { return stopping_; }

   private:
    const int socket_;
    const std::atomic<bool>& stopping_;
    std::string received_;
  };
  using Answer = std::function<void(Client&)>;

  explicit LoopbackServer(Answer answer) : answer_(std::move(answer)) {
    port_.listen();
    thread_ = std::thread([this] { accept_all(); });
  }
  ~LoopbackServer() {
    stopping_ = true;
    thread_.join();
    for (auto& client : clients_) client.join();
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /// "127.0.0.1:PORT"
  std::string host() const { return port_.host(); }

 private:
  void accept_all() {
    while (!stopping_) {
      pollfd wait{port_.socket(), POLLIN, 0};
      if (::poll(&wait, 1, 50) <= 0) continue;
      const int socket = ::accept4(port_.socket(), nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      clients_.emplace_back([this, socket] {
        Client client(socket, stopping_);
        answer_(client);
        // Without this the bytes that the client has not taken yet would be lost.
        ::shutdown(socket, SHUT_WR);
        ::close(socket);
      });
    }
  }

  const Answer answer_;
  LoopbackPort port_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
  std::vector<std::thread> clients_;  ///< of thread_ until it has ended
};

/// A LoopbackServer that speaks HTTP: `page` gets each request's head ("GET /path ...").
class HttpServer : public LoopbackServer {
 public:
  using Page = std::function<void(Client&, const std::string& request)>;
  explicit HttpServer(Page page)
      : LoopbackServer([page = std::move(page)](Client& client) {
          const auto request = client.receive_head();
          if (!request.empty()) page(client, request);
        }) {}

  std::string url(const std::string& path) const { return "http://" + host() + path; }
};

}  // namespace mien::testing
