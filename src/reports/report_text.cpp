#include "report_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mien/base/labels.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/utf8.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/faces_table.hpp"

namespace mien::reports {
namespace {

constexpr const char* kThinSpace = "\u2009";
constexpr const char* kReplacement = "\uFFFD";

std::string two(long long value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

std::string html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const auto length = base::utf8_length(text);
    const char c = text.front();
    if (length == 0) {
      safe += kReplacement;
    } else if (length > 1) {
      safe += text.substr(0, length);
    } else if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else if (c == '\'') {
      safe += "&#39;";
    } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      safe += c == '\n' || c == '\t' ? " " : kReplacement;
    } else {
      safe += c;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return safe;
}

std::string percent_words(double share) {
  // A small share that is not zero is not rounded to 0 %.
  if (share > 0 && share < 0.005)
    return base::decimal(std::max(share * 100, 0.1), 1) + "\u00A0%";
  return base::decimal(share * 100, 0) + "\u00A0%";
}

std::string length_words(double seconds) {
  if (seconds < 59.95) return base::decimal(seconds, 1) + "\u00A0s";
  const auto whole = std::llround(seconds);
  if (whole < 3600) {
    return std::to_string(whole / 60) + "\u00A0min\u00A0" + two(whole % 60) + "\u00A0s";
  }
  const auto minutes = std::llround(seconds / 60);
  return std::to_string(minutes / 60) + "\u00A0h\u00A0" + two(minutes % 60) + "\u00A0min";
}

std::string moment(double seconds) {
  const auto tenths = std::llround(std::max(0.0, seconds) * 10);
  const auto whole = tenths / 10;
  if (whole >= 3600) {
    return std::to_string(whole / 3600) + ':' + two(whole / 60 % 60) + ':' + two(whole % 60);
  }
  const auto text = std::to_string(whole / 60) + ':' + two(whole % 60);
  return whole < 600 ? text + '.' + std::to_string(tenths % 10) : text;
}

std::string grouped(std::uint64_t count) {
  auto text = std::to_string(count);
  if (text.size() < 5) return text;
  for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3) {
    text.insert(static_cast<std::size_t>(i), kThinSpace);
  }
  return text;
}

std::string count_words(std::uint64_t count, const char* one, const char* more) {
  return grouped(count) + "\u00A0" + (count == 1 ? one : more);
}

std::string date_words(const std::string& iso) {
  static constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  int month = 0;
  int day = 0;
  if (iso.size() < 16 || iso[4] != '-' || iso[7] != '-' || iso[10] != 'T' ||
      !base::parse_number(std::string_view(iso).substr(5, 2), month) ||
      !base::parse_number(std::string_view(iso).substr(8, 2), day) || month < 1 || month > 12) {
    return html(iso);
  }
  return std::to_string(day) + ' ' + kMonths.at(static_cast<std::size_t>(month) - 1) + ' ' +
         html(iso.substr(0, 4)) + ", " + html(iso.substr(11, 5));
}

overlay::Color darker(overlay::Color color, double share) {
  const auto less = [&](std::uint8_t channel) {
    return static_cast<std::uint8_t>(std::lround(channel * share));
  };
  return {less(color.r), less(color.g), less(color.b)};
}

LabelStyle label_look(std::string_view label, int index) {
  const overlay::Color color = overlay::label_color(label, index);
  return {overlay::hex(color), overlay::hex(darker(color, 0.62)),
          overlay::hex(overlay::ink_on(color)), html(base::display_word(label))};
}

}  // namespace mien::reports
