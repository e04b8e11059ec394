#include "mien/analysis/model_worker.hpp"

#include "mien/emotions/emotion_model.hpp"
#include "mien/faces/face_detector.hpp"

namespace mien {

int run_model_worker() { return serve_model({serve_emotion_model, serve_detector}); }

}  // namespace mien
