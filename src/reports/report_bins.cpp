#include "report_bins.hpp"

#include <algorithm>
#include <cmath>

namespace mien {

BinnedPerson bin_person(const RecordedSession& session, const PersonSummary& person,
                        double session_seconds, double usual_gap, int bins) {
  const auto count = static_cast<std::size_t>(bins);
  const auto labels = session.labels.size();
  BinnedPerson result;
  result.mean.assign(labels, std::vector<float>(count));
  result.most.assign(labels, std::vector<float>(count));
  result.valence.assign(count, 0);
  result.said.assign(count, -2);
  std::vector<double> weight(count);
  // [bin][label], the last one is "not sure".
  std::vector<std::vector<double>> spoken(count, std::vector<double>(labels + 1));
  const double step = session_seconds / bins;
  if (!(step > 0)) return result;

  for (std::size_t i = 0; i < person.rows.size(); ++i) {
    const auto& row = session.rows[person.rows[i]];
    double until = row.timestamp + std::max(usual_gap, 1e-3);
    if (i + 1 < person.rows.size()) {
      const double next = session.rows[person.rows[i + 1]].timestamp;
      if (next - row.timestamp <= kLongestGapSeconds) until = next;
    }
    const int label = label_index(session.labels, row.verdict);
    const auto place = label < 0 ? labels : static_cast<std::size_t>(label);
    const auto first = static_cast<std::size_t>(
        std::clamp(std::floor(row.timestamp / step), 0.0, static_cast<double>(bins - 1)));
    for (std::size_t bin = first; bin < count; ++bin) {
      const double from = std::max(row.timestamp, static_cast<double>(bin) * step);
      // The last frame stands for a moment behind the end: it belongs to the last bin.
      const double to = bin + 1 == count ? std::max(until, from + 1e-6)
                                         : std::min(until, static_cast<double>(bin + 1) * step);
      const double time = to - from;
      if (time <= 0) break;
      weight[bin] += time;
      spoken[bin][place] += time;
      result.valence[bin] += static_cast<float>(time) * row.valence;
      for (std::size_t l = 0; l < labels; ++l) {
        const float value = row.probabilities[l];
        if (!std::isfinite(value)) continue;
        result.mean[l][bin] += static_cast<float>(time) * value;
        result.most[l][bin] = std::max(result.most[l][bin], value);
      }
    }
  }
  for (std::size_t bin = 0; bin < count; ++bin) {
    if (weight[bin] <= 0) continue;
    const auto scale = static_cast<float>(1 / weight[bin]);
    result.valence[bin] *= scale;
    for (auto& lane : result.mean) lane[bin] *= scale;
    const auto longest = std::max_element(spoken[bin].begin(), spoken[bin].end());
    const auto place = static_cast<std::size_t>(longest - spoken[bin].begin());
    result.said[bin] = place == labels ? -1 : static_cast<int>(place);
  }
  return result;
}

}  // namespace mien
