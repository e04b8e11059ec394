#pragma once

#include <string>
#include <vector>

#include <opencv2/dnn.hpp>

namespace mien {

/// Sends `shape` through the network's layers without running them: sizes that do not fit
/// together, weights that are fewer than the channels that they are for, and results that are
/// absurdly large are an Error or a cv::Exception here and would be the end of the program
/// there.
void check_network_shapes(cv::dnn::Net& net, const std::vector<int>& shape,
                          const std::string& where);

}  // namespace mien
