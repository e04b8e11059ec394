#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/base/error.hpp"

namespace mien::base {

/// What a JSON document from outside may hold at most. Deeper ones exhaust the stack when they
/// are copied or written; objects of ordered_json take quadratic time.
struct JsonBounds {
  int depth = 32;
  std::size_t values = 500'000;  ///< keys and values of all kinds, in all
  std::size_t members = 5'000;   ///< of one object
};

/// Parses JSON of unknown origin, as nlohmann::json or nlohmann::ordered_json. Throws Error
/// "it ...", for the end of a sentence, when it is beyond the bounds, and nlohmann's exceptions
/// when it is no JSON or has a number that no double can hold.
template <typename Json = nlohmann::json>
Json parse_bounded_json(std::string_view text, const JsonBounds& bounds = {}) {
  std::size_t values = 0;
  std::vector<std::size_t> members;  // of the objects that are open; 0 for lists
  const auto count = [&](int depth, typename Json::parse_event_t event, Json&) {
    using Event = typename Json::parse_event_t;
    if (depth > bounds.depth) throw Error("it has lists too deep in each other");
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        members.push_back(0);
        break;
      case Event::object_end:
      case Event::array_end:
        if (!members.empty()) members.pop_back();
        break;
      case Event::key:
        if (!members.empty() && ++members.back() > bounds.members) {
          throw Error("it has an object of too many members");
        }
        break;
      case Event::value:
        break;
    }
    if (++values > bounds.values) throw Error("it holds too many values");
    return true;
  };
  return Json::parse(text.begin(), text.end(), count);
}

}  // namespace mien::base
