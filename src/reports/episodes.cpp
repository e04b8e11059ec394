#include "episodes.hpp"

#include <algorithm>

namespace mien::reports {
namespace {

/// Collects one person's rows in order of time.
class Collector {
 public:
  Collector(const sessions::RecordedSession& session, int person) : session_(session) {
    summary_.person = person;
    summary_.label_seconds.resize(session.labels.size());
    summary_.label_readings.resize(session.labels.size());
  }

  /// `new_source`: what was seen before has another clock.
  void add(std::size_t index, bool new_source) {
    const auto& row = session_.rows[index];
    const int label = label_index(session_.labels, row.verdict);
    const bool first = summary_.rows.empty();
    if (first) {
      summary_.first_seen = row.timestamp;
      summary_.least_valence = summary_.most_valence = row.valence;
    }
    const double passed = row.timestamp - last_time_;
    const bool goes_on = !first && !new_source && passed > 0 && passed <= kMaxGapSeconds;
    if (goes_on) count_time(passed);
    if (new_source) said_ = -1;
    count_reading(row, label);
    if (goes_on && label == episode_label_) {
      extend(row, index);
    } else {
      if (!summary_.episodes.empty() && goes_on) {
        summary_.episodes.back().end = row.timestamp;
      }
      begin(row, index, label);
    }
    last_label_ = label;
    last_time_ = row.timestamp;
    last_valence_ = row.valence;
    summary_.last_seen = row.timestamp;
    summary_.rows.push_back(index);
  }

  PersonSummary finish() {
    if (summary_.seconds > 0) {
      summary_.mean_valence = valence_seconds_ / summary_.seconds;
    } else if (!summary_.rows.empty()) {
      summary_.mean_valence = valence_sum_ / static_cast<double>(summary_.rows.size());
    }
    return std::move(summary_);
  }

 private:
  void count_time(double passed) {
    summary_.seconds += passed;
    valence_seconds_ += passed * static_cast<double>(last_valence_);
    if (last_label_ >= 0) {
      summary_.label_seconds[static_cast<std::size_t>(last_label_)] += passed;
    } else {
      summary_.not_sure_seconds += passed;
    }
  }

  void count_reading(const sessions::SessionRow& row, int label) {
    valence_sum_ += static_cast<double>(row.valence);
    summary_.least_valence = std::min(summary_.least_valence, row.valence);
    summary_.most_valence = std::max(summary_.most_valence, row.valence);
    if (label < 0) {
      ++summary_.not_sure_readings;
      ++summary_.reasons[row.reason.empty() ? "no reason given" : row.reason];
      return;
    }
    ++summary_.label_readings[static_cast<std::size_t>(label)];
    if (said_ >= 0 && said_ != label) ++summary_.transitions[{said_, label}];
    said_ = label;
  }

  void begin(const sessions::SessionRow& row, std::size_t index, int label) {
    Episode episode;
    episode.label = label;
    episode.start = episode.end = row.timestamp;
    episode.first_frame = episode.last_frame = row.frame;
    episode.peak = row.certainty;
    episode.peak_row = index;
    episode.reason = row.reason;
    summary_.episodes.push_back(std::move(episode));
    episode_label_ = label;
  }

  void extend(const sessions::SessionRow& row, std::size_t index) {
    auto& episode = summary_.episodes.back();
    episode.end = row.timestamp;
    episode.last_frame = row.frame;
    if (row.certainty > episode.peak) {
      episode.peak = row.certainty;
      episode.peak_row = index;
    }
  }

  const sessions::RecordedSession& session_;
  PersonSummary summary_;
  int said_ = -1;  ///< the label that was last said with certainty
  int last_label_ = -1;
  int episode_label_ = -1;
  double last_time_ = 0;
  float last_valence_ = 0;
  double valence_seconds_ = 0;
  double valence_sum_ = 0;
};

}  // namespace

int label_index(const std::vector<std::string>& labels, const std::string& verdict) {
  const auto found = std::find(labels.begin(), labels.end(), verdict);
  return found == labels.end() ? -1 : static_cast<int>(found - labels.begin());
}

int PersonSummary::transition_count() const {
  int count = 0;
  for (const auto& [pair, times] : transitions) count += times;
  return count;
}

double PersonSummary::share(std::size_t label) const {
  if (seconds > 0) return label_seconds[label] / seconds;
  return rows.empty()
             ? 0
             : static_cast<double>(label_readings[label]) / static_cast<double>(rows.size());
}

double PersonSummary::not_sure_share() const {
  if (seconds > 0) return not_sure_seconds / seconds;
  return rows.empty()
             ? 0
             : static_cast<double>(not_sure_readings) / static_cast<double>(rows.size());
}

std::vector<PersonSummary> summarize_people(const sessions::RecordedSession& session) {
  std::map<int, Collector> people;
  std::map<int, std::size_t> seen_in;  ///< person -> how many sources had begun then
  std::vector<std::uint64_t> sources;  ///< frames in which another source began
  for (const auto& event : session.events) {
    if (event.kind == sessions::SessionEvent::Kind::source) sources.push_back(event.frame);
  }
  std::size_t source = 0;
  for (std::size_t i = 0; i < session.rows.size(); ++i) {
    const auto& row = session.rows[i];
    if (!row.success) continue;
    while (source < sources.size() && sources[source] <= row.frame) ++source;
    const auto entry = people.try_emplace(row.person, session, row.person).first;
    const auto before = seen_in.try_emplace(row.person, source).first;
    entry->second.add(i, before->second != source);
    before->second = source;
  }
  std::vector<PersonSummary> summaries;
  summaries.reserve(people.size());
  for (auto& [person, collector] : people) summaries.push_back(collector.finish());
  return summaries;
}

}  // namespace mien::reports
