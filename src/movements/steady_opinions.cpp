#include "mien/movements/steady_opinions.hpp"

#include <algorithm>

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
    if (std::any_of(known.held.begin(), known.held.end(), is_same)) continue;
    known.held.push_back({opinion, SteadyTruth(kTimeConstant, kBegins, kEnds)});
    if (anew) known.held.back().truth.begin(true);
  }
  known.shown.clear();
  for (auto& held : known.held) {
    const bool is_true = std::find(now.begin(), now.end(), held.opinion) != now.end();
    if (held.truth.update(is_true, anew ? 0 : passed)) known.shown.push_back(held.opinion);
  }
  std::erase_if(known.held, [](const Held& held) {
    return !held.truth.holds() && held.truth.share() < kForgotten;
  });
  return known.shown;
}

}  // namespace mien::movements
