#include "mien/system/line_server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <list>
#include <optional>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mien/system/files.hpp"
#include "mien/system/message_socket.hpp"

#include "native.hpp"

namespace mien::system {
namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kWaitingClients = 64;
constexpr std::size_t kLongestAnswer = std::size_t{64} * 1024;

/// Nothing when the name is too long for a socket.
std::optional<sockaddr_un> address_of(const std::filesystem::path& file) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = file.native();
  if (name.empty() || name.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, name.data(), name.size());
  return address;
}

FileHandle new_socket() {
  return FileHandle(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

std::error_code connect_to(const FileHandle& socket, const sockaddr_un& address) {
  const int result = ::connect(descriptor_of(socket),
                               reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return result == 0 ? std::error_code() : last_error();
}

/// Whether the name is that of a server which has ended.
bool is_left_over(const std::filesystem::path& file) {
  const auto address = address_of(file);
  struct stat status {};
  if (!address || ::lstat(file.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return false;
  }
  return connect_to(new_socket(), *address) == std::errc::connection_refused;
}

/// Others may not ask, even where they can reach the name.
bool is_own_user(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == ::geteuid() || peer.uid == 0);
}

}  // namespace

/// One program that asks.
class LineServer::Client {
 public:
  Client(FileHandle handle, SteadyClock::time_point deadline)
      : descriptor_(descriptor_of(handle)), socket_(std::move(handle)), deadline_(deadline) {}

  int descriptor() const { return descriptor_; }
  short wanted() const { return answering_ ? POLLOUT : POLLIN; }
  SteadyClock::time_point deadline() const { return deadline_; }

  /// Reads or writes what can be read or written now. False when it is through with it.
  bool go_on(const std::function<std::string(std::string_view)>& answer,
             const std::string& unfinished, std::size_t most) {
    std::error_code error;
    while (!answering_) {
      char bytes[1024];
      const std::size_t got = socket_.receive(
          bytes, std::min(sizeof bytes, most + 1 - text_.size()), nullptr, error);
      if (error == std::errc::operation_would_block) return true;
      if (error || (got == 0 && text_.empty())) return false;
      text_.append(bytes, got);
      const auto end = text_.find('\n');
      const bool whole = end != std::string::npos && end < most;
      if (!whole && got > 0 && text_.size() <= most) continue;
      text_ = (whole ? answer(std::string_view(text_).substr(0, end)) : unfinished) + '\n';
      answering_ = true;
    }
    const std::size_t sent = socket_.send(text_, nullptr, error);
    if (error == std::errc::operation_would_block) return true;
    if (error) return false;
    text_.erase(0, sent);
    return !text_.empty();
  }

 private:
  int descriptor_;
  MessageSocket socket_;
  SteadyClock::time_point deadline_;
  bool answering_ = false;
  std::string text_;  ///< what came so far; then what of the answer is left
};

LineServer::LineServer(LineLimits limits)
    : limits_(limits), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

LineServer::~LineServer() {
  if (listening_.valid()) ::unlink(file_.c_str());
}

std::error_code LineServer::open(const std::filesystem::path& file) {
  // It listens before it has its name: whatever has one and refuses was left over.
  auto nameless = file;
  nameless += "~";
  const auto address = address_of(nameless);
  if (!address) return std::make_error_code(std::errc::filename_too_long);
  if (!wake_.valid()) return std::make_error_code(std::errc::too_many_files_open);
  auto socket = new_socket();
  if (!socket.valid()) return last_error();
  // The name has these rights from its first moment.
  if (::fchmod(descriptor_of(socket), 0600) != 0) return last_error();
  remove_left_over_server(nameless);
  if (::bind(descriptor_of(socket), reinterpret_cast<const sockaddr*>(&*address),
             sizeof *address) != 0) {
    return last_error();
  }
  std::error_code error;
  if (::listen(descriptor_of(socket), kWaitingClients) != 0) {
    error = last_error();
  } else {
    error = rename_new(nameless, file);
    if (error == std::errc::file_exists && remove_left_over_server(file)) {
      error = rename_new(nameless, file);
    }
  }
  if (error) {
    ::unlink(nameless.c_str());
    return error == std::errc::file_exists ? std::make_error_code(std::errc::address_in_use)
                                           : error;
  }
  file_ = file;
  listening_ = std::move(socket);
  return {};
}

void LineServer::serve(const std::function<std::string(std::string_view)>& answer,
                       const std::string& unfinished) {
  std::list<Client> clients;  // whoever came first stands first
  for (;;) {
    std::vector<pollfd> wanted = {{descriptor_of(wake_), POLLIN, 0},
                                  {descriptor_of(listening_), POLLIN, 0}};
    for (const auto& client : clients) {
      wanted.push_back({client.descriptor(), client.wanted(), 0});
    }
    int wait = -1;
    if (!clients.empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          clients.front().deadline() - SteadyClock::now());
      wait = static_cast<int>(std::max(left, 0ms).count());
    }
    const int ready = ::poll(wanted.data(), wanted.size(), wait);
    if (ready < 0 && errno != EINTR && errno != EAGAIN) return;
    if (ready > 0 && wanted[0].revents != 0) return;
    std::size_t at = 2;
    for (auto client = clients.begin(); client != clients.end(); ++at) {
      const bool due = ready > 0 && wanted[at].revents != 0;
      const bool stays = due ? client->go_on(answer, unfinished, limits_.bytes) : true;
      client = stays && client->deadline() > SteadyClock::now() ? std::next(client)
                                                                : clients.erase(client);
    }
    if (ready <= 0 || wanted[1].revents == 0) continue;
    FileHandle came(
        ::accept4(descriptor_of(listening_), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!came.valid()) {
      // None left to open: somebody who waits gives theirs, else it would be tried for ever.
      if (errno != EMFILE && errno != ENFILE) continue;
      if (!clients.empty()) clients.pop_front();
      ::poll(nullptr, 0, 10);
      continue;
    }
    if (!is_own_user(descriptor_of(came))) continue;
    if (clients.size() >= limits_.clients) clients.pop_front();
    clients.emplace_back(std::move(came), SteadyClock::now() + limits_.patience);
  }
}

void LineServer::interrupt() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor_of(wake_), &one, sizeof one);
}

bool remove_left_over_server(const std::filesystem::path& file) {
  return is_left_over(file) && ::unlink(file.c_str()) == 0;
}

std::string ask_line(const std::filesystem::path& file, std::string_view line,
                     std::chrono::milliseconds at_most, std::error_code& error) {
  const auto deadline = SteadyClock::now() + at_most;
  const auto address = address_of(file);
  if (!address) {
    error = std::make_error_code(std::errc::filename_too_long);
    return {};
  }
  auto handle = new_socket();
  error = handle.valid() ? connect_to(handle, *address) : last_error();
  if (error) return {};
  if (!is_own_user(descriptor_of(handle))) {
    error = std::make_error_code(std::errc::permission_denied);
    return {};
  }
  MessageSocket socket(std::move(handle));
  const auto wait = [&](MessageSocket::Ready what) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (left <= 0ms) error = std::make_error_code(std::errc::timed_out);
    return !error && (socket.wait(what, left, error) || !error);
  };
  std::string rest = std::string(line) + '\n';
  while (!rest.empty()) {
    rest.erase(0, socket.send(rest, nullptr, error));
    if (error == std::errc::operation_would_block) {
      error.clear();
      if (!wait(MessageSocket::Ready::to_send)) return {};
    } else if (error) {
      return {};
    }
  }
  std::string answer;
  for (;;) {
    char bytes[1024];
    const auto got = socket.receive(bytes, sizeof bytes, nullptr, error);
    if (error == std::errc::operation_would_block) {
      error.clear();
      if (!wait(MessageSocket::Ready::to_receive)) return {};
      continue;
    }
    if (error) return {};
    answer.append(bytes, got);
    if (const auto end = answer.find('\n'); end != std::string::npos) {
      answer.resize(end);
      return answer;
    }
    if (got == 0 || answer.size() > kLongestAnswer) {
      error = std::make_error_code(std::errc::connection_reset);
      return {};
    }
  }
}

}  // namespace mien::system
