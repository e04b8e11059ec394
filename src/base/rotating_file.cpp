#include "rotating_file.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/system/file_lock.hpp"
#include "mien/system/files.hpp"

namespace mien::base {
namespace {

[[noreturn]] void fail_to_write(const std::filesystem::path& file,
                                const std::error_code& reason) {
  throw Error("The file " + file.string() + " cannot be written: " + reason.message() + ".");
}

}  // namespace

RotatingFile::RotatingFile(std::filesystem::path file, std::uintmax_t largest)
    : file_(std::move(file)), largest_(largest) {}

bool RotatingFile::prepare() {
  const bool first = !handle_.valid();
  if (first) open();
  std::error_code error;
  const auto now = handle_.status(error);
  if (error) fail_to_write(file_, error);
  if (!now.deleted && now.size < largest_) return first;
  if (!now.deleted) {
    // Another process rotates at this moment; it is followed with the next line.
    if (system::lock_file(handle_) != system::LockResult::taken) return first;
    if (!is_moved()) rotate();
  }
  close();
  open();
  return true;
}

void RotatingFile::append(std::string_view line) {
  const std::string completed =
      std::exchange(partial_line_, false) ? "\n" + std::string(line) : "";
  if (!completed.empty()) line = completed;
  std::error_code error;
  const std::size_t written = handle_.write(line, error);
  if (written == line.size()) return;
  partial_line_ = written > 0 || !completed.empty();
  fail_to_write(file_, error ? error : std::make_error_code(std::errc::no_space_on_device));
}

void RotatingFile::open() {
  if (const auto error = make_private_folders(file_.parent_path())) fail_to_write(file_, error);
  std::error_code error;
  handle_ = system::open_to_append(file_, error);
  if (error) fail_to_write(file_, error);
  if (handle_.status(error).kind == system::FileKind::regular) return;
  close();
  fail_to_write(file_, std::make_error_code(std::errc::invalid_argument));
}

void RotatingFile::close() {
  handle_.close();
  partial_line_ = false;
}

/// Whether the name belongs to another file, or to none: another process has rotated.
bool RotatingFile::is_moved() const {
  std::error_code unknown;
  std::error_code nobody;
  const auto ours = handle_.status(unknown);
  const auto named = system::file_status(file_, nobody);
  return unknown || nobody || ours.identity != named.identity;
}

void RotatingFile::rotate() {
  const auto numbered = [this](int n) { return file_.string() + "." + std::to_string(n); };
  system::rename_over(numbered(1), numbered(2));  // there may be none
  // It must not grow for ever, also where the folder may not be changed.
  if (system::rename_over(file_, numbered(1))) handle_.resize(0);
}

}  // namespace mien::base
