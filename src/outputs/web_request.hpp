#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mien/outputs/output.hpp"

#include "web_address.hpp"

namespace mien::outputs {

// What the web output makes of a request, without any socket: pure functions over bytes of
// unknown origin.

/// A request without its body. Views of the server's memory; what was not sent is nothing.
struct WebRequest {
  std::string_view method{};
  std::string_view path{};  ///< decoded, without the query
  std::string_view query{};
  std::optional<std::string_view> host{};
  std::optional<std::string_view> origin{};
  std::optional<std::string_view> authorization{};
  std::optional<std::string_view> token{};       ///< X-Mien-Token
  std::optional<std::string_view> fetch_site{};  ///< Sec-Fetch-Site
  std::optional<std::string_view> fetch_mode{};  ///< Sec-Fetch-Mode
  std::int64_t content_length = 0;               ///< below 0: not told
  bool chunked = false;                          ///< Transfer-Encoding
  bool upgrade = false;                          ///< to a WebSocket
};

/// Who may do what.
struct WebRules {
  WebAddress address;
  std::string token;
};

/// Bodies are commands, which are short.
inline constexpr std::int64_t kLongestBody = std::int64_t{64} * 1024;

struct WebDecision {
  enum class Action {
    refuse,     ///< `status`, and `sentence` as the reason
    preflight,  ///< a browser asks whether a page of `allow_origin` may command with a token
    page,       ///< one of web_pages(), by the request's path
    state,      ///< the newest frame
    listen,     ///< a WebSocket
    command     ///< `kind`, with what read_command() finds in the body
  };
  Action action = Action::refuse;
  int status = 200;
  std::string sentence{};
  Command::Kind kind{};
  std::string allow_origin{};  ///< a foreign page that has the token; empty for none
  const char* methods = "";    ///< that the path knows, with 405 and for a preflight
};

WebDecision decide(const WebRequest& request, const WebRules& rules);

/// The value of a query's first `key`, percent signs decoded; nothing when it is not there or
/// badly encoded.
std::optional<std::string> query_value(std::string_view query, std::string_view key);

/// The command that a body holds. Throws base::Error with a sentence when it is no good.
Command read_command(Command::Kind kind, std::string_view body);

}  // namespace mien::outputs
