#include "spec.hpp"

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/outputs/outputs.hpp"

namespace mien::outputs {
namespace {

/// Longer than any address that means something; it comes from settings and command lines.
constexpr std::size_t kLongestSpec = 1024;

std::string protocol_forms(const std::vector<Protocol>& table) {
  std::string text;
  for (const auto& protocol : table) {
    if (!text.empty()) text += ", ";
    text += protocol.word;
    if (*protocol.argument != '\0') text += std::string(":") + protocol.argument;
  }
  return text;
}

}  // namespace

Spec parse_spec(std::string_view spec, const std::vector<Protocol>& table) {
  if (spec.size() > kLongestSpec) {
    throw base::Error("Where to send is too long (" + std::to_string(spec.size()) +
                      " characters); choose one of " + protocol_forms(table) + ".");
  }
  const auto colon = spec.find(':');
  const auto word = spec.substr(0, colon);
  const auto found = std::find_if(table.begin(), table.end(), [&](const Protocol& protocol) {
    return word == protocol.word;
  });
  if (found == table.end()) {
    throw base::Error("\"" + std::string(spec) + "\" names nothing to send to; choose one of " +
                      protocol_forms(table) + ".");
  }
  Spec result{*found, std::string(colon == spec.npos ? "" : spec.substr(colon + 1))};
  if (!result.argument.empty() && *found->argument == '\0') {
    throw base::Error("\"" + std::string(spec) + "\" has something behind the colon, and " +
                      found->name + " takes nothing there; write \"" + found->word + "\".");
  }
  return result;
}

void check_spec(const std::string& spec, const std::vector<Protocol>& table) {
  const auto parsed = parse_spec(spec, table);
  parsed.protocol.make(parsed.argument, Services{});
}

std::string make_spec(const std::string& word, const std::string& argument) {
  return argument.empty() ? word : word + ":" + argument;
}

std::string argument_of(const std::string& spec) {
  const auto colon = spec.find(':');
  return colon == spec.npos ? std::string() : spec.substr(colon + 1);
}

}  // namespace mien::outputs
