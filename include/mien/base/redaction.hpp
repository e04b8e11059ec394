#pragma once

#include <string>
#include <string_view>

namespace mien::base {

/// A network address without what may be secret in it: user name, password, query, fragment,
/// and what follows the name of a credential in its path ("/user=admin&password=..."). Any
/// other text, a path or "camera:0" among them, comes back as it is. `address` is the address
/// alone, so that a password with spaces in it is found; for a sentence there is
/// redact_addresses().
///
/// To be used wherever an address leaves the program's memory: settings, documents, reports,
/// titles, names of folders, notices, errors, output.
std::string redact_address(std::string_view address);

/// A text in which every address is as redact_address() gives it. An address ends at a white
/// space or a quotation mark.
std::string redact_addresses(std::string_view text);

}  // namespace mien::base
