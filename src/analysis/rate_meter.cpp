#include "rate_meter.hpp"

#include <algorithm>
#include <vector>

namespace mien {
namespace {

constexpr std::chrono::seconds kWindow{1};
// One event more than the window is kept, so that slow rates (a picture every two seconds) do
// not read as nothing until this long after the last.
constexpr std::chrono::seconds kPatience{3};

}  // namespace

void RateMeter::add(Clock::time_point now, const StageTimes& times) {
  events_.push_back({now, times});
  while (events_.size() > 2 && events_[1].time + kWindow < now) events_.pop_front();
}

double RateMeter::rate(Clock::time_point now) const {
  if (events_.size() < 2 || events_.back().time + kPatience < now) return 0;
  const std::chrono::duration<double> span = events_.back().time - events_.front().time;
  return span.count() > 0 ? static_cast<double>(events_.size() - 1) / span.count() : 0;
}

StageTimes RateMeter::medians() const {
  StageTimes result;
  if (events_.empty()) return result;
  for (double StageTimes::*stage :
       {&StageTimes::detect, &StageTimes::align, &StageTimes::classify, &StageTimes::total}) {
    std::vector<double> values;
    for (const auto& event : events_) values.push_back(event.times.*stage);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    result.*stage = *middle;
  }
  return result;
}

}  // namespace mien
