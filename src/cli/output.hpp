#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/base/numbers.hpp"

namespace mien {

/// One line on stderr, "mien: ...", whatever line ends `sentence` has; without the secrets of
/// addresses. It is logged, too.
void print_problem(const std::string& sentence);

/// Throws Error when nobody could take what was printed (a closed pipe, a full disk).
void check_output();

/// On stdout. Throw Error when nobody can take it (a closed pipe, a full disk).
void print_line(const std::string& line);
void print_json(const nlohmann::ordered_json& json);

/// Columns padded to their widest cell, two spaces between; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& rows);

/// "97 %"
std::string percent(double share);

/// "[####......] 4 of 10"
std::string progress_bar(std::size_t done, std::size_t all);

/// A line on stderr that is written over and over; silent unless stderr is a terminal.
class ProgressLine {
 public:
  ProgressLine();
  /// Clears it.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool wanted() const { return wanted_; }
  void show(const std::string& text);
  void clear();

 private:
  bool wanted_;
  bool shown_ = false;
};

/// Writes a picture of a data set that is being made, without fsync: the folder is synced as a
/// whole when it is published. Throws Error, also when the file is there already.
void write_new_picture(const std::filesystem::path& file,
                       const std::vector<unsigned char>& bytes);

/// "000012.png"
std::string numbered_file(long index, const char* extension);

/// Makes a folder of a data set. Throws Error that names `place`.
void make_label_folder(const std::filesystem::path& folder, const std::filesystem::path& place);

}  // namespace mien
