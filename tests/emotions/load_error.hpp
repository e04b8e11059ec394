#pragma once

#include <string>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"

namespace mien::emotions {

/// What is said when a model is loaded; nothing when it loads.
inline std::string load_error(const models::ModelCard& card) {
  try {
    load_emotion_model(card);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace mien::emotions
