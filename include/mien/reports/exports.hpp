#pragma once

#include <filesystem>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mien/sessions/recorded_session.hpp"

namespace mien::reports {

/// A format that other programs read. To add one: a file x_export.cpp and a line in
/// exports.cpp.
struct ExportFormat {
  const char* id;           ///< of --export: "pyfeat"
  const char* name;         ///< in the menu: "Py-Feat v2 table"
  const char* description;  ///< one line: who reads it
  const char* file_name;    ///< of the file in the session folder: "pyfeat.csv"
  void (*write)(const sessions::RecordedSession&, std::ostream&);
};

/// All of them, in the order of the menu.
std::span<const ExportFormat> export_formats();

/// Their file_name each, for delete_session().
std::vector<std::string> export_file_names();

/// Throws Error that lists the known ones.
const ExportFormat& export_format(std::string_view id);

/// Writes the format's file, at `file` or, when that is empty, in the session folder under the
/// format's name (with _2, _3 ... when it exists: nothing is overwritten). Returns where.
/// Throws Error.
std::filesystem::path export_session(const sessions::RecordedSession& session,
                                     const ExportFormat& format,
                                     std::filesystem::path file = {});

}  // namespace mien::reports
