#pragma once

#include <string>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"

namespace mien {

/// What is said when a model is loaded; nothing when it loads.
inline std::string complaint(const ModelCard& card) {
  try {
    load_emotion_model(card);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace mien
