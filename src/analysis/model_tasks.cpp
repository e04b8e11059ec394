#include "mien/analysis/model_tasks.hpp"

#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"

namespace mien::analysis {

int run_model_worker() {
  return models::serve_model({emotions::serve_emotion_model, faces::serve_detector});
}

void try_model(const models::ModelCard& card) {
  if (card.task == models::ModelCard::Task::face) {
    faces::make_detector(card.id, models::ModelLibrary({card.folder.parent_path()}));
  } else {
    emotions::try_emotion_model(card);
  }
}

}  // namespace mien::analysis
