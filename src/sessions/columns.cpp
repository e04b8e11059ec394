#include "mien/sessions/columns.hpp"

#include <array>

namespace mien::sessions {
namespace {

constexpr std::array<const char*, 3> kColumnsWords = {"basic", "movements", "landmarks"};

}  // namespace

const char* word(Columns columns) {
  return kColumnsWords.at(static_cast<std::size_t>(columns));
}

std::optional<Columns> columns_of(std::string_view word) {
  for (std::size_t i = 0; i < kColumnsWords.size(); ++i) {
    if (word == kColumnsWords.at(i)) return static_cast<Columns>(i);
  }
  return std::nullopt;
}

}  // namespace mien::sessions
