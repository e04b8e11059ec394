#include "web_request.hpp"

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "web_pages.hpp"

namespace mien::outputs {
namespace {

using Action = WebDecision::Action;

const WebRules kClosed{WebAddress{}, "5ec4e7"};
const WebRules kOpened{WebAddress{"0.0.0.0", 8600, true}, "5ec4e7"};

WebRequest get(std::string_view path, std::string_view query = "") {
  WebRequest request;
  request.method = "GET";
  request.path = path;
  request.query = query;
  request.host = "127.0.0.1:8600";
  return request;
}

WebRequest post(std::string_view path) {
  auto request = get(path);
  request.method = "POST";
  request.token = "5ec4e7";
  request.content_length = 20;
  return request;
}

TEST(WebAddress, IsAPortOrAnAddressAndAPort) {
  EXPECT_EQ(parse_web_address(""), (WebAddress{"127.0.0.1", 8600, false}));
  EXPECT_EQ(parse_web_address("9000"), (WebAddress{"127.0.0.1", 9000, false}));
  EXPECT_EQ(parse_web_address("127.0.0.2:80"), (WebAddress{"127.0.0.2", 80, false}));
  EXPECT_EQ(parse_web_address("LocalHost:9000"), (WebAddress{"127.0.0.1", 9000, false}));
  EXPECT_EQ(parse_web_address("0.0.0.0:9000,open"), (WebAddress{"0.0.0.0", 9000, true}));
  EXPECT_EQ(parse_web_address("9000,open"), (WebAddress{"127.0.0.1", 9000, true}));
}

TEST(WebAddress, IsNothingElse) {
  for (const char* wrong :
       {"0", "65536", "-1", "port", "8600x", ":8600", "127.0.0.1", "127.0.0.1:", "[::1]:8600",
        "::1:8600", "127.1:8600", "127.0.0.01:8600", "127.0.0.256:8600", "127.0.0.1.1:8600",
        "example.org:8600", "127.0.0.1:8600,closed", "8600, open", "127.0.0.:8600"}) {
    EXPECT_THROW(parse_web_address(wrong), base::Error) << wrong;
  }
}

TEST(WebAddress, OfTheNetworkMustBeMeant) {
  for (const char* reachable : {"0.0.0.0:8600", "192.168.1.7:8600", "128.0.0.1:8600"}) {
    try {
      parse_web_address(reachable);
      ADD_FAILURE() << reachable;
    } catch (const base::Error& error) {
      EXPECT_NE(std::string(error.what()).find(std::string(reachable) + ",open"),
                std::string::npos);
    }
    EXPECT_TRUE(parse_web_address(std::string(reachable) + ",open").open);
  }
}

TEST(WebRequests, GoWhereTheyShould) {
  EXPECT_EQ(decide(get("/"), kClosed).action, Action::page);
  EXPECT_EQ(decide(get("/dashboard"), kClosed).action, Action::page);
  EXPECT_EQ(decide(get("/state"), kClosed).action, Action::state);
  auto listen = get("/ws");
  EXPECT_EQ(decide(listen, kClosed).status, 426);
  listen.upgrade = true;
  EXPECT_EQ(decide(listen, kClosed).action, Action::listen);
  const auto decision = decide(post("/record/stop"), kClosed);
  EXPECT_EQ(decision.action, Action::command);
  EXPECT_EQ(decision.kind, Command::Kind::record_stop);
  EXPECT_EQ(decide(get("/nothing"), kClosed).status, 404);
  EXPECT_EQ(decide(get(""), kClosed).status, 404);
  EXPECT_EQ(decide(get("/marker"), kClosed).status, 405);
  EXPECT_EQ(decide(post("/state"), kClosed).status, 405);
}

TEST(WebRequests, AllPagesHaveContentOrAFont) {
  for (const auto& page : web_pages()) {
    EXPECT_EQ(web_page(page.path), &page);
    EXPECT_NE(page.content.empty(), *page.font == '\0') << page.path;
    EXPECT_EQ(page.content.find("http://"), page.content.npos) << page.path;
    EXPECT_EQ(page.content.find("https://"), page.content.npos) << page.path;
  }
}

TEST(WebRequests, NeedTheTokenToCommand) {
  auto request = post("/marker");
  EXPECT_EQ(decide(request, kClosed).action, Action::command);
  for (const char* wrong : {"", "5ec4e8", "5ec4e", "5ec4e7 0", "5EC4E7"}) {
    request.token = wrong;
    EXPECT_EQ(decide(request, kClosed).status, 401) << wrong;
  }
  request.token = std::nullopt;
  EXPECT_EQ(decide(request, kClosed).status, 401);
  request.authorization = "bearer 5ec4e7";
  EXPECT_EQ(decide(request, kClosed).action, Action::command);
  request.authorization = "Basic 5ec4e7";
  EXPECT_EQ(decide(request, kClosed).status, 401);
  request.authorization = std::nullopt;
  request.query = "a=b&token=5ec4e7";
  EXPECT_EQ(decide(request, kClosed).action, Action::command);
  // Before there is a token nothing is the right one.
  EXPECT_EQ(decide(request, WebRules{WebAddress{}, ""}).status, 401);
  request.query = "token=";
  EXPECT_EQ(decide(request, WebRules{WebAddress{}, ""}).status, 401);
}

TEST(WebRequests, BodiesHaveALengthThatIsShort) {
  auto request = post("/marker");
  request.content_length = kLongestBody;
  EXPECT_EQ(decide(request, kClosed).action, Action::command);
  request.content_length = kLongestBody + 1;
  EXPECT_EQ(decide(request, kClosed).status, 413);
  request.content_length = -1;
  EXPECT_EQ(decide(request, kClosed).status, 411);
  request.content_length = 0;
  request.chunked = true;
  EXPECT_EQ(decide(request, kClosed).status, 411);
}

TEST(WebRequests, OnlyNamesOfThisComputer) {
  auto request = get("/state");
  for (const char* ours :
       {"127.0.0.1", "127.0.0.1:8600", "127.8.8.8", "localhost", "LOCALHOST:1"}) {
    request.host = ours;
    EXPECT_EQ(decide(request, kClosed).action, Action::state) << ours;
  }
  for (const char* theirs :
       {"", ":8600", "example.org", "example.org:8600", "127.0.0.1.example.org", "localhost.",
        "localhost:", "localhost:8600:1", "local host", "localhost/", "user@localhost",
        "127.0.0.1\r\nX: y", "127.1", "2130706433", "0.0.0.0", "[::1]"}) {
    request.host = theirs;
    EXPECT_EQ(decide(request, kClosed).status, 403) << theirs;
  }
  request.host = std::nullopt;
  EXPECT_EQ(decide(request, kClosed).status, 403);
  // The address itself is one of them.
  request.host = "10.1.2.3:8600";
  EXPECT_EQ(decide(request, kClosed).status, 403);
}

TEST(WebRequests, ForeignPagesNeedTheToken) {
  auto request = get("/state");
  for (const char* origin : {"http://example.org", "null", "", "http://127.0.0.1",
                             "https://127.0.0.1:8600", "http://localhost:8600"}) {
    request.origin = origin;
    request.token = std::nullopt;
    EXPECT_EQ(decide(request, kClosed).status, 403) << origin;
    EXPECT_EQ(decide(request, kClosed).allow_origin, "");
    request.token = "5ec4e7";
    EXPECT_EQ(decide(request, kClosed).action, Action::state) << origin;
    EXPECT_EQ(decide(request, kClosed).allow_origin, origin);
  }
  request.origin = "http://127.0.0.1:8600";
  request.token = std::nullopt;
  EXPECT_EQ(decide(request, kClosed).action, Action::state);
  EXPECT_EQ(decide(request, kClosed).allow_origin, "");
  // Pictures and scripts of other pages come without an origin.
  request.origin = std::nullopt;
  request.fetch_mode = "no-cors";
  for (const char* site : {"cross-site", "same-site", "other"}) {
    request.fetch_site = site;
    EXPECT_EQ(decide(request, kClosed).status, 403) << site;
  }
  for (const char* site : {"same-origin", "none"}) {
    request.fetch_site = site;
    EXPECT_EQ(decide(request, kClosed).action, Action::state) << site;
  }
}

TEST(WebRequests, PreflightsTellNothing) {
  auto request = get("/marker");
  request.method = "OPTIONS";
  EXPECT_EQ(decide(request, kClosed).status, 405);
  request.origin = "https://example.org";
  const auto decision = decide(request, kClosed);
  EXPECT_EQ(decision.action, Action::preflight);
  EXPECT_EQ(decision.allow_origin, "https://example.org");
  EXPECT_STREQ(decision.methods, "POST");
  request.host = "example.org";
  EXPECT_EQ(decide(request, kClosed).status, 403);
  request.host = "localhost";
  request.path = "/";
  EXPECT_EQ(decide(request, kClosed).status, 405);
}

TEST(WebRequests, OpenToTheNetworkNeedsTheTokenForAll) {
  for (const char* path : {"/", "/dashboard", "/state", "/ws"}) {
    auto request = get(path);
    request.upgrade = true;
    request.host = "studio.example:8600";
    EXPECT_EQ(decide(request, kOpened).status, 401) << path;
    request.query = "token=wrong";
    EXPECT_EQ(decide(request, kOpened).status, 401) << path;
    request.query = "token=5ec4e7";
    EXPECT_EQ(decide(request, kOpened).status, 200) << path;
  }
  auto code = get("/live.js");
  EXPECT_EQ(decide(code, kOpened).action, Action::page);
  code.origin = "http://example.org";
  EXPECT_EQ(decide(code, kOpened).status, 403);
}

TEST(WebQueries, AreDecoded) {
  EXPECT_EQ(query_value("a=1&b=2", "b"), "2");
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_value("b=%41%20+%c3%a4", "b"), "A  ä");
  EXPECT_EQ(query_value("b", "b"), "");
  EXPECT_EQ(query_value("&&b=c", "b"), "c");
  EXPECT_EQ(query_value("bb=c", "b"), std::nullopt);
  EXPECT_EQ(query_value("", "b"), std::nullopt);
  for (const char* broken : {"b=%", "b=%4", "b=%zz", "b=1%2"}) {
    EXPECT_EQ(query_value(broken, "b"), std::nullopt) << broken;
  }
}

TEST(WebCommands, AreRead) {
  const auto marker = read_command(Command::Kind::marker, R"({"text": " one\ntwo ", "x": []})");
  EXPECT_EQ(marker.text, "one two");
  EXPECT_EQ(read_command(Command::Kind::neutral, R"({"person": 7})").person, 7);
  EXPECT_EQ(read_command(Command::Kind::neutral, R"({"person": null})").person, 0);
  EXPECT_EQ(read_command(Command::Kind::neutral, " ").person, 0);
  EXPECT_EQ(read_command(Command::Kind::record_start, "anything").kind,
            Command::Kind::record_start);
  EXPECT_EQ(read_command(Command::Kind::marker,
                         "{\"text\": \"" + std::string(kLongestMarker, 'x') + "\"}")
                .text.size(),
            kLongestMarker);
}

TEST(WebCommands, AreRefusedWithASentence) {
  const std::string deep(100, '[');
  for (const std::string& body :
       {std::string(), std::string("{}"), std::string("[]"), std::string("{\"text\": 1}"),
        std::string("{\"text\": \"\\u0000\"}"), std::string("{\"text\": \"\xff\"}"),
        "{\"text\": \"a\", \"b\": " + deep, "{\"text\": \"" + std::string(1001, 'x') + "\"}",
        std::string("{\"text\": \"a\"} {}")}) {
    try {
      read_command(Command::Kind::marker, body);
      ADD_FAILURE() << body;
    } catch (const base::Error& error) {
      EXPECT_EQ(std::string(error.what()).back(), '.') << error.what();
    }
  }
  for (const char* body : {R"({"person": -1})", R"({"person": "1"})", R"({"person": 1.5})",
                           R"({"person": 2147483648})", "3"}) {
    EXPECT_THROW(read_command(Command::Kind::neutral, body), base::Error) << body;
  }
}

}  // namespace
}  // namespace mien::outputs
