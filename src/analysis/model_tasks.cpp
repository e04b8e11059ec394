#include "mien/analysis/model_tasks.hpp"

#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"

namespace mien {

int run_model_worker() { return serve_model({serve_emotion_model, serve_detector}); }

void try_model(const ModelCard& card) {
  if (card.task == ModelCard::Task::face) {
    make_detector(card.id, ModelLibrary({card.folder.parent_path()}));
  } else {
    try_emotion_model(card);
  }
}

}  // namespace mien
