#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mien/outputs/output.hpp"

namespace mien::outputs {

/// A spec taken apart.
struct Spec {
  Protocol protocol;
  std::string argument;  ///< empty where there is none
};

/// Throws base::Error when the table has no such protocol, or its argument cannot be one.
Spec parse_spec(std::string_view spec, const std::vector<Protocol>& table);

}  // namespace mien::outputs
