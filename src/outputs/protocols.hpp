#pragma once

#include <memory>
#include <string_view>

#include "mien/outputs/output.hpp"

namespace mien::outputs {

// What the lines of protocols() name, each as Protocol::make.

/// HOST:PORT, by UDP. In osc_output.cpp.
std::unique_ptr<Sender> make_osc_output(std::string_view argument, const Services& services);

/// "[ADDRESS:]PORT[,open]": HTTP and WebSockets. In web_output.cpp.
std::unique_ptr<Sender> make_web_output(std::string_view argument, const Services& services);

}  // namespace mien::outputs
