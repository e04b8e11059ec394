#include "mien/emotions/emotion_model.hpp"

#include "command.hpp"

namespace mien {

ModelCard choose_model(const ModelLibrary& library, const std::string& id,
                       const std::string& reading) {
  ModelCard card =
      library.find(id.empty() ? default_emotion_model(library) : id, ModelCard::Task::emotion);
  try {
    return with_reading(std::move(card), reading);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace mien
