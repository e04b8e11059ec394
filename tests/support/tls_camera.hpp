#pragma once

#include <cstdlib>
#include <fstream>
#include <signal.h>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace mien::testing {

/// A server on this computer that answers over TLS, with a certificate that it signed itself,
/// as cameras have them. Needs the program openssl.
class TlsCamera {
 public:
  /// `answer` is what GET /mj gets, the head included.
  explicit TlsCamera(const std::string& answer) {
    std::ofstream(folder_.path() / "mj", std::ios::binary) << answer;
    const std::string in = "cd '" + folder_.path().string() + "' && ";
    if (std::system((in + "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem "
                          "-out cert.pem -subj /CN=camera -days 2 >/dev/null 2>&1")
                        .c_str()) != 0) {
      return;
    }
    int ends[2];
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      const std::string command = in +
                                  "exec openssl s_server -HTTP -accept 127.0.0.1:0 "
                                  "-cert cert.pem -key key.pem </dev/null 2>/dev/null";
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];  // open to the end: the server writes there
    std::string line;   // "ACCEPT 127.0.0.1:PORT" once it listens
    for (char c = 0; ::read(output_, &c, 1) == 1;) {
      if (c != '\n') {
        line += c;
      } else if (line.starts_with("ACCEPT ")) {
        host_ = line.substr(7);
        return;
      } else {
        line.clear();
      }
    }
  }
  ~TlsCamera() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    if (output_ >= 0) ::close(output_);
  }
  TlsCamera(const TlsCamera&) = delete;
  TlsCamera& operator=(const TlsCamera&) = delete;

  bool is_there() const { return !host_.empty(); }
  /// "127.0.0.1:PORT"
  const std::string& host() const { return host_; }

 private:
  TemporaryFolder folder_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string host_;
};

}  // namespace mien::testing
