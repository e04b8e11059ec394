#pragma once

#include <functional>
#include <memory>
#include <string>

#include "mien/outputs/output.hpp"

#include "web_crowd.hpp"
#include "web_feed.hpp"
#include "web_request.hpp"

namespace mien::outputs {

/// HTTP and WebSockets over civetweb: a thread for each connection, of which there are only so
/// many, so a listener that does not read keeps nobody waiting but itself.
class WebServer {
 public:
  /// At most so many at /ws; further ones are told so.
  static constexpr std::size_t kListeners = 32;

  /// Listens from now on. Both functions may be called by any thread. Throws base::Error with a
  /// sentence when it cannot.
  WebServer(WebRules rules, std::shared_ptr<WebFeed> feed, std::shared_ptr<WebCrowd> crowd,
            std::function<std::string()> state, std::function<bool(Command)> command);
  /// Ends the feed and all connections. A request that is being read delays it by up to two
  /// seconds.
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

 private:
  class Connections;
  std::unique_ptr<Connections> connections_;
};

}  // namespace mien::outputs
