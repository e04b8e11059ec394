#include "mien/analysis/model_trial.hpp"

#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"

namespace mien {

void try_model(const ModelCard& card) {
  if (card.task == ModelCard::Task::face) {
    make_detector(card.id, ModelLibrary({card.folder.parent_path()}));
  } else {
    try_emotion_model(card);
  }
}

}  // namespace mien
