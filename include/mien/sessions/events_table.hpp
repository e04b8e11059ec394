#pragma once

#include <cstdint>
#include <filesystem>

#include "mien/sessions/session_event.hpp"
#include "mien/sessions/text_file.hpp"

namespace mien {

/// events.csv, as session_event.hpp describes it. One thread.
class EventsTable {
 public:
  explicit EventsTable(std::filesystem::path file);

  void write(const SessionEvent& event);
  void flush() { file_.flush(); }
  void close() { file_.close(); }

  int descriptor() const { return file_.descriptor(); }
  std::uintmax_t bytes_written() const { return file_.bytes_written(); }

 private:
  TextFile file_;
};

}  // namespace mien
