#include "web_server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <civetweb.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/text.hpp"
#include "mien/base/threads.hpp"
#include "mien/system/accepted_connection.hpp"

#include "web_pages.hpp"
#include "websocket_input.hpp"

namespace mien::outputs {
namespace {

using WebClock = std::chrono::steady_clock;

/// For requests beside the listeners, each of which has a thread.
constexpr std::size_t kOtherThreads = 8;
/// Within it a request has come whole, and a listener has read something; milliseconds.
constexpr const char* kPatience = "4000";
/// A listener that reads nothing finds at most this, and what its own side keeps, from before.
constexpr std::size_t kUnread = std::size_t{128} * 1024;
constexpr std::chrono::seconds kPingEvery{10};
constexpr int kUnansweredPings = 2;
/// A listener has nothing to say; whoever sends more between two pings only keeps us busy.
constexpr std::size_t kMostReceived = std::size_t{1024} * 1024;
/// Of a body that is refused: a connection that ends with something unread can lose its answer.
constexpr std::int64_t kMostPassedOver = std::int64_t{256} * 1024;

constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kPolicy = 1008;
constexpr std::uint16_t kTryLater = 1013;

std::optional<std::string_view> header(const mg_connection* connection, const char* name) {
  const char* const value = mg_get_header(connection, name);
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string_view text_or_empty(const char* text) { return text == nullptr ? "" : text; }

WebRequest request_of(const mg_connection* connection) {
  const auto& info = *mg_get_request_info(connection);
  WebRequest request;
  request.method = text_or_empty(info.request_method);
  request.path = text_or_empty(info.local_uri_raw);
  request.query = text_or_empty(info.query_string);
  request.host = header(connection, "Host");
  request.origin = header(connection, "Origin");
  request.authorization = header(connection, "Authorization");
  request.token = header(connection, "X-Mien-Token");
  request.fetch_site = header(connection, "Sec-Fetch-Site");
  request.fetch_mode = header(connection, "Sec-Fetch-Mode");
  request.chunked = header(connection, "Transfer-Encoding").has_value();
  request.content_length = header(connection, "Content-Length") ? info.content_length : 0;
  const auto upgrade = header(connection, "Upgrade");
  const auto wanted = header(connection, "Connection");
  request.upgrade = upgrade && wanted && base::ascii_lower(*upgrade) == "websocket" &&
                    base::ascii_lower(*wanted).find("upgrade") != std::string::npos;
  return request;
}

/// A header's value must not end its line; what civetweb parsed cannot, and this makes sure.
std::string header_safe(std::string_view text) { return base::on_one_line(text); }

void respond(mg_connection* connection, int status, std::string_view type,
             const std::string& more_headers, std::string_view content) {
  const char* const words = mg_get_response_code_text(connection, status);
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " + words +
                     "\r\nConnection: close"
                     "\r\nX-Content-Type-Options: nosniff"
                     "\r\nReferrer-Policy: no-referrer"
                     "\r\nX-Frame-Options: DENY"
                     "\r\n" +
                     more_headers;
  if (!type.empty()) text += "Content-Type: " + std::string(type) + "\r\n";
  if (status != 204) text += "Content-Length: " + std::to_string(content.size()) + "\r\n";
  text += "\r\n";
  text += content;
  mg_disable_connection_keep_alive(connection);
  mg_write(connection, text.data(), text.size());
}

std::string json_sentence(const char* key, std::string_view sentence) {
  const nlohmann::json json = {{key, sentence}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

constexpr const char* kNotStored = "Cache-Control: no-store\r\n";
constexpr const char* kOwnPagesOnly = "Cross-Origin-Resource-Policy: same-origin\r\n";

std::string cors(const std::string& origin) {
  if (origin.empty()) return kOwnPagesOnly;
  return "Access-Control-Allow-Origin: " + header_safe(origin) +
         "\r\nVary: Origin\r\nCross-Origin-Resource-Policy: cross-origin\r\n";
}

/// Nothing from elsewhere, and nothing of a page's own but these files and the WebSocket; older
/// browsers do not take 'self' for ws://.
std::string page_policy(std::string_view host) {
  return "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
         "font-src 'self'; img-src data:; connect-src 'self' ws://" +
         header_safe(host) +
         "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";
}

void refuse(mg_connection* connection, const WebDecision& decision) {
  std::string more = std::string(kNotStored) + cors(decision.allow_origin);
  if (*decision.methods != '\0') more += std::string("Allow: ") + decision.methods + "\r\n";
  if (decision.status == 401) more += "WWW-Authenticate: Bearer realm=\"mien\"\r\n";
  if (decision.status == 426) more += "Upgrade: websocket\r\n";
  respond(connection, decision.status, "application/json", more,
          json_sentence("error", decision.sentence));
}

void answer_preflight(mg_connection* connection, const WebDecision& decision) {
  std::string more =
      std::string(kNotStored) + cors(decision.allow_origin) +
      "Access-Control-Allow-Methods: " + decision.methods +
      "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, X-Mien-Token"
      "\r\nAccess-Control-Max-Age: 600\r\n";
  if (header(connection, "Access-Control-Request-Private-Network")) {
    more += "Access-Control-Allow-Private-Network: true\r\n";
  }
  respond(connection, decision.status, "", more, "");
}

/// Reads and forgets what comes of a body, as far as that is worth it.
void pass_over(mg_connection* connection, std::int64_t bytes) {
  std::array<char, std::size_t{16} * 1024> ignored{};
  for (auto left = std::min(bytes, kMostPassedOver); left > 0;) {
    const int count = mg_read(connection, ignored.data(), ignored.size());
    if (count <= 0) return;
    left -= count;
  }
}

void send_page(mg_connection* connection, const WebPage& page, std::string_view host) {
  if (*page.font == '\0') {
    respond(connection, 200, page.type,
            std::string(kNotStored) + kOwnPagesOnly + (page.document ? page_policy(host) : ""),
            page.content);
    return;
  }
  std::string font;
  try {
    std::ifstream file(base::data_dir() / "assets" / "fonts" / page.font, std::ios::binary);
    font.assign(std::istreambuf_iterator<char>(file), {});
  } catch (const base::Error&) {
    font.clear();  // the page has another one
  }
  if (font.empty()) {
    respond(connection, 404, "application/json", kOwnPagesOnly,
            json_sentence("error", "The program has no such font."));
    return;
  }
  respond(connection, 200, page.type,
          std::string("Cache-Control: max-age=86400\r\n") + kOwnPagesOnly, font);
}

bool write_socket(mg_connection* connection, int opcode, std::string_view content) {
  const int written = mg_websocket_write(connection, opcode, content.data(), content.size());
  return written >= 0 && static_cast<std::size_t>(written) >= content.size();
}

void close_socket(mg_connection* connection, std::uint16_t code) {
  const std::array content = {static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  write_socket(connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE,
               {content.data(), content.size()});
}

}  // namespace

/// One listener, from its handshake until it leaves.
class Conversation {
 public:
  Conversation(mg_connection* connection, WebFeed& feed, std::error_code& error)
      : connection_(connection) {
    const auto& info = *mg_get_request_info(connection);
    error = wire_.find(static_cast<std::uint16_t>(info.server_port), info.remote_addr,
                       static_cast<std::uint16_t>(info.remote_port));
    if (error) return;
    wire_.limit_unread(kUnread);
    listener_.emplace(feed, [this] { wire_.wake(); });
  }

  void run() {
    auto next_ping = WebClock::now() + kPingEvery;
    int unanswered = 0;
    for (std::size_t received = 0;;) {
      if (!send_what_waits()) return;
      const auto now = WebClock::now();
      if (now >= next_ping) {
        if (unanswered >= kUnansweredPings) return;
        if (!write_socket(connection_, MG_WEBSOCKET_OPCODE_PING, "")) return;
        ++unanswered;
        received = 0;
        next_ping = now + kPingEvery;
      }
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next_ping - now);
      if (!wire_.wait(wait).received) continue;
      std::array<char, 4096> bytes{};
      std::error_code error;
      const auto count = wire_.receive(bytes.data(), bytes.size(), error);
      if (error == std::errc::operation_would_block) continue;
      if (count == 0) return;
      received += count;
      if (received > kMostReceived) {
        close_socket(connection_, kPolicy);
        return;
      }
      if (!answer({bytes.data(), count}, unanswered)) return;
    }
  }

  void end() { wire_.end(); }

 private:
  bool send_what_waits() {
    while (const auto text = listener_->take()) {
      if (!write_socket(connection_, MG_WEBSOCKET_OPCODE_TEXT, *text)) return false;
    }
    if (!listener_->ended()) return true;
    close_socket(connection_, kGoingAway);
    return false;
  }

  /// False when it is over.
  bool answer(std::string_view bytes, int& unanswered) {
    std::vector<WebSocketInput::Event> events;
    input_.take(bytes, events);
    for (const auto& event : events) {
      switch (event.what) {
        case WebSocketInput::What::ping:
          if (!write_socket(connection_, MG_WEBSOCKET_OPCODE_PONG, event.content)) return false;
          break;
        case WebSocketInput::What::pong:
          unanswered = 0;
          break;
        case WebSocketInput::What::close:
        case WebSocketInput::What::broken:
          close_socket(connection_, event.code);
          return false;
      }
    }
    return true;
  }

  mg_connection* const connection_;
  system::AcceptedConnection wire_;
  WebSocketInput input_;
  std::optional<WebFeed::Listener> listener_;
};

namespace {

/// civetweb's own state, made once for the whole program: its beginning is not thread-safe.
void use_civetweb() {
  static const bool ready = mg_init_library(MG_FEATURES_WEBSOCKET) != 0;
  if (!ready) {
    throw base::Error("The web output cannot start: the library civetweb has no WebSockets.");
  }
}

}  // namespace

class WebServer::Connections {
 public:
  Connections(WebRules rules, std::shared_ptr<WebFeed> feed, std::shared_ptr<WebCrowd> crowd,
              std::function<std::string()> state, std::function<bool(Command)> command)
      : rules_(std::move(rules)),
        feed_(std::move(feed)),
        crowd_(std::move(crowd)),
        state_(std::move(state)),
        command_(std::move(command)) {
    use_civetweb();
    const std::string where = rules_.address.host + ":" + std::to_string(rules_.address.port);
    const std::string threads = std::to_string(kListeners + kOtherThreads);
    crowd_->set_room(kListeners + kOtherThreads);
    const char* options[] = {"listening_ports",
                             where.c_str(),
                             "num_threads",
                             threads.c_str(),
                             "request_timeout_ms",
                             kPatience,
                             "tcp_nodelay",
                             "1",
                             "enable_keep_alive",
                             "no",
                             "access_control_allow_origin",
                             "",
                             "access_control_allow_methods",
                             "",
                             nullptr};
    mg_callbacks callbacks{};
    callbacks.init_connection = [](const mg_connection* connection, void** /*data*/) {
      from(connection).crowd_->arrived(connection, WebClock::now());
      return 0;
    };
    callbacks.connection_close = [](const mg_connection* connection) {
      from(connection).crowd_->left(connection, WebClock::now());
    };
    callbacks.begin_request = [](mg_connection* connection) {
      return from(connection).take_request(connection);
    };
    callbacks.http_error = [](mg_connection* connection, int status, const char* words) {
      respond(connection, status, "application/json", std::string(kNotStored) + kOwnPagesOnly,
              json_sentence("error", words));
      return 0;
    };
    callbacks.log_message = [](const mg_connection* connection, const char* words) {
      from(connection).keep_message(words);
      return 1;
    };
    mg_init_data start{&callbacks, this, options};
    std::array<char, 256> words{};
    mg_error_data error{};  // its other fields changed between civetweb 1.15 and 1.16
    error.text = words.data();
    error.text_buffer_size = words.size();
    server_ = mg_start2(&start, &error);
    if (server_ == nullptr) throw start_error(where, words.data());
    started_ = true;
    mg_set_websocket_handler(
        server_, "/ws", nullptr,
        [](mg_connection* connection, void* self) {
          static_cast<Connections*>(self)->serve_listener(connection);
        },
        nullptr, nullptr, this);
  }

  ~Connections() {
    feed_->end();
    end_conversations();
    // civetweb looks only every two seconds whether it is to stop, unless somebody calls.
    std::atomic<bool> stopped{false};
    std::thread caller;
    try {
      caller = std::thread([&] { call_until(stopped); });
    } catch (const std::system_error&) {
      // Then it takes the two seconds.
    }
    mg_stop(server_);
    stopped = true;
    if (caller.joinable()) caller.join();
  }
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

 private:
  static Connections& from(const mg_connection* connection) {
    return *static_cast<Connections*>(mg_get_user_data(mg_get_context(connection)));
  }

  base::Error start_error(const std::string& where, const std::string& words) const {
    const auto said = [this](std::errc why) {
      return message_.find(std::make_error_code(why).message()) != std::string::npos;
    };
    const std::string cannot = "The web output cannot listen at " + where + ": ";
    if (said(std::errc::address_in_use)) {
      return base::Error(
          cannot + "another program has that port; choose another one, for example " +
          std::to_string(rules_.address.port == 65535 ? 8600 : rules_.address.port + 1) + ".");
    }
    if (said(std::errc::permission_denied)) {
      return base::Error(cannot +
                         "the system keeps that port for itself; choose one above 1023.");
    }
    if (said(std::errc::address_not_available)) {
      return base::Error(cannot + "this computer has no such address; write one of its own.");
    }
    return base::Error(cannot + base::on_one_line(message_.empty() ? words : message_) + ".");
  }

  void keep_message(const char* words) {
    base::log::debug("outputs", "civetweb: ", words);
    const base::MutexLock lock(mutex_);
    // The reason comes first, and what follows from it later.
    if (!started_ && message_.size() < 1000) message_ += std::string(words) + " ";
  }

  /// 0: civetweb goes on to the WebSocket's handshake. Else the status that was answered.
  int take_request(mg_connection* connection) noexcept {
    const auto arrived = WebClock::now();
    try {
      crowd_->asked(connection);
      const auto request = request_of(connection);
      const auto decision = decide(request, rules_);
      switch (decision.action) {
        case WebDecision::Action::listen:
          if (feed_->listeners() < kListeners) return 0;
          refuse(connection, too_many());
          return 503;
        case WebDecision::Action::preflight:
          answer_preflight(connection, decision);
          break;
        case WebDecision::Action::page:
          send_page(connection, *web_page(request.path), request.host.value_or(""));
          break;
        case WebDecision::Action::state:
          respond(connection, 200, "application/json",
                  std::string(kNotStored) + cors(decision.allow_origin), state_() + "\n");
          break;
        case WebDecision::Action::command:
          return take_command(connection, request, decision, arrived);
        case WebDecision::Action::refuse:
          // Answered from the headers alone: the body may never come.
          refuse(connection, decision);
          pass_over(connection, request.content_length);
          break;
      }
      return decision.status;
    } catch (...) {
      base::log::warn("outputs", "A request failed: ", base::describe_current_exception());
      mg_disable_connection_keep_alive(connection);
      return 500;
    }
  }

  static WebDecision too_many() {
    WebDecision decision;
    decision.status = 503;
    decision.sentence =
        "There are " + std::to_string(kListeners) + " listeners already; close one of them.";
    return decision;
  }

  int take_command(mg_connection* connection, const WebRequest& request, WebDecision decision,
                   WebClock::time_point arrived) {
    std::string body(static_cast<std::size_t>(request.content_length), '\0');
    const int count = body.empty() ? 0 : mg_read(connection, body.data(), body.size());
    if (count < 0 || static_cast<std::size_t>(count) != body.size()) {
      decision.status = 400;
      decision.sentence = "The body did not come whole.";
      refuse(connection, decision);
      return decision.status;
    }
    try {
      auto command = read_command(decision.kind, body);
      command.at = arrived;
      if (command_(std::move(command))) {
        decision.status = 202;
        respond(connection, decision.status, "application/json",
                std::string(kNotStored) + cors(decision.allow_origin), "{\"ok\":true}\n");
        return decision.status;
      }
      decision.status = 503;
      decision.sentence = "The program takes no commands now; try again later.";
    } catch (const base::Error& error) {
      decision.status = 400;
      decision.sentence = error.what();
    }
    refuse(connection, decision);
    return decision.status;
  }

  /// Runs in civetweb's thread of this connection, and stays there: civetweb's own reading of a
  /// WebSocket makes room for whatever length a listener announces.
  void serve_listener(mg_connection* connection) noexcept {
    try {
      converse(connection);
    } catch (...) {
      base::log::warn("outputs", "A listener failed: ", base::describe_current_exception());
    }
    mg_disable_connection_keep_alive(connection);
  }

  void converse(mg_connection* connection) {
    std::error_code error;
    Conversation conversation(connection, *feed_, error);
    if (error) {
      base::log::warn("outputs", "A listener's connection was not found: ", error.message());
      return;
    }
    // Several may have come past the first check at once.
    if (feed_->listeners() > kListeners) {
      close_socket(connection, kTryLater);
      return;
    }
    {
      const base::MutexLock lock(mutex_);
      conversations_.push_back(&conversation);
    }
    try {
      conversation.run();
    } catch (...) {
      forget(conversation);
      throw;
    }
    forget(conversation);
  }

  void forget(const Conversation& conversation) {
    const base::MutexLock lock(mutex_);
    std::erase(conversations_, &conversation);
  }

  /// A second for those that read, to be told; then whoever is still there is cut off.
  void end_conversations() {
    for (const auto deadline = WebClock::now() + std::chrono::seconds(1);
         WebClock::now() < deadline;
         std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
      const base::MutexLock lock(mutex_);
      if (conversations_.empty()) return;
    }
    const base::MutexLock lock(mutex_);
    for (auto* const conversation : conversations_) conversation->end();
  }

  void call_until(const std::atomic<bool>& stopped) const {
    const auto& address = rules_.address;
    const std::string host = address.host == "0.0.0.0" ? "127.0.0.1" : address.host;
    while (!stopped) {
      std::array<char, 256> ignored{};
      if (auto* const call = mg_connect_client(host.c_str(), address.port, 0, ignored.data(),
                                               ignored.size())) {
        mg_close_connection(call);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  const WebRules rules_;
  const std::shared_ptr<WebFeed> feed_;
  const std::shared_ptr<WebCrowd> crowd_;
  const std::function<std::string()> state_;
  const std::function<bool(Command)> command_;
  base::Mutex mutex_;
  std::vector<Conversation*> conversations_ MIEN_GUARDED_BY(mutex_);
  std::atomic<bool> started_{false};
  std::string message_;  ///< what civetweb said when it started
  mg_context* server_ = nullptr;
};

WebServer::WebServer(WebRules rules, std::shared_ptr<WebFeed> feed,
                     std::shared_ptr<WebCrowd> crowd, std::function<std::string()> state,
                     std::function<bool(Command)> command)
    : connections_(std::make_unique<Connections>(std::move(rules), std::move(feed),
                                                 std::move(crowd), std::move(state),
                                                 std::move(command))) {}

WebServer::~WebServer() = default;

}  // namespace mien::outputs
