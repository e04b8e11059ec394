#include "mien/base/redaction.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "mien/base/text.hpp"

namespace mien::base {
namespace {

constexpr auto npos = std::string_view::npos;

// Some cameras want the password as a part of the path.
constexpr std::array<std::string_view, 26> kSecretKeys = {
    "user=",       "usr=",       "username=", "login=",         "account=", "password=",
    "passwd=",     "pass=",      "pwd=",      "psw=",           "pw=",      "pin=",
    "token=",      "key=",       "apikey=",   "auth=",          "sig=",     "signature=",
    "session=",    "sessionid=", "sid=",      "authorization=", "secret=",  "credential=",
    "jsessionid=", "phpsessid="};

// Those that are recognised with a single slash too: a typing error that must not show a
// password.
constexpr std::array<std::string_view, 12> kNetworkSchemes = {"http", "https", "rtsp", "rtsps",
                                                              "rtmp", "rtmps", "ftp",  "srt",
                                                              "udp",  "rtp",   "mms",  "tcp"};

bool is_scheme_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '.' || c == '-';
}

/// Where an address begins, and what of it the scheme and its slashes take.
struct Start {
  std::size_t at = 0;
  std::size_t rest = 0;
};

std::optional<Start> find_address(std::string_view text, std::size_t from) {
  for (auto colon = text.find(":/", from); colon != npos; colon = text.find(":/", colon + 1)) {
    std::size_t at = colon;
    while (at > from && is_scheme_character(text[at - 1])) --at;
    // "1http" is no scheme, and "x.http" is none that anybody means.
    while (at < colon && std::isalpha(static_cast<unsigned char>(text[at])) == 0) ++at;
    const std::string scheme = ascii_lower(text.substr(at, colon - at));
    if (scheme.empty() || scheme == "file") continue;
    const bool known = std::find(kNetworkSchemes.begin(), kNetworkSchemes.end(), scheme) !=
                       kNetworkSchemes.end();
    if (!known && text.substr(colon, 3) != "://") continue;
    return Start{at, std::min(text.find_first_not_of('/', colon + 1), text.size())};
  }
  return std::nullopt;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// host, host:port or [address]:port.
bool is_plain_host(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == npos) return false;
    authority.remove_prefix(end);
  }
  const auto colon = authority.find(':');
  return colon == npos || is_port(authority.substr(colon + 1));
}

/// A number, or this computer: what no user name is likely to be.
bool is_certain_host(std::string_view host) {
  if (host.starts_with('[')) return true;
  host = host.substr(0, host.find(':'));
  return ascii_lower(host) == "localhost" || (std::count(host.begin(), host.end(), '.') == 3 &&
                                              host.find_first_not_of("0123456789.") == npos);
}

/// What stands before the host is left out: all before the last "@" that can end a password,
/// also of a password that was not encoded and has a slash in it.
std::string_view without_user(std::string_view rest) {
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const bool plain = authority.find('@') == npos && is_plain_host(authority);
  const auto query = rest.find_first_of("?#");
  const auto head = rest.substr(0, query);
  const auto last = head.rfind('@');
  if (plain) {
    // "host/@name" and "host/a@b" hold no secret; "user/x:password@host" and
    // "user:12/password@host" do.
    const bool secret_in_path =
        last != npos &&
        (head.substr(0, last).find(':', authority.size()) != npos ||
         (authority.find(':') != npos && !is_certain_host(authority) && head[last - 1] != '/'));
    if (secret_in_path) return rest.substr(last + 1);
    // "user:12?34@host": not to be told from a port and a query, so nothing of it is shown.
    if (query == authority.size() && rest.find('@') != npos) return {};
    return rest;
  }
  if (const auto at = authority.rfind('@'); at != npos) {
    const auto host = authority.substr(at + 1);
    const bool has_port = host.find(':') != npos && host.back() != ':';
    if (is_plain_host(host) && (has_port || is_certain_host(host))) return rest.substr(at + 1);
  }
  const auto any = last != npos ? last : rest.rfind('@');
  return any == npos ? std::string_view() : rest.substr(any + 1);
}

std::string_view without_secrets_of_path(std::string_view rest) {
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto path = rest.find('/');
  if (path == npos) return rest;
  std::string small = ascii_lower(rest);
  // A query whose marks were encoded, by slip or for a gateway, is one all the same.
  std::size_t end = std::min(small.find("%3f", path), rest.size());
  if (small.find("%3d", end) == npos && small.find('=', end) == npos) end = rest.size();
  for (auto at = small.find("%3d", path); at != npos; at = small.find("%3d", at + 1)) {
    small.replace(at, 3, "=  ");
  }
  for (const auto key : kSecretKeys) {
    for (auto at = small.find(key, path); at != npos; at = small.find(key, at + 1)) {
      // "monkey=" is no key.
      if (std::isalpha(static_cast<unsigned char>(small[at - 1])) == 0) end = std::min(end, at);
    }
  }
  rest = rest.substr(0, end);
  while (end < small.size() && !rest.empty() && rest.back() != '/' &&
         std::isalnum(static_cast<unsigned char>(rest.back())) == 0) {
    rest.remove_suffix(1);  // the "&" or "_" before the key
  }
  return rest;
}

}  // namespace

std::string redact_address(std::string_view address) {
  const auto start = find_address(address, 0);
  if (!start) return std::string(address);
  std::string result(address.substr(0, start->rest));
  const auto rest = address.substr(start->rest);
  const auto shown = without_secrets_of_path(without_user(rest));
  result += shown.empty() && !rest.empty() ? "…" : shown;
  return result;
}

std::string redact_addresses(std::string_view text) {
  std::string result;
  std::size_t done = 0;
  while (const auto start = find_address(text, done)) {
    const auto end = std::min(text.find_first_of(" \t\r\n\"'<>", start->rest), text.size());
    auto address = text.substr(start->at, end - start->at);
    // What ends the clause is not the address's.
    const auto last = address.find_last_not_of(".,;:!)");
    const auto tail = last == npos ? std::string_view() : address.substr(last + 1);
    address.remove_suffix(tail.size());
    result += text.substr(done, start->at - done);
    result += redact_address(address);
    result += tail;
    done = end;
  }
  result += text.substr(done);
  return result;
}

}  // namespace mien::base
