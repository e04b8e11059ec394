// faces.csv and events.csv, as reports, replay and recovery read them.

#include <vector>

#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/recorded_session.hpp"

#include "fuzz.hpp"

using namespace mien;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  CsvReader reader(text);
  std::vector<std::string_view> cells;
  while (reader.next(cells)) {
  }
  if (reader.position() > text.size()) std::abort();
  fuzz::expect_error_at_most([&] { read_faces(fuzz::write("faces.csv", text)); });
  fuzz::expect_error_at_most([&] { read_events(fuzz::write("events.csv", text)); });
  return 0;
}
