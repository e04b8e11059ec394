#include "mien/sessions/text_file.hpp"

#include <utility>

#include "mien/base/error.hpp"

namespace mien::sessions {

TextFile::TextFile(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code error;
  handle_ = system::create_private_file(file_, error);
  if (error) fail(error);
}

void TextFile::flush() {
  std::size_t done = 0;
  const auto error = handle_.write_all(waiting_, done);
  waiting_.erase(0, done);
  written_ += done;
  if (error) fail(error);
}

void TextFile::close() {
  if (!handle_.valid()) return;
  flush();
  if (const auto error = handle_.sync()) fail(error);
  if (const auto error = handle_.close()) fail(error);
}

void TextFile::fail(const std::error_code& error) const {
  throw base::Error("The file " + file_.string() + " cannot be written: " + error.message() +
                    "; make room on the disk or choose another folder.");
}

}  // namespace mien::sessions
