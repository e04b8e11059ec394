#include "mien/base/files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/sha.h>
}

#include "mien/base/error.hpp"

namespace mien {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw Error("The file " + file.string() + " cannot be " + what + ": " +
              std::generic_category().message(errno) + ".");
}

}  // namespace

std::string sha256_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "read");
  const std::unique_ptr<AVSHA, decltype(&av_free)> sha(av_sha_alloc(), av_free);
  if (!sha || av_sha_init(sha.get(), 256) < 0) throw Error("SHA-256 is not available.");
  std::array<char, 1 << 16> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    av_sha_update(sha.get(), reinterpret_cast<const std::uint8_t*>(buffer.data()),
                  static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) fail(file, "read");
  std::array<std::uint8_t, 32> digest;
  av_sha_final(sha.get(), digest.data());
  std::string hex;
  for (const auto byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string read_text_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "read");
  std::ostringstream text;
  text << in.rdbuf();
  // A directory opens, and fails only here.
  if (in.bad() || (text.fail() && !text.str().empty())) fail(file, "read");
  if (std::filesystem::is_directory(file)) {
    throw Error("The file " + file.string() + " cannot be read: it is a folder.");
  }
  return std::move(text).str();
}

std::error_code make_private_folders(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return {};
  const auto above = folder.has_filename() ? folder.parent_path()
                                           : folder.parent_path().parent_path();  // "a/b/"
  if (const auto failed = make_private_folders(above)) return failed;
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  const std::error_code reason(errno, std::generic_category());
  // Another program may have made it just now.
  return std::filesystem::is_directory(folder, error) ? std::error_code() : reason;
}

void write_file_atomically(const std::filesystem::path& file, std::string_view content) {
  // The process id keeps two programs that write at once out of each other's half.
  const std::string temporary = file.string() + "." + std::to_string(::getpid()) + ".partial";
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) fail(file, "written");
  bool good = true;
  for (std::string_view rest = content; good && !rest.empty();) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    good = written >= 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  good = good && ::fsync(descriptor) == 0;
  int error = errno;
  if (::close(descriptor) != 0 && good) {
    error = errno;
    good = false;
  }
  if (good && std::rename(temporary.c_str(), file.c_str()) != 0) {
    error = errno;
    good = false;
  }
  if (!good) {
    ::unlink(temporary.c_str());
    errno = error;
    fail(file, "written");
  }
}

}  // namespace mien
