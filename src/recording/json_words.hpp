#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace mien {

/// What stands under a key of a session.json, or nothing: documents come from disk, from older
/// and later versions, and must not be trusted to hold what they should.

inline const nlohmann::json& object_in(const nlohmann::json& json, const char* key) {
  static const nlohmann::json nothing = nlohmann::json::object();
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : nothing;
}

inline const nlohmann::json& list_in(const nlohmann::json& json, const char* key) {
  static const nlohmann::json nothing = nlohmann::json::array();
  if (!json.is_object()) return nothing;
  const auto found = json.find(key);
  return found != json.end() && found->is_array() ? *found : nothing;
}

inline std::string text_in(const nlohmann::json& json, const char* key) {
  if (!json.is_object()) return {};
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

inline double number_in(const nlohmann::json& json, const char* key, double instead = 0) {
  if (!json.is_object()) return instead;
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : instead;
}

inline std::int64_t whole_in(const nlohmann::json& json, const char* key,
                             std::int64_t instead = 0) {
  if (!json.is_object()) return instead;
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>()
                                                           : instead;
}

inline bool yes_in(const nlohmann::json& json, const char* key, bool instead = false) {
  if (!json.is_object()) return instead;
  const auto found = json.find(key);
  return found != json.end() && found->is_boolean() ? found->get<bool>() : instead;
}

inline std::vector<std::string> texts_in(const nlohmann::json& json, const char* key) {
  std::vector<std::string> texts;
  for (const auto& each : list_in(json, key)) {
    if (each.is_string()) texts.push_back(each.get<std::string>());
  }
  return texts;
}

/// Of a session.json that recovery had to make anew: what it was made of and what is not known,
/// a sentence or two. Empty for others.
inline std::string rebuilt_words(const nlohmann::json& document) {
  return text_in(document, "rebuilt");
}

}  // namespace mien
