#include "mien/base/files.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/local_time.hpp"
#include "mien/system/files.hpp"
#include "mien/system/process.hpp"

namespace mien::base {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* what,
                       const std::error_code& reason) {
  throw Error("The file " + file.string() + " cannot be " + what + ": " + reason.message() +
              ".");
}

/// A link that leads nowhere is there as well.
bool is_there(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

}  // namespace

RegularFile::RegularFile(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code error;
  handle_ = system::open_to_read(file_, error);
  if (error) fail(file_, "read", error);
  const auto status = handle_.status(error);
  if (status.kind != system::FileKind::regular) {
    throw Error("The file " + file_.string() + " cannot be read: it is " +
                (status.kind == system::FileKind::folder ? "a folder." : "no regular file."));
  }
  size_ = status.size;
}

std::size_t RegularFile::read(char* to, std::size_t count) {
  std::error_code error;
  const std::size_t got = handle_.read(to, count, error);
  if (error) fail(file_, "read", error);
  return got;
}

std::string read_text_file(const std::filesystem::path& path, std::uintmax_t most_bytes) {
  RegularFile file(path);
  const auto refuse_large = [&] {
    throw Error("The file " + path.string() + " cannot be read: it holds more than " +
                std::to_string(most_bytes) + " bytes.");
  };
  if (file.size() > most_bytes) refuse_large();
  std::string text;
  // Files below /proc have no size, and others may grow while they are read.
  std::size_t wanted = static_cast<std::size_t>(file.size()) + 1;
  for (std::size_t got = 0;;) {
    text.resize(got + wanted);
    const auto count = file.read(text.data() + got, wanted);
    got += count;
    if (got > most_bytes) refuse_large();
    if (count == 0) {
      text.resize(got);
      return text;
    }
    wanted = std::max<std::size_t>(text.size() - got, 1 << 12);
  }
}

std::error_code make_private_folders(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return {};
  const auto above = without_slash(folder).parent_path();
  if (const auto failed = make_private_folders(above)) return failed;
  const std::error_code reason = system::make_private_folder(folder);
  // Another program may have made it just now.
  return reason && std::filesystem::is_directory(folder, error) ? std::error_code() : reason;
}

void write_file_atomically(const std::filesystem::path& file, std::string_view content) {
  // The process id and a number keep two programs, and two threads, that write at once out of
  // each other's half. What has the name already is the half of a program that was killed.
  static std::atomic<unsigned> writes{0};
  const std::string temporary = file.string() + "." +
                                std::to_string(system::own_process().number) + "-" +
                                std::to_string(++writes) + ".partial";
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  std::error_code error;
  system::FileHandle half = system::create_private_file(temporary, error);
  if (error) fail(file, "written", error);
  std::size_t written = 0;
  error = half.write_all(content, written);
  if (!error) error = half.sync();
  if (const auto closing = half.close(); !error) error = closing;
  if (!error) error = system::rename_over(temporary, file);
  if (error) {
    std::filesystem::remove(temporary, ignored);
    fail(file, "written", error);
  }
}

std::filesystem::path without_slash(std::filesystem::path folder) {
  return folder.has_filename() ? std::move(folder) : folder.parent_path();
}

std::filesystem::path free_name(const std::filesystem::path& file) {
  const auto ending = file.extension().string();
  return file.parent_path() /
         (first_free(file.stem().string(), "_",
                     [&](const auto& stem) {
                       return is_there(file.parent_path() / (stem + ending));
                     }) +
          ending);
}

std::filesystem::path free_folder_name(const std::filesystem::path& folder) {
  return folder.parent_path() /
         first_free(folder.filename().string(), "_",
                    [&](const auto& name) { return is_there(folder.parent_path() / name); });
}

std::string time_stamp_for_names() {
  return format_local_time(std::chrono::system_clock::now(), "%Y-%m-%d_%H-%M-%S");
}

void rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto error = system::rename_new(from, to);
  if (!error) return;
  std::error_code ignored;
  throw Error((std::filesystem::is_directory(from, ignored) ? "The folder " : "The file ") +
              from.string() + " cannot be renamed to " + to.filename().string() + ": " +
              error.message() + ".");
}

}  // namespace mien::base
