#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "mien/sessions/recorded_session.hpp"

namespace mien::reports {

// One function for each format, each in a file of its own; listed in exports.cpp.
void write_deepface(const sessions::RecordedSession& session, std::ostream& out);
void write_elan(const sessions::RecordedSession& session, std::ostream& out);
void write_facereader(const sessions::RecordedSession& session, std::ostream& out);
void write_jsonl(const sessions::RecordedSession& session, std::ostream& out);
void write_openface(const sessions::RecordedSession& session, std::ostream& out);
void write_pyfeat(const sessions::RecordedSession& session, std::ostream& out);
void write_xdf(const sessions::RecordedSession& session, std::ostream& out);

/// Finds the canonical expressions among a session's labels, which may be in another order, go
/// by other words, or be fewer.
class CanonicalScores {
 public:
  explicit CanonicalScores(const std::vector<std::string>& labels) : labels_(labels) {}

  /// Where "happiness" is in the labels; nothing when the model does not know it.
  std::optional<std::size_t> place(std::string_view canonical) const;
  /// The row's probability of it; NaN when it has none.
  float of(const sessions::SessionRow& row, std::string_view canonical) const;

 private:
  const std::vector<std::string>& labels_;
};

/// 00:01:02.345
std::string clock_time(double seconds);

/// What the session was made from, for a column or a preamble: the file or the camera's name.
std::string source_name(const sessions::RecordedSession& session);

/// Whether each picture has a file of its own: the rows name it.
bool names_files(const sessions::RecordedSession& session);

/// The size of the pictures in pixels; 0 when it is not known.
int picture_width(const sessions::RecordedSession& session);
int picture_height(const sessions::RecordedSession& session);

}  // namespace mien::reports
