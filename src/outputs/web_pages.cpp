#include "web_pages.hpp"

#include <algorithm>
#include <array>

#include "embedded_pages.hpp"

namespace mien::outputs {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kCss = "text/css; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";
constexpr std::string_view kFont = "font/otf";

constexpr std::array kPages = {
    WebPage{"/", kHtml, pages::overlay_html, true},
    WebPage{"/overlay.css", kCss, pages::overlay_css},
    WebPage{"/overlay.js", kScript, pages::overlay_js},
    WebPage{"/dashboard", kHtml, pages::dashboard_html, true},
    WebPage{"/dashboard.css", kCss, pages::dashboard_css},
    WebPage{"/dashboard.js", kScript, pages::dashboard_js},
    WebPage{"/look.css", kCss, pages::look_css},
    WebPage{"/live.js", kScript, pages::live_js},
    WebPage{"/fonts/regular.otf", kFont, "", false, "Inter-Regular.otf"},
    WebPage{"/fonts/semibold.otf", kFont, "", false, "Inter-SemiBold.otf"},
};

}  // namespace

std::span<const WebPage> web_pages() { return kPages; }

const WebPage* web_page(std::string_view path) {
  const auto* const found = std::find_if(
      kPages.begin(), kPages.end(), [&](const WebPage& page) { return page.path == path; });
  return found == kPages.end() ? nullptr : found;
}

}  // namespace mien::outputs
