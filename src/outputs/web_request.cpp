#include "web_request.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "mien/base/bounded_json.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

#include "web_pages.hpp"

namespace mien::outputs {
namespace {

using Action = WebDecision::Action;

struct Place {
  std::string_view path;
  const char* methods;
  Action action;
  Command::Kind kind = Command::Kind::marker;
};

constexpr std::array kPlaces = {
    Place{"/state", "GET", Action::state},
    Place{"/ws", "GET", Action::listen},
    Place{"/marker", "POST", Action::command, Command::Kind::marker},
    Place{"/record/start", "POST", Action::command, Command::Kind::record_start},
    Place{"/record/stop", "POST", Action::command, Command::Kind::record_stop},
    Place{"/neutral", "POST", Action::command, Command::Kind::neutral},
};

std::optional<Place> place_of(std::string_view path) {
  const auto found = std::find_if(kPlaces.begin(), kPlaces.end(),
                                  [&](const Place& place) { return place.path == path; });
  if (found != kPlaces.end()) return *found;
  if (web_page(path) != nullptr) return Place{path, "GET", Action::page};
  return std::nullopt;
}

/// A name or address without its port; nothing when it is none.
std::optional<std::string> host_name_in(std::string_view host) {
  const auto [name, port] = base::split(host, ':');
  if (name.empty() || name.size() > 255) return std::nullopt;
  if (name.size() != host.size()) {
    std::uint16_t number = 0;
    if (!base::parse_number(port, number)) return std::nullopt;
  }
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') ||
           (base::ascii_lower(c) >= 'a' && base::ascii_lower(c) <= 'z') || c == '.' ||
           c == '-' || c == '_';
  });
  if (!plain) return std::nullopt;
  return base::ascii_lower(name);
}

/// Whether a browser that was told this host came to where it thinks it is. A name of somebody
/// else's that leads to this computer (DNS rebinding) is none of this computer's, and a page
/// from there would count as this program's own.
bool host_is_ours(const WebRequest& request, const WebRules& rules) {
  if (!request.host) return false;
  const auto name = host_name_in(*request.host);
  if (!name) return false;
  // In the network it has names that nobody here knows; there the token tells who may read.
  if (rules.address.open) return true;
  return *name == "localhost" || is_loopback(*name) || *name == rules.address.host;
}

bool is_foreign(const WebRequest& request) {
  if (request.origin) {
    return base::ascii_lower(*request.origin) !=
           "http://" + base::ascii_lower(request.host.value_or(""));
  }
  if (!request.fetch_site || *request.fetch_site == "same-origin" ||
      *request.fetch_site == "none") {
    return false;
  }
  // A link on another page may lead here: the page that comes then holds nothing.
  return !(request.fetch_mode && *request.fetch_mode == "navigate");
}

/// In the same time whichever character is wrong.
bool same_secret(std::string_view given, std::string_view secret) {
  if (given.size() != secret.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(secret[i]);
  }
  return difference == 0;
}

std::optional<std::string> token_in(const WebRequest& request) {
  constexpr std::string_view kBearer = "bearer ";
  if (request.authorization &&
      base::ascii_lower(request.authorization->substr(0, kBearer.size())) == kBearer) {
    return base::trimmed(request.authorization->substr(kBearer.size()));
  }
  if (request.token) return base::trimmed(*request.token);
  return query_value(request.query, "token");
}

WebDecision refusal(int status, std::string sentence) {
  WebDecision decision;
  decision.status = status;
  decision.sentence = std::move(sentence);
  return decision;
}

WebDecision check_body(const WebRequest& request, WebDecision decision) {
  if (request.chunked || request.content_length < 0) {
    return refusal(411, "A body needs its Content-Length.");
  }
  if (request.content_length > kLongestBody) {
    return refusal(413, "A body has at most " + std::to_string(kLongestBody) + " bytes.");
  }
  return decision;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = base::ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

nlohmann::json parse_body(std::string_view body) {
  try {
    auto json = base::parse_bounded_json(body, {.depth = 4, .values = 64, .members = 16});
    if (!json.is_object()) throw base::Error("it is no object");
    return json;
  } catch (const base::Error& error) {
    throw base::Error(std::string("The body is no good: ") + error.what() + ".");
  } catch (const std::exception&) {
    throw base::Error("The body is no JSON.");
  }
}

}  // namespace

std::optional<std::string> query_value(std::string_view query, std::string_view key) {
  while (!query.empty()) {
    const auto [part, rest] = base::split(query, '&');
    const auto [name, value] = base::split(part, '=');
    if (name == key) return percent_decoded(value);
    if (part.size() == query.size()) break;
    query = rest;
  }
  return std::nullopt;
}

WebDecision decide(const WebRequest& request, const WebRules& rules) {
  if (!host_is_ours(request, rules)) {
    return refusal(403, "This program is not to be had under that name; open http://" +
                            rules.address.host + ":" + std::to_string(rules.address.port) +
                            "/.");
  }
  const auto place = place_of(request.path);
  if (!place) return refusal(404, "There is nothing of that name here.");

  const bool foreign = is_foreign(request);
  if (request.method == "OPTIONS" && foreign && request.origin &&
      place->action != Action::page) {
    // Says nothing but that a token would be looked at: the request itself needs it.
    WebDecision decision;
    decision.action = Action::preflight;
    decision.status = 204;
    decision.allow_origin = *request.origin;
    decision.methods = place->methods;
    return decision;
  }
  if (request.method != place->methods) {
    auto decision = refusal(405, std::string("This takes ") + place->methods + ".");
    decision.methods = place->methods;
    return decision;
  }

  const bool static_file = place->action == Action::page && !web_page(request.path)->document;
  const auto given = token_in(request);
  const bool trusted = given && !rules.token.empty() && same_secret(*given, rules.token);
  if (given && !trusted && !static_file) {
    return refusal(401, "The token is wrong; the menu Send shows the right one.");
  }
  if (foreign && !trusted) {
    return refusal(403, "Pages from elsewhere need the token that the menu Send shows.");
  }
  const bool needs_token =
      place->action == Action::command || (rules.address.open && !static_file);
  if (needs_token && !trusted) {
    return refusal(401, "This needs the token that the menu Send shows.");
  }
  if (place->action == Action::listen && !request.upgrade) {
    return refusal(426, "This is for a WebSocket.");
  }
  WebDecision decision;
  decision.action = place->action;
  decision.kind = place->kind;
  decision.methods = place->methods;
  if (foreign && request.origin) decision.allow_origin = *request.origin;
  if (place->action == Action::command) {
    auto checked = check_body(request, decision);
    checked.allow_origin = decision.allow_origin;
    return checked;
  }
  return decision;
}

Command read_command(Command::Kind kind, std::string_view body) {
  Command command;
  command.kind = kind;
  if (kind == Command::Kind::record_start || kind == Command::Kind::record_stop) return command;
  if (kind == Command::Kind::neutral) {
    if (base::trimmed(body).empty()) return command;
    const auto json = parse_body(body);
    const auto& person = base::value_in(json, "person");
    if (person.is_null()) return command;
    const auto number = base::whole_in(json, "person", -1);
    if (number < 0 || number > std::numeric_limits<int>::max()) {
      throw base::Error("\"person\" is a person's number; without it everybody is meant.");
    }
    command.person = static_cast<int>(number);
    return command;
  }
  const auto text = base::text_in(parse_body(body), "text");
  if (text.size() > kLongestMarker) {
    throw base::Error("A marker has at most " + std::to_string(kLongestMarker) +
                      " bytes of text.");
  }
  command.text = base::trimmed(base::clean_text(text, kLongestMarker));
  if (command.text.empty()) {
    throw base::Error("A marker needs its text, as in {\"text\": \"stimulus 1\"}.");
  }
  return command;
}

}  // namespace mien::outputs
