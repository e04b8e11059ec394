#pragma once

#include <opencv2/dnn.hpp>

namespace mien::models {

/// True in a worker that was started to find the layer at which an earlier one crashed.
bool runs_layer_by_layer();

/// Call before a network runs for the first time, with its input set. In a worker it notes that
/// the run begins. Where an earlier worker ended in that run, the layers are run one by one
/// with a note of each, so that the sentence can name the one that ends it; elsewhere nothing
/// happens. The thread that serves.
void run_by_layers(cv::dnn::Net& net);

}  // namespace mien::models
