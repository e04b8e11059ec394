#include "mien/movements/steady_opinions.hpp"

#include <algorithm>
#include <cmath>

namespace mien::movements {

const std::vector<Opinion>& SteadyOpinions::update(int person, const std::vector<Opinion>& now,
                                                   double seconds) {
  const auto [entry, is_new] = people_.try_emplace(person);
  Person& known = entry->second;
  const double passed = seconds - known.seconds;
  const bool anew = is_new || passed < 0 || passed > kLongestGap;
  known.seconds = seconds;
  if (anew) known.held.clear();
  for (const auto& opinion : now) {
    const auto is_same = [&](const Held& held) { return held.opinion == opinion; };
    if (std::none_of(known.held.begin(), known.held.end(), is_same)) {
      known.held.push_back({opinion, anew ? 1.0F : 0.0F, anew});
    }
  }
  const float step = anew ? 0 : static_cast<float>(1 - std::exp(-passed / kTimeConstant));
  for (auto& held : known.held) {
    const bool is_true = std::find(now.begin(), now.end(), held.opinion) != now.end();
    held.truth += ((is_true ? 1.0F : 0.0F) - held.truth) * step;
    held.shown = held.truth >= (held.shown ? kEnds : kBegins);
  }
  std::erase_if(known.held, [](const Held& held) { return !held.shown && held.truth < 0.02F; });
  known.shown.clear();
  for (const auto& held : known.held) {
    if (held.shown) known.shown.push_back(held.opinion);
  }
  return known.shown;
}

}  // namespace mien::movements
