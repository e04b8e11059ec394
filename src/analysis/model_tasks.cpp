#include "mien/analysis/model_tasks.hpp"

#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/canonical_face.hpp"
#include "mien/movements/covered_mouth.hpp"
#include "mien/movements/learned_movements.hpp"
#include "mien/movements/mesh_network.hpp"

namespace mien::analysis {

int run_model_worker() {
  return models::serve_model(
      {emotions::serve_emotion_model, faces::serve_detector, movements::serve_mesh_network});
}

void try_model(const models::ModelCard& card) {
  using Task = models::ModelCard::Task;
  switch (card.task) {
    case Task::face:
      faces::make_detector(card.id, models::ModelLibrary({card.folder.parent_path()}));
      break;
    case Task::landmarks:
      movements::load_mesh_network(card);
      movements::read_canonical_face(card);
      break;
    case Task::movements:
      movements::load_learned_movements(card);
      movements::load_covered_mouth(card);
      break;
    case Task::emotion:
      emotions::try_emotion_model(card);
      break;
  }
}

}  // namespace mien::analysis
