#include <algorithm>

#include "mien/base/text.hpp"

#include "episodes.hpp"
#include "export_support.hpp"

// A tab-delimited text for ELAN's File > Import > CSV / Tab-delimited Text: tier, begin time,
// end time, annotation; the first row is a header. A tier for each person with the labels that
// were said with certainty, and tiers for what happened beside.
// https://www.mpi.nl/tools/elan/docs/manual/

namespace mien::reports {
namespace {

/// ELAN's intervals must have a length; what happened at a point gets this one.
constexpr double kPoint = 0.5;

const char* tier_of(sessions::SessionEvent::Kind kind) {
  return kind == sessions::SessionEvent::Kind::marker ? "markers" : "events";
}

bool worth_a_tier(sessions::SessionEvent::Kind kind) {
  // Arrivals, departures and names are in the people's own tiers.
  using Kind = sessions::SessionEvent::Kind;
  return kind != Kind::arrival && kind != Kind::departure && kind != Kind::name;
}

/// "detector", or "neutral P1" of somebody.
std::string kind_of(const sessions::SessionEvent& event) {
  std::string kind = sessions::word(event.kind);
  if (event.person > 0) kind += " P" + std::to_string(event.person);
  return kind;
}

/// A picture lasts until the next one; nobody is in two of them.
template <typename Interval>
void write_files(const sessions::RecordedSession& session, const Interval& interval) {
  const auto& rows = session.rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto next = std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(i), rows.end(),
                                   [&](const auto& row) { return row.frame > rows[i].frame; });
    const double end = next != rows.end() ? next->timestamp : rows[i].timestamp + 1;
    if (i == 0 || rows[i - 1].frame != rows[i].frame) {
      interval("files", rows[i].timestamp, end, rows[i].file);
    }
    if (rows[i].success && rows[i].verdict != sessions::kNotSure) {
      interval("P" + std::to_string(rows[i].person) + " in " + rows[i].file, rows[i].timestamp,
               end, rows[i].verdict);
    }
  }
}

}  // namespace

void write_elan(const sessions::RecordedSession& session, std::ostream& out) {
  out << "Tier\tBegin Time\tEnd Time\tAnnotation\n";
  const auto interval = [&](const std::string& tier, double begin, double end,
                            const std::string& text) {
    out << base::on_one_line(tier) << '\t' << clock_time(begin) << '\t' << clock_time(end)
        << '\t' << base::on_one_line(text) << '\n';
  };
  for (const auto& person : summarize_people(session)) {
    // Two people may have been given one name; a tier belongs to one of them.
    auto tier = "P" + std::to_string(person.person);
    if (const auto name = session.name_of(person.person); name != tier) tier += ' ' + name;
    for (const auto& episode : person.episodes) {
      if (episode.label < 0 || episode.end <= episode.start) continue;
      interval(tier, episode.start, episode.end,
               session.labels[static_cast<std::size_t>(episode.label)]);
    }
  }
  // The pictures of a folder: how long each is shown, and which file it is.
  if (names_files(session)) write_files(session, interval);
  // Intervals of one tier must not overlap: each ends where the next one begins.
  for (const char* tier : {"markers", "events"}) {
    std::vector<const sessions::SessionEvent*> events;
    for (const auto& event : session.events) {
      if (worth_a_tier(event.kind) && std::string(tier_of(event.kind)) == tier) {
        events.push_back(&event);
      }
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto& event = *events[i];
      double end = event.timestamp + kPoint;
      std::string text = event.text;
      if (event.kind == sessions::SessionEvent::Kind::marker) {
        if (text.empty()) text = "marker";
      } else {
        if (event.kind == sessions::SessionEvent::Kind::gap)
          text = std::to_string(event.value) + " frames";
        text.insert(0, text.empty() ? kind_of(event) : kind_of(event) + ": ");
      }
      // Several at one time would leave intervals without a length.
      while (i + 1 < events.size() && events[i + 1]->timestamp <= event.timestamp + 1e-9) {
        ++i;
        const auto& other = *events[i];
        text += "; ";
        if (other.text.empty() || other.person > 0) text += kind_of(other);
        if (other.person > 0 && !other.text.empty()) text += ": ";
        text += other.text;
      }
      if (i + 1 < events.size()) end = std::min(end, events[i + 1]->timestamp);
      interval(tier, event.timestamp, std::max(end, event.timestamp + 0.001), text);
    }
  }
}

}  // namespace mien::reports
