#include "fuzz.hpp"
#include "web_request.hpp"

namespace mien::fuzz {
namespace {

using outputs::WebDecision;

/// Lines: method, path, query, host, origin, authorization, token, site, mode, length. An empty
/// one, from the fourth on, was not sent. The rest is the body.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::string_view next() {
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_ = end == rest_.npos ? std::string_view() : rest_.substr(end + 1);
    return line;
  }
  std::optional<std::string_view> header() {
    const auto line = next();
    return line.empty() ? std::nullopt : std::optional(line);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

bool holds(const std::optional<std::string_view>& header, std::string_view text) {
  return header && header->find(text) != header->npos;
}

void check(const outputs::WebRequest& request, const outputs::WebRules& rules) {
  const auto decision = outputs::decide(request, rules);
  const bool refused = decision.action == WebDecision::Action::refuse;
  if (refused != (decision.status >= 400)) std::abort();
  if (refused && decision.sentence.empty()) std::abort();
  if (refused || decision.action == WebDecision::Action::preflight) return;
  // The token has no character that needs a percent sign, which may still be there.
  const bool could_know = holds(request.authorization, rules.token) ||
                          holds(request.token, rules.token) ||
                          outputs::query_value(request.query, "token") == rules.token;
  const bool command = decision.action == WebDecision::Action::command;
  if (command && (!could_know || request.content_length > outputs::kLongestBody)) std::abort();
  if (!decision.allow_origin.empty() && !could_know) std::abort();
  const bool data = command || decision.action == WebDecision::Action::state ||
                    decision.action == WebDecision::Action::listen;
  if (data && rules.address.open && !could_know) std::abort();
  if (data && !could_know && request.origin &&
      (!request.host || request.origin->size() != request.host->size() + 7)) {
    std::abort();
  }
  if (!rules.address.open && !request.host) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Lines lines(fuzz::text_of(data, size));
  outputs::WebRequest request;
  request.method = lines.next();
  request.path = lines.next();
  request.query = lines.next();
  request.host = lines.header();
  request.origin = lines.header();
  request.authorization = lines.header();
  request.token = lines.header();
  request.fetch_site = lines.header();
  request.fetch_mode = lines.header();
  const auto length = lines.next();
  request.content_length = static_cast<std::int64_t>(length.size()) - 1;
  request.upgrade = request.path == "/ws";
  check(request, {outputs::WebAddress{}, "5ec4e7"});
  check(request, {outputs::WebAddress{"0.0.0.0", 8600, true}, "5ec4e7"});
  for (const auto kind : {outputs::Command::Kind::marker, outputs::Command::Kind::neutral}) {
    fuzz::expect_error_at_most([&] {
      const auto command = outputs::read_command(kind, lines.rest());
      if (command.person < 0 || command.text.size() > outputs::kLongestMarker) std::abort();
    });
  }
  fuzz::expect_error_at_most([&] {
    const auto address = outputs::parse_web_address(lines.rest());
    if (!address.open && !outputs::is_loopback(address.host)) std::abort();
  });
  return 0;
}

}  // namespace mien::fuzz
