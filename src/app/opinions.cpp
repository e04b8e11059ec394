#include "opinions.hpp"

#include <utility>

#include "mien/base/error.hpp"

namespace mien::app {

Opinions::Opinions(ui::ViewModel& view, base::BackgroundQueue& disk, std::function<void()> wake,
                   std::function<movements::OpinionFile()> open)
    : view_(view), disk_(disk), wake_(std::move(wake)), open_(std::move(open)) {}

void Opinions::poll(Clock::time_point now) {
  if (auto read = shared_->read.try_pop()) {
    view_.opinions = std::move(read->rules);
    if (!read->problem.empty()) {
      view_.notices.push_back({base::Notice::Level::warning, std::move(read->problem)});
    }
  }
  const bool measured = !view_.status.landmarks_id.empty() || view_.replay;
  if (!measured || (looked_ && now - *looked_ < kLookEvery)) return;
  looked_ = now;
  // A file in a network's folder may take its time.
  if (!disk_.idle()) return;
  disk_.run([shared = shared_, open = open_, wake = wake_] {
    if (shared->failed) return;
    try {
      const bool first = !shared->file;
      if (first) shared->file.emplace(open());
      if (!shared->file->refresh() && !first) return;
      shared->read.push_latest({shared->file->rules(), shared->file->problem()});
    } catch (...) {
      shared->failed = true;
      shared->read.push_latest({nullptr, base::describe_current_exception()});
    }
    wake();
  });
}

}  // namespace mien::app
