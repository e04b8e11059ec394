#include "card_options.hpp"

#include <algorithm>
#include <set>

#include "mien/base/error.hpp"

namespace mien {

void CardOptions::fail(const std::string& key, const std::string& what) const {
  throw Error("The model card of " + card_id_ + " cannot be used: \"options." + key + "\" " +
              what + ".");
}

float CardOptions::number(const std::string& key, float fallback, float low, float high) const {
  const auto it = options_.find(key);
  if (it == options_.end()) return fallback;
  if (!it->is_number()) fail(key, "must be a number");
  const auto value = it->get<double>();
  if (!(value >= low && value <= high)) fail(key, "is out of range");
  return static_cast<float>(value);
}

std::string CardOptions::text(const std::string& key, const std::string& fallback) const {
  const auto it = options_.find(key);
  return it != options_.end() && it->is_string() ? it->get<std::string>() : fallback;
}

std::vector<AnchorGrid> CardOptions::grids(const std::string& key) const {
  const auto it = options_.find(key);
  if (it == options_.end()) fail(key, "is missing");
  if (!it->is_array() || it->empty()) fail(key, "must list at least one grid");
  std::vector<AnchorGrid> grids;
  std::set<int> sizes;
  for (const auto& item : *it) {
    const auto whole = [&](const char* name, int most) {
      const auto value = item.is_object() ? item.find(name) : item.end();
      if (!item.is_object() || value == item.end() || !value->is_number_integer() ||
          value->get<std::int64_t>() < 1 || value->get<std::int64_t>() > most) {
        fail(key, "needs \"" + std::string(name) + "\" from 1 to " + std::to_string(most));
      }
      return value->get<int>();
    };
    const AnchorGrid grid{whole("cells", 256), whole("anchors", 64)};
    if (!sizes.insert(grid.count()).second ||
        !sizes.insert(grid.count() * kBlazeFaceValues).second) {
      fail(key, "has two grids that cannot be told apart by their size");
    }
    grids.push_back(grid);
  }
  return grids;
}

}  // namespace mien
