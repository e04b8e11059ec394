// faces.csv and events.csv, as reports, replay and recovery read them.

#include <vector>

#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/recorded_session.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  sessions::CsvReader reader(text);
  std::vector<std::string_view> cells;
  while (reader.next(cells)) {
  }
  if (reader.position() > text.size()) std::abort();
  fuzz::expect_error_at_most([&] { sessions::read_faces(fuzz::write("faces.csv", text)); });
  fuzz::expect_error_at_most([&] { sessions::read_events(fuzz::write("events.csv", text)); });
  return 0;
}

}  // namespace mien::fuzz
