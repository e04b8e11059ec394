#pragma once

#include <string>

namespace mien {

/// The value behind `key` in a file of lines "key : value" or "key=value", without quotation
/// marks; empty when there is none.
std::string value_in_file(const char* file, const std::string& key, char between = ':');

/// The processor's name, "unknown processor" when the system has none.
std::string processor_name();

}  // namespace mien
