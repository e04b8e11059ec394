#include "web_feed.hpp"

#include <algorithm>
#include <utility>

namespace mien::outputs {

void WebFeed::send_frame(Text frame) {
  const base::MutexLock lock(mutex_);
  for (auto& seat : seats_) {
    if (seat.waiting.size() - seat.markers >= kFrames) {
      seat.waiting.erase(std::find_if(seat.waiting.begin(), seat.waiting.end(),
                                      [](const Item& item) { return !item.marker; }));
      ++lost_;
    }
    seat.waiting.push_back({frame, false});
    seat.wake();
  }
  newest_ = std::move(frame);
}

void WebFeed::send_marker(const Text& marker) {
  const base::MutexLock lock(mutex_);
  for (auto& seat : seats_) {
    if (seat.markers >= kMarkers) {
      seat.waiting.erase(std::find_if(seat.waiting.begin(), seat.waiting.end(),
                                      [](const Item& item) { return item.marker; }));
      --seat.markers;
    }
    seat.waiting.push_back({marker, true});
    ++seat.markers;
    seat.wake();
  }
}

void WebFeed::end() {
  const base::MutexLock lock(mutex_);
  ended_ = true;
  for (auto& seat : seats_) seat.wake();
}

WebFeed::Text WebFeed::newest() const {
  const base::MutexLock lock(mutex_);
  return newest_;
}

std::size_t WebFeed::listeners() const {
  const base::MutexLock lock(mutex_);
  return seats_.size();
}

WebFeed::Listener::Listener(WebFeed& feed, std::function<void()> wake) : feed_(feed) {
  const base::MutexLock lock(feed_.mutex_);
  seat_ = feed_.seats_.emplace(feed_.seats_.end());
  seat_->wake = std::move(wake);
  if (feed_.newest_) seat_->waiting.push_back({feed_.newest_, false});
}

WebFeed::Listener::~Listener() {
  const base::MutexLock lock(feed_.mutex_);
  feed_.seats_.erase(seat_);
}

WebFeed::Text WebFeed::Listener::take() {
  const base::MutexLock lock(feed_.mutex_);
  if (seat_->waiting.empty()) return nullptr;
  auto item = std::move(seat_->waiting.front());
  seat_->waiting.pop_front();
  if (item.marker) --seat_->markers;
  return std::move(item.text);
}

bool WebFeed::Listener::ended() const {
  const base::MutexLock lock(feed_.mutex_);
  return feed_.ended_;
}

}  // namespace mien::outputs
