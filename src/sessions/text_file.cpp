#include "mien/sessions/text_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien {

TextFile::TextFile(std::filesystem::path file) : file_(std::move(file)) {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ < 0) fail(errno);
}

TextFile::~TextFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TextFile::flush() {
  std::size_t done = 0;
  const int code = write_all(descriptor_, waiting_, done);
  waiting_.erase(0, done);
  written_ += done;
  if (code != 0) fail(code);
}

void TextFile::close() {
  if (descriptor_ < 0) return;
  flush();
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail(errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno);
}

void TextFile::fail(int code) const {
  throw Error("The file " + file_.string() +
              " cannot be written: " + std::generic_category().message(code) +
              "; make room on the disk or choose another folder.");
}

}  // namespace mien
