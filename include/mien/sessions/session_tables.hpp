#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace mien::sessions {

/// What faces.csv and events.csv hold until a frame; the counts of session.json.
struct TableCounts {
  std::uint64_t frames = 0;
  std::uint64_t faces = 0;
  std::uint64_t frames_without_face = 0;
  std::map<std::string, std::uint64_t> not_sure;  ///< by reason
  std::set<int> people;
  double seconds = 0;
  std::uint64_t events = 0;
  std::uint64_t lost_frames = 0;
  std::map<int, std::string> names;
};

/// Into a session.json: the counts that the tables hold, and the names. Other counts stay.
void put_counts(nlohmann::ordered_json& document, const TableCounts& counts);

/// The tables of a session that ended before its time: what is whole in them, and the means to
/// cut off the rest. Reads them once.
class SessionTables {
 public:
  /// Throws Error when a table cannot be read, or is a link, FIFO or device. A session without
  /// events.csv has no events.
  explicit SessionTables(std::filesystem::path folder);

  /// Of the frames whose rows are whole, in milliseconds.
  const std::vector<std::int64_t>& times() const { return times_; }

  /// How many whole rows of faces.csv could not be read, or stand behind one that could not. A
  /// table that was only cut short has none.
  std::uint64_t damaged_rows() const { return unread_rows_; }

  /// Of the first `frames` frames and what happened until then.
  TableCounts count(std::uint64_t frames) const;

  /// Cuts both tables off behind that frame, in place when no room on the disk is needed:
  /// events that were written late, behind those of later frames, stay. Throws Error.
  void cut(std::uint64_t frames) const;

 private:
  struct Row {
    std::uint64_t frame = 0;
    std::uint64_t end = 0;  ///< offset in the file, behind it
    int person = 0;
    bool success = false;
    std::string reason;
    bool sure = true;
  };
  struct Event {
    std::uint64_t frame = 0;
    std::uint64_t start = 0;  ///< offset in the file
    std::uint64_t end = 0;
    int person = 0;
    std::int64_t value = 0;
    bool gap = false;
    bool name = false;
    std::string text;
  };
  void read_faces_table();
  void read_events_table();
  void cut_events(std::uint64_t frames) const;

  const std::filesystem::path folder_;
  std::uint64_t faces_header_ = 0;   ///< where the first row begins
  std::uint64_t events_header_ = 0;  ///< 0: there is no events.csv
  std::vector<Row> rows_;
  std::vector<std::int64_t> times_;
  std::uint64_t unread_rows_ = 0;
  std::vector<Event> events_;  ///< in the order of the file
};

}  // namespace mien::sessions
