#pragma once

#include <string_view>

namespace mien {

/// Whether `a` comes before `b` as people sort names: frame9 before frame10, case set aside. A
/// strict total order.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace mien
