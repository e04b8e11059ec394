#include "progress.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

#include "mien/system/terminal.hpp"

#include "output.hpp"

namespace mien::cli {
namespace {

/// `width` cells, "[####......]".
std::string bar(double share, int width) {
  const int full = std::clamp(static_cast<int>(share * width), 0, width);
  return '[' + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(width - full), '.') + ']';
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 90) return std::to_string(whole) + " s";
  if (whole < 5400) return std::to_string((whole + 30) / 60) + " min";
  return base::decimal(static_cast<double>(whole) / 3600, 1) + " h";
}

}  // namespace

std::string progress_bar(std::size_t done, std::size_t all) {
  const double share = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1;
  return bar(share, 30) + ' ' + std::to_string(done) + " of " + std::to_string(all);
}

ProgressLine::ProgressLine() : wanted_(system::errors_go_to_terminal()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(const std::string& text) {
  if (!wanted_) return;
  shown_ = true;
  std::cerr << "\r\033[K" + text << std::flush;
}

void ProgressLine::clear() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
  shown_ = false;
}

BatchProgress::InputId BatchProgress::begin(const std::string& name,
                                            std::optional<std::int64_t> frames) {
  const base::MutexLock lock(mutex_);
  inputs_in_progress_[next_] = {name, std::max<std::int64_t>(0, frames.value_or(0)), 0};
  return next_++;
}

void BatchProgress::advance(InputId id) {
  const base::MutexLock lock(mutex_);
  ++inputs_in_progress_[id].done;
  ++frames_;
  show();
}

void BatchProgress::end(InputId id) {
  const base::MutexLock lock(mutex_);
  inputs_in_progress_.erase(id);
  ++finished_;
  ++processed_;
  if (inputs_in_progress_.empty()) line_.clear();
}

void BatchProgress::skip() {
  const base::MutexLock lock(mutex_);
  ++finished_;
}

void BatchProgress::show() {
  if (!line_.wanted() || Clock::now() - shown_ < std::chrono::milliseconds{200}) return;
  shown_ = Clock::now();
  line_.show(text());
}

std::string BatchProgress::text() const {
  auto work = static_cast<double>(processed_);
  bool known = true;
  std::string names;
  for (const auto& [id, input] : inputs_in_progress_) {
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
  const auto to_do = static_cast<double>(inputs_ - finished_ + processed_);
  std::string text;
  if (inputs_ > 1) {
    text = std::to_string(finished_) + " of " + std::to_string(inputs_) + " done, ";
  }
  text += names;
  if (known) text = bar(work / to_do, 20) + ' ' + text;
  text += ", " + base::decimal(static_cast<double>(frames_) / seconds, 1) + " frames a second";
  if (known && work > 0) text += ", " + duration(seconds * (to_do - work) / work) + " left";
  return text;
}

}  // namespace mien::cli
