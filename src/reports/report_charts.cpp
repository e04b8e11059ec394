#include "report_charts.hpp"

#include <algorithm>

#include "mien/base/numbers.hpp"

#include "report_text.hpp"

namespace mien {

std::string bar_chart(const std::vector<Bar>& bars, std::string_view label) {
  constexpr double kRow = 22;
  constexpr double kBar = 14;
  constexpr double kLeft = 112;
  constexpr double kPlot = 200;
  constexpr double kWidth = 400;
  const double height = kRow * static_cast<double>(bars.size()) + 2;
  std::string svg = "<svg class=\"chart bars\" viewBox=\"0 0 " + decimal(kWidth, 0) + ' ' +
                    decimal(height, 0) + "\" role=\"img\" aria-label=\"" + html(label) + "\">";
  double top = 2;
  for (const auto& bar : bars) {
    const double width = kPlot * std::clamp(bar.share, 0.0, 1.0);
    const auto y = decimal(top + kBar - 3, 1);
    svg += "<text x=\"" + decimal(kLeft - 10, 0) + "\" y=\"" + y + "\" class=\"lane\">" +
           html(bar.word) + "</text><rect x=\"" + decimal(kLeft, 0) + "\" y=\"" +
           decimal(top, 1) + "\" width=\"" + decimal(kPlot, 0) + "\" height=\"" +
           decimal(kBar, 0) + "\" class=\"rail\"/>";
    if (width > 0) {
      svg += "<rect x=\"" + decimal(kLeft, 0) + "\" y=\"" + decimal(top, 1) + "\" width=\"" +
             decimal(std::max(width, 1.0), 1) + "\" height=\"" + decimal(kBar, 0) +
             "\" fill=\"" + bar.fill + "\" stroke=\"" + bar.outline +
             "\" stroke-width=\".8\"/>";
    }
    svg += "<text x=\"" + decimal(kLeft + kPlot + 8, 0) + "\" y=\"" + y +
           "\" class=\"value strong\">" + html(bar.value) + "</text>";
    if (!bar.more.empty()) {
      svg += "<text x=\"" + decimal(kLeft + kPlot + 56, 0) + "\" y=\"" + y +
             "\" class=\"value\">" + html(bar.more) + "</text>";
    }
    top += kRow;
  }
  return svg + "</svg>";
}

std::string transition_table(const PersonSummary& person,
                             const std::vector<std::string>& labels) {
  std::vector<int> used;
  int most = 0;
  for (const auto& [pair, count] : person.transitions) {
    for (const int label : {pair.first, pair.second}) {
      if (std::find(used.begin(), used.end(), label) == used.end()) used.push_back(label);
    }
    most = std::max(most, count);
  }
  if (used.empty()) return {};
  std::sort(used.begin(), used.end());
  const auto word = [&](int label) {
    return label_look(labels[static_cast<std::size_t>(label)], label).word;
  };
  // More columns than these fit beside the bars only with their words upright.
  std::string table = std::string("<table class=\"matrix") + (used.size() > 4 ? " tight" : "") +
                      "\"><thead><tr><th class=\"corner\">from \\ to</th>";
  for (const int to : used) table += "<th scope=\"col\"><span>" + word(to) + "</span></th>";
  table += "</tr></thead><tbody>";
  for (const int from : used) {
    table += "<tr><th scope=\"row\">" + word(from) + "</th>";
    for (const int to : used) {
      const auto found = person.transitions.find({from, to});
      if (from == to) {
        table += "<td class=\"self\"></td>";
      } else if (found == person.transitions.end()) {
        table += "<td class=\"none\">\u00B7</td>";
      } else {
        const double share = static_cast<double>(found->second) / most;
        table += "<td style=\"background:rgba(0,114,178," + decimal(0.08 + 0.32 * share, 2) +
                 ")\">" + grouped(static_cast<std::uint64_t>(found->second)) + "</td>";
      }
    }
    table += "</tr>";
  }
  return table + "</tbody></table>";
}

}  // namespace mien
