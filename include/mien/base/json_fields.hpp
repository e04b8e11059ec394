#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/base/numbers.hpp"

namespace mien::base {

// What stands under a key of a JSON document, or nothing: documents come from disk, from older
// and later versions, and must not be trusted to hold what they should. Any kind of
// nlohmann::basic_json, which is not converted into another: a reference into the copy would
// not outlive the call. Any thread.

/// A number with so many digits behind the point; null, for not known, where it is none, which
/// JSON does not have.
inline nlohmann::ordered_json number_or_null(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  return rounded(value, digits);
}

template <typename Json>
const Json& object_in(const Json& json, const char* key) {
  static const Json nothing = Json::object();
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : nothing;
}

template <typename Json>
const Json& object_in(const Json&& json, const char* key) = delete;

/// Of any kind; null when it is not there.
template <typename Json>
const Json& value_in(const Json& json, const char* key) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found != json.end() ? *found : nothing;
}

template <typename Json>
const Json& value_in(const Json&& json, const char* key) = delete;

template <typename Json>
const Json& list_in(const Json& json, const char* key) {
  static const Json nothing = Json::array();
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found != json.end() && found->is_array() ? *found : nothing;
}

template <typename Json>
const Json& list_in(const Json&& json, const char* key) = delete;

template <typename Json>
std::string text_in(const Json& json, const char* key) {
  if (!json.is_object()) return {};
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->template get<std::string>()
                                                   : std::string();
}

template <typename Json>
double number_in(const Json& json, const char* key, double instead = 0) {
  if (!json.is_object()) return instead;
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->template get<double>() : instead;
}

template <typename Json>
std::int64_t whole_in(const Json& json, const char* key, std::int64_t instead = 0) {
  if (!json.is_object()) return instead;
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->template get<std::int64_t>()
                                                           : instead;
}

template <typename Json>
bool yes_in(const Json& json, const char* key, bool instead = false) {
  if (!json.is_object()) return instead;
  const auto found = json.find(key);
  return found != json.end() && found->is_boolean() ? found->template get<bool>() : instead;
}

template <typename Json>
std::vector<std::string> texts_in(const Json& json, const char* key) {
  std::vector<std::string> texts;
  for (const auto& each : list_in(json, key)) {
    if (each.is_string()) texts.push_back(each.template get<std::string>());
  }
  return texts;
}

}  // namespace mien::base
