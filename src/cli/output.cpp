#include "output.hpp"

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/file_descriptor.hpp"
#include "mien/base/files.hpp"
#include "mien/base/log.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

namespace mien {

void print_problem(const std::string& sentence) {
  const auto line = on_one_line(redact_addresses(sentence));
  std::cerr << "mien: " + line + '\n' << std::flush;
  log::write(log::Level::error, "cli", line);
}

void check_output() {
  if (std::cout.flush()) return;
  std::cout.clear();
  throw Error("The output cannot be written: whoever read it has gone, or the disk is full.");
}

void print_line(const std::string& line) {
  std::cout << line << '\n';
  check_output();
}

void print_json(const nlohmann::ordered_json& json) {
  print_line(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], utf8_count(row[i]));
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - utf8_count(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    print_line(line);
  }
}

std::string percent(double share) { return decimal(share * 100, 0) + " %"; }

std::string progress_bar(std::size_t done, std::size_t all) {
  constexpr std::size_t kWidth = 30;
  const std::size_t filled = all > 0 ? done * kWidth / all : kWidth;
  return "[" + std::string(filled, '#') + std::string(kWidth - filled, '.') + "] " +
         std::to_string(done) + " of " + std::to_string(all);
}

ProgressLine::ProgressLine() : wanted_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(const std::string& text) {
  if (!wanted_) return;
  shown_ = true;
  std::cerr << "\r\033[K" + text << std::flush;
}

void ProgressLine::clear() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
  shown_ = false;
}

void write_new_picture(const std::filesystem::path& file,
                       const std::vector<unsigned char>& bytes) {
  FileDescriptor picture = create_private_file(file);
  int code = picture.valid() ? 0 : errno;
  if (code == 0) {
    std::size_t written = 0;
    code = write_all(picture.get(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                     written);
    if (const int closing = picture.close(); code == 0) code = closing;
  }
  if (code == 0) return;
  throw Error("The picture " + file.filename().string() + " cannot be written: " +
              std::generic_category().message(code) + "; make room or choose another place.");
}

std::string numbered_file(long index, const char* extension) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + extension;
}

void make_label_folder(const std::filesystem::path& folder,
                       const std::filesystem::path& place) {
  if (const auto error = make_private_folders(folder)) {
    throw Error("The folder " + place.string() + " cannot be written: " + error.message() +
                "; make room.");
  }
}

}  // namespace mien
