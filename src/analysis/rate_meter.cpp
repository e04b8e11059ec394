#include "rate_meter.hpp"

#include <utility>
#include <vector>

#include "mien/base/statistics.hpp"

namespace mien::analysis {
namespace {

constexpr std::chrono::seconds kWindow{1};
// One event more than the window is kept, so that slow rates (a picture every two seconds) are
// not shown as 0 until this long after the last event.
constexpr std::chrono::seconds kStaleAfter{3};

}  // namespace

void RateMeter::add(Clock::time_point now, const base::StageTimes& times) {
  events_.push_back({now, times});
  while (events_.size() > 2 && events_[1].time + kWindow < now) events_.pop_front();
}

double RateMeter::rate(Clock::time_point now) const {
  if (events_.size() < 2 || events_.back().time + kStaleAfter < now) return 0;
  const std::chrono::duration<double> span = events_.back().time - events_.front().time;
  return span.count() > 0 ? static_cast<double>(events_.size() - 1) / span.count() : 0;
}

base::StageTimes RateMeter::medians() const {
  base::StageTimes result;
  if (events_.empty()) return result;
  for (double base::StageTimes::*stage :
       {&base::StageTimes::detect, &base::StageTimes::align, &base::StageTimes::classify,
        &base::StageTimes::mesh, &base::StageTimes::total}) {
    std::vector<double> values;
    for (const auto& event : events_) values.push_back(event.times.*stage);
    result.*stage = base::median(std::move(values));
  }
  return result;
}

}  // namespace mien::analysis
