#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "mien/models/model_card.hpp"

namespace mien::models {

/// A loaded model as a worker serves it: numbers for a picture.
using ServedModel = std::function<std::vector<float>(const cv::Mat& bgr)>;

/// Loads models in a worker. All may throw anything; the sentence reaches whoever asked.
struct ModelLoaders {
  std::function<ServedModel(const ModelCard&)> load_emotion;
  std::function<ServedModel(const ModelCard&)> load_detector;
  std::function<ServedModel(const ModelCard&)> load_landmarks;
};

/// The worker's end of ModelProcess: limits and locks this process in, does what it is asked
/// over system::parent_socket(), and leaves when nobody is there any more. Returns an exit
/// code. For main() only; no thread may run yet.
int serve_model(const ModelLoaders& loaders);

/// Notes what is being done, in case it ends this process ("its layer conv1 (Conv)"). Does
/// nothing outside of a worker. The thread that serves.
void set_crash_note(std::string_view what);

/// The newest such note; empty outside of a worker.
std::string model_progress();

}  // namespace mien::models
