#pragma once

#include <string>
#include <vector>

#include "mien/base/notice.hpp"

namespace mien::ui {

/// The notices that can be seen: when each slides in, how long it stays, when it fades. Times
/// in seconds of any one clock.
class NoticeBoard {
 public:
  struct Item {
    base::Notice notice;
    double born = 0;
    double leaves = 0;  ///< begins to fade
  };

  /// The newest at most four stay. One that is already there stays longer instead.
  void add(base::Notice notice, double now);
  /// Takes away what has faded.
  void update(double now);
  /// Lets `index` fade at once.
  void dismiss(std::size_t index, double now);

  const std::vector<Item>& items() const { return items_; }

  /// 0 away .. 1 fully there: the way in, and the opacity on the way out.
  static float presence(const Item& item, double now);
  /// Something slides or fades at `now`.
  bool moving(double now) const;

 private:
  std::vector<Item> items_;
};

}  // namespace mien::ui
