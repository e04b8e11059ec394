#include "notice_board.hpp"

#include <algorithm>

namespace mien {
namespace {

constexpr double kSlide = 0.22;
constexpr double kFade = 0.5;
constexpr std::size_t kMostNotices = 4;

double reading_time(const Notice& notice) {
  const double base = notice.level == Notice::Level::info ? 4.0 : 7.0;
  return base + 0.03 * static_cast<double>(notice.text.size());
}

}  // namespace

void NoticeBoard::add(Notice notice, double now) {
  for (auto& item : items_) {
    if (item.notice.text == notice.text && now < item.leaves) {
      item.leaves = now + reading_time(notice);
      return;
    }
  }
  const double leaves = now + reading_time(notice);
  items_.push_back({std::move(notice), now, leaves});
  if (items_.size() > kMostNotices) items_.erase(items_.begin());
}

void NoticeBoard::update(double now) {
  std::erase_if(items_, [&](const Item& item) { return now >= item.leaves + kFade; });
}

void NoticeBoard::dismiss(std::size_t index, double now) {
  if (index < items_.size()) items_[index].leaves = std::min(items_[index].leaves, now);
}

float NoticeBoard::presence(const Item& item, double now) {
  const double in = std::clamp((now - item.born) / kSlide, 0.0, 1.0);
  const double out = std::clamp((now - item.leaves) / kFade, 0.0, 1.0);
  return static_cast<float>(in * (2 - in) * (1 - out));
}

bool NoticeBoard::moving(double now) const {
  return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
    return now < item.born + kSlide || now >= item.leaves;
  });
}

}  // namespace mien
