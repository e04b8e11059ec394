#include "mien/sessions/text_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien::sessions {

TextFile::TextFile(std::filesystem::path file)
    : file_(std::move(file)), descriptor_(base::create_private_file(file_)) {
  if (!descriptor_.valid()) fail(errno);
}

void TextFile::flush() {
  std::size_t done = 0;
  const int code = base::write_all(descriptor_.get(), waiting_, done);
  waiting_.erase(0, done);
  written_ += done;
  if (code != 0) fail(code);
}

void TextFile::close() {
  if (!descriptor_.valid()) return;
  flush();
  if (const int code = base::sync_file(descriptor_.get()); code != 0) fail(code);
  if (const int code = descriptor_.close(); code != 0) fail(code);
}

void TextFile::fail(int code) const {
  throw base::Error("The file " + file_.string() +
                    " cannot be written: " + std::generic_category().message(code) +
                    "; make room on the disk or choose another folder.");
}

}  // namespace mien::sessions
