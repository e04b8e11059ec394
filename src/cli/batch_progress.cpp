#include "batch_progress.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr int kBarCells = 20;

std::string bar(double share) {
  const int full = std::clamp(static_cast<int>(std::lround(share * kBarCells)), 0, kBarCells);
  return '[' + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kBarCells - full), '-') + ']';
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 90) return std::to_string(whole) + " s";
  if (whole < 5400) return std::to_string((whole + 30) / 60) + " min";
  return decimal(static_cast<double>(whole) / 3600, 1) + " h";
}

}  // namespace

BatchProgress::Lane BatchProgress::begin(const std::string& name,
                                         std::optional<std::int64_t> frames) {
  const MutexLock lock(mutex_);
  lanes_[next_] = {name, std::max<std::int64_t>(0, frames.value_or(0)), 0};
  return next_++;
}

void BatchProgress::advance(Lane lane) {
  const MutexLock lock(mutex_);
  ++lanes_[lane].done;
  ++frames_;
  show();
}

void BatchProgress::end(Lane lane) {
  const MutexLock lock(mutex_);
  lanes_.erase(lane);
  ++finished_;
  ++worked_;
  if (lanes_.empty()) line_.clear();
}

void BatchProgress::skip() {
  const MutexLock lock(mutex_);
  ++finished_;
}

void BatchProgress::show() {
  if (!line_.wanted() || Clock::now() - shown_ < std::chrono::milliseconds{200}) return;
  shown_ = Clock::now();
  line_.show(text());
}

std::string BatchProgress::text() const {
  auto work = static_cast<double>(worked_);
  bool known = true;
  std::string names;
  for (const auto& [lane, input] : lanes_) {
    std::string far;
    if (input.frames > 0) {
      const double share =
          std::min(1.0, static_cast<double>(input.done) / static_cast<double>(input.frames));
      work += share;
      far = percent(share);
    } else {
      known = false;
      far = "frame " + std::to_string(input.done);
    }
    names += (names.empty() ? "" : ", ") + input.name + ' ' + far;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const auto to_do = static_cast<double>(inputs_ - finished_ + worked_);
  std::string text;
  if (inputs_ > 1) {
    text = std::to_string(finished_) + " of " + std::to_string(inputs_) + " done, ";
  }
  text += names;
  if (known) text = bar(work / to_do) + ' ' + text;
  text += ", " + decimal(static_cast<double>(frames_) / seconds, 1) + " frames a second";
  if (known && work > 0) text += ", " + duration(seconds * (to_do - work) / work) + " left";
  return text;
}

}  // namespace mien
