#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "mien/outputs/output.hpp"

namespace mien::outputs {

// What the lines of protocols() name, each as Protocol::make.

/// HOST:PORT, by UDP. In osc_output.cpp.
std::unique_ptr<Sender> make_osc_output(std::string_view argument, const Services& services);

/// /dev/videoN, and ",blurred" behind it, or nothing. In camera_output.cpp.
std::unique_ptr<Sender> make_camera_output(std::string_view argument, const Services& services);
/// The virtual cameras that there are, each as it is and blurred.
std::vector<Place> virtual_camera_places();

/// The stream's name, over the Lab Streaming Layer. In lsl_output.cpp.
std::unique_ptr<Sender> make_lsl_output(std::string_view argument, const Services& services);

/// "[ADDRESS:]PORT[,open]": HTTP and WebSockets. In web_output.cpp.
std::unique_ptr<Sender> make_web_output(std::string_view argument, const Services& services);

}  // namespace mien::outputs
