#include "report_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mien/base/numbers.hpp"
#include "mien/base/utf8.hpp"

#include "report_text.hpp"

namespace mien::reports {

std::string bar_chart(const std::vector<Bar>& bars, std::string_view label) {
  constexpr double kRow = 22;
  constexpr double kBar = 14;
  constexpr double kLeft = 112;
  constexpr double kPlot = 200;
  constexpr double kWidth = 400;
  const double height = kRow * static_cast<double>(bars.size()) + 2;
  std::string svg = "<svg class=\"chart bars\" viewBox=\"0 0 " + base::decimal(kWidth, 0) +
                    ' ' + base::decimal(height, 0) + "\" role=\"img\" aria-label=\"" +
                    html(label) + "\">";
  double top = 2;
  for (const auto& bar : bars) {
    const double width = kPlot * std::clamp(bar.share, 0.0, 1.0);
    const auto y = base::decimal(top + kBar - 3, 1);
    svg += "<text x=\"" + base::decimal(kLeft - 10, 0) + "\" y=\"" + y + "\" class=\"lane\">" +
           html(bar.word) + "</text><rect x=\"" + base::decimal(kLeft, 0) + "\" y=\"" +
           base::decimal(top, 1) + "\" width=\"" + base::decimal(kPlot, 0) + "\" height=\"" +
           base::decimal(kBar, 0) + "\" class=\"rail\"/>";
    if (width > 0) {
      svg += "<rect x=\"" + base::decimal(kLeft, 0) + "\" y=\"" + base::decimal(top, 1) +
             "\" width=\"" + base::decimal(std::max(width, 1.0), 1) + "\" height=\"" +
             base::decimal(kBar, 0) + "\" fill=\"" + bar.fill + "\" stroke=\"" + bar.outline +
             "\" stroke-width=\".8\"/>";
    }
    svg += "<text x=\"" + base::decimal(kLeft + kPlot + 8, 0) + "\" y=\"" + y +
           "\" class=\"value strong\">" + html(bar.value) + "</text>";
    if (!bar.more.empty()) {
      svg += "<text x=\"" + base::decimal(kLeft + kPlot + 56, 0) + "\" y=\"" + y +
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
        table += "<td style=\"background:rgba(0,114,178," +
                 base::decimal(0.08 + 0.32 * share, 2) + ")\">" +
                 grouped(static_cast<std::uint64_t>(found->second)) + "</td>";
      }
    }
    table += "</tr>";
  }
  return table + "</tbody></table>";
}

BinnedPerson bin_person(const sessions::RecordedSession& session, const PersonSummary& person,
                        double session_seconds, double median_interval, int bins) {
  const auto count = static_cast<std::size_t>(bins);
  const auto labels = session.labels.size();
  BinnedPerson result;
  result.mean.assign(labels, std::vector<float>(count));
  result.most.assign(labels, std::vector<float>(count));
  result.valence.assign(count, 0);
  result.said.assign(count, -2);
  std::vector<double> weight(count);
  // [bin][label], the last one is "not sure".
  std::vector<std::vector<double>> spoken(count, std::vector<double>(labels + 1));
  const double step = session_seconds / bins;
  if (!(step > 0)) return result;

  for (std::size_t i = 0; i < person.rows.size(); ++i) {
    const auto& row = session.rows[person.rows[i]];
    double until = row.timestamp + std::max(median_interval, 1e-3);
    if (i + 1 < person.rows.size()) {
      const double next = session.rows[person.rows[i + 1]].timestamp;
      if (next - row.timestamp <= kMaxGapSeconds) until = next;
    }
    const int label = label_index(session.labels, row.verdict);
    const auto place = label < 0 ? labels : static_cast<std::size_t>(label);
    const auto first = static_cast<std::size_t>(
        std::clamp(std::floor(row.timestamp / step), 0.0, static_cast<double>(bins - 1)));
    for (std::size_t bin = first; bin < count; ++bin) {
      const double from = std::max(row.timestamp, static_cast<double>(bin) * step);
      // The last frame stands for a moment behind the end: it belongs to the last bin.
      const double to = bin + 1 == count ? std::max(until, from + 1e-6)
                                         : std::min(until, static_cast<double>(bin + 1) * step);
      const double time = to - from;
      if (time <= 0) break;
      weight[bin] += time;
      spoken[bin][place] += time;
      result.valence[bin] += static_cast<float>(time) * row.valence;
      for (std::size_t l = 0; l < labels; ++l) {
        const float value = row.probabilities[l];
        if (!std::isfinite(value)) continue;
        result.mean[l][bin] += static_cast<float>(time) * value;
        result.most[l][bin] = std::max(result.most[l][bin], value);
      }
    }
  }
  for (std::size_t bin = 0; bin < count; ++bin) {
    if (weight[bin] <= 0) continue;
    const auto scale = static_cast<float>(1 / weight[bin]);
    result.valence[bin] *= scale;
    for (auto& lane : result.mean) lane[bin] *= scale;
    const auto longest = std::max_element(spoken[bin].begin(), spoken[bin].end());
    const auto place = static_cast<std::size_t>(longest - spoken[bin].begin());
    result.said[bin] = place == labels ? -1 : static_cast<int>(place);
  }
  return result;
}

namespace {

// All lengths in the picture's own units, which are pixels at full width.
constexpr double kWidth = 960;
constexpr double kLeft = 104;
constexpr double kRight = 60;
constexpr double kPlot = kWidth - kLeft - kRight;
constexpr double kStripHeight = 22;
constexpr double kLaneHeight = 24;
constexpr double kLaneGap = 5;
constexpr double kValenceHeight = 40;
constexpr double kAxisHeight = 20;
constexpr double kFlagHeight = 20;

std::string n(double value) {
  auto text = base::decimal(value, 1);
  if (text.ends_with(".0")) text.erase(text.size() - 2);
  return text;
}

std::string text_at(double x, double y, std::string_view css, std::string_view words) {
  return "<text x=\"" + n(x) + "\" y=\"" + n(y) + "\" class=\"" + std::string(css) + "\">" +
         std::string(words) + "</text>";
}

std::string rect(double x, double y, double w, double h, std::string_view rest) {
  return "<rect x=\"" + n(x) + "\" y=\"" + n(y) + "\" width=\"" + n(w) + "\" height=\"" + n(h) +
         "\" " + std::string(rest) + "/>";
}

/// Steps that people count in.
double tick_step(double seconds) {
  static constexpr std::array kSteps = {0.1,   0.2,   0.5,    1.0,    2.0,   5.0,
                                        10.0,  15.0,  30.0,   60.0,   120.0, 300.0,
                                        600.0, 900.0, 1800.0, 3600.0, 7200.0};
  for (const double step : kSteps) {
    if (seconds / step <= 10) return step;
  }
  return 3600 * std::ceil(seconds / 36000);
}

std::string tick_words(double seconds, double step) {
  if (step < 1) return base::decimal(seconds, 1) + " s";
  const auto whole = std::llround(seconds);
  const auto two = [](long long value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  if (whole >= 3600) {
    return std::to_string(whole / 3600) + ':' + two(whole / 60 % 60) + ':' + two(whole % 60);
  }
  return std::to_string(whole / 60) + ':' + two(whole % 60);
}

std::string time_axis(double seconds, double top, double bottom) {
  std::string svg;
  const double step = tick_step(seconds);
  for (int i = 0; i * step <= seconds * 1.0001; ++i) {
    const double x = kLeft + kPlot * std::min(1.0, i * step / seconds);
    svg += "<path class=\"grid\" d=\"M" + n(x) + ' ' + n(top) + 'V' + n(bottom) + "\"/>";
    svg += text_at(x, bottom + 14, "tick", tick_words(i * step, step));
  }
  return svg;
}

/// An area over the bins, values 0..1, in a group that is scaled to the plot: whole numbers,
/// and runs of one height as one step, keep an hour small.
std::string area_path(const std::vector<float>& values, const std::vector<int>& said) {
  std::string path;
  const auto height = [&](std::size_t bin) {
    return static_cast<int>(std::lround(std::clamp(values[bin], 0.0F, 1.0F) * 100));
  };
  for (std::size_t bin = 0; bin < values.size();) {
    if (said[bin] == -2) {
      ++bin;
      continue;
    }
    auto last = height(bin);
    path += 'M' + std::to_string(bin) + " 100v" + std::to_string(-last);
    int run = 0;
    for (; bin < values.size() && said[bin] != -2; ++bin) {
      const auto now = height(bin);
      if (now != last) {
        path += 'h' + std::to_string(run) + 'v' + std::to_string(last - now);
        last = now;
        run = 0;
      }
      ++run;
    }
    path += 'h' + std::to_string(run) + "V100z";
  }
  return path;
}

std::string scaled_group(double top, double height, std::size_t bins) {
  return "<g transform=\"translate(" + n(kLeft) + ' ' + n(top) + ") scale(" +
         base::decimal(kPlot / static_cast<double>(bins), 5) + ' ' +
         base::decimal(height / 100, 4) + ")\">";
}

/// Where somebody is in the picture, as a ground behind their lanes.
std::string presence_ground(const std::vector<int>& said, double top, double bottom) {
  std::string svg;
  const double step = kPlot / static_cast<double>(said.size());
  for (std::size_t bin = 0; bin < said.size();) {
    if (said[bin] == -2) {
      ++bin;
      continue;
    }
    const auto begin = bin;
    while (bin < said.size() && said[bin] != -2) ++bin;
    svg += rect(kLeft + step * static_cast<double>(begin), top,
                step * static_cast<double>(bin - begin), bottom - top, "class=\"there\"");
  }
  return svg;
}

/// What was said, in words where there is room and in colour.
std::string said_strip(const sessions::RecordedSession& session, const std::vector<int>& said,
                       double top, double height) {
  std::string svg;
  const double step = kPlot / static_cast<double>(said.size());
  for (std::size_t bin = 0; bin < said.size();) {
    const int label = said[bin];
    const auto begin = bin;
    while (bin < said.size() && said[bin] == label) ++bin;
    if (label == -2) continue;
    const double x = kLeft + step * static_cast<double>(begin);
    const double width = step * static_cast<double>(bin - begin);
    std::string word = sessions::kNotSure;
    std::string ink = "#30343c";
    if (label < 0) {
      svg += rect(x, top, width, height, "fill=\"url(#unsure)\"");
    } else {
      const auto look = label_look(session.labels[static_cast<std::size_t>(label)], label);
      svg += rect(x, top, width, height, "fill=\"" + look.fill + "\"");
      word = look.word;
      ink = look.ink;
    }
    // About 7.4 units a letter at most; escaped letters count too much, which errs well.
    const double wide = 7.4 * static_cast<double>(word.size()) + 8;
    if (height < 15 || width < wide) continue;
    if (label < 0) {
      svg += rect(x + width / 2 - wide / 2, top + 3, wide, height - 6,
                  "rx=\"3\" fill=\"#fff\" fill-opacity=\".85\"");
    }
    svg.append("<text x=\"" + n(x + width / 2) + "\" y=\"" + n(top + height / 2 + 4))
        .append("\" class=\"said\" style=\"fill:")
        .append(ink)
        .append("\">")
        .append(word)
        .append("</text>");
  }
  return svg;
}

std::string valence_lane(const BinnedPerson& bins, double top) {
  const auto count = bins.valence.size();
  std::string path;
  for (std::size_t bin = 0; bin < count;) {
    if (bins.said[bin] == -2) {
      ++bin;
      continue;
    }
    path += 'M' + std::to_string(bin) + " 50";
    int last = 50;
    int run = 0;
    for (; bin < count && bins.said[bin] != -2; ++bin) {
      const int y =
          static_cast<int>(std::lround(50 - 50 * std::clamp(bins.valence[bin], -1.0F, 1.0F)));
      if (y != last) {
        if (run > 0) path += 'h' + std::to_string(run);
        path += 'v' + std::to_string(y - last);
        last = y;
        run = 0;
      }
      ++run;
    }
    path += 'h' + std::to_string(run) + "V50z";
  }
  return scaled_group(top, kValenceHeight, count) + "<path class=\"valence\" d=\"" + path +
         "\"/></g><path class=\"zero\" d=\"M" + n(kLeft) + ' ' + n(top + kValenceHeight / 2) +
         'h' + n(kPlot) + "\"/>" +
         text_at(kLeft - 10, top + kValenceHeight / 2 + 4, "lane", "valence") +
         text_at(kWidth - kRight + 8, top + 9, "value", "+1") +
         text_at(kWidth - kRight + 8, top + kValenceHeight, "value", "\u22121");
}

std::string moment_flags(const ReportData& data, double bottom) {
  std::string svg;
  double free_from = -1e9;
  double last_line = -1e9;
  for (std::size_t i = 0; i < data.moments.size(); ++i) {
    const double x =
        kLeft + kPlot * std::clamp(data.moments[i]->timestamp / data.quality.seconds, 0.0, 1.0);
    if (x - last_line < 0.25) continue;  // a million markers are one broad line
    last_line = x;
    svg += "<path class=\"moment\" d=\"M" + n(x) + ' ' + n(kFlagHeight - 3) + 'V' + n(bottom) +
           "\"/>";
    const auto number = std::to_string(i + 1);
    const double half = 3.6 * static_cast<double>(number.size()) + 4;
    if (x - half < free_from) continue;  // the line is enough; the list has them all
    free_from = x + half + 1;
    svg += rect(x - half, 1, 2 * half, 15, "rx=\"7.5\" class=\"flag\"");
    svg += text_at(x, 12.5, "flagged", number);
  }
  return svg;
}

std::string open_svg(double height, std::string_view label) {
  return "<svg class=\"chart\" viewBox=\"0 0 " + n(kWidth) + ' ' + n(height) +
         "\" role=\"img\" aria-label=\"" + html(label) + "\">";
}

}  // namespace

std::string timeline_chart(const ReportData& data, const PersonSummary& person, int bins) {
  const auto& session = data.session;
  const auto binned =
      bin_person(session, person, data.quality.seconds, data.quality.median_interval, bins);
  const double flags = data.moments.empty() ? 2 : kFlagHeight;
  const double lanes = flags + kStripHeight + 8;
  const double lanes_end =
      lanes + static_cast<double>(session.labels.size()) * (kLaneHeight + kLaneGap);
  const double valence = lanes_end + 5;
  const double bottom = valence + kValenceHeight + 4;

  std::string svg = open_svg(bottom + kAxisHeight,
                             "Expressions of " + session.name_of(person.person) + " over time");
  svg += presence_ground(binned.said, flags, bottom);
  svg += time_axis(data.quality.seconds, flags, bottom);
  svg += text_at(kLeft - 10, flags + kStripHeight / 2 + 4, "lane strong", "said");
  svg += said_strip(session, binned.said, flags, kStripHeight);
  for (std::size_t i = 0; i < session.labels.size(); ++i) {
    const double top = lanes + static_cast<double>(i) * (kLaneHeight + kLaneGap);
    const auto look = label_look(session.labels[i], static_cast<int>(i));
    svg += "<path class=\"base\" d=\"M" + n(kLeft) + ' ' + n(top + kLaneHeight) + 'h' +
           n(kPlot) + "\"/>";
    svg += scaled_group(top, kLaneHeight, binned.said.size());
    svg += "<path fill=\"" + look.fill + "\" fill-opacity=\".35\" d=\"" +
           area_path(binned.most[i], binned.said) + "\"/>";
    svg += "<path class=\"area\" fill=\"" + look.fill + "\" stroke=\"" + look.outline +
           "\" d=\"" + area_path(binned.mean[i], binned.said) + "\"/></g>";
    svg += text_at(kLeft - 10, top + kLaneHeight - 7, "lane", look.word);
    const double share = person.share(i);
    svg += text_at(kWidth - kRight + 8, top + kLaneHeight - 7,
                   share > 0 ? "value strong" : "value", percent_words(share));
  }
  svg += valence_lane(binned, valence);
  if (!data.moments.empty()) svg += moment_flags(data, bottom);
  return svg + "</svg>";
}

std::string presence_chart(const ReportData& data,
                           const std::vector<const PersonSummary*>& people, int bins) {
  constexpr double kRow = 20;
  constexpr double kBar = 13;
  const double flags = data.moments.empty() ? 2 : kFlagHeight;
  const double bottom = flags + kRow * static_cast<double>(people.size()) + 2;
  std::string svg = open_svg(bottom + kAxisHeight, "Who was in the picture, and what was said");
  svg += time_axis(data.quality.seconds, flags, bottom);
  double top = flags + (kRow - kBar) / 2;
  for (const auto* person : people) {
    const auto binned = bin_person(data.session, *person, data.quality.seconds,
                                   data.quality.median_interval, bins);
    auto name = data.session.name_of(person->person);
    if (base::utf8_count(name) > 12)
      name = std::string(base::first_characters(name, 11)) + "\u2026";
    svg += text_at(kLeft - 10, top + kBar - 2.5, "lane", html(name));
    svg += said_strip(data.session, binned.said, top, kBar);
    svg += text_at(kWidth - kRight + 8, top + kBar - 2.5, "value", moment(person->seconds));
    top += kRow;
  }
  if (!data.moments.empty()) svg += moment_flags(data, bottom);
  return svg + "</svg>";
}

std::string rate_chart(const ReportData& data) {
  const auto& quality = data.quality;
  if (quality.times.size() < 3 || quality.seconds <= 0) return {};
  constexpr double kHeight = 64;
  constexpr double kTop = 8;
  // A step must hold several frames, or chance draws the picture.
  const auto bins = static_cast<std::size_t>(
      std::clamp(quality.seconds * std::min(1.0, quality.fps / 8), 1.0, 180.0));
  std::vector<double> counts(bins);
  for (std::size_t i = 1; i < quality.times.size(); ++i) {
    const double place = (quality.times[i] - quality.times.front()) / quality.seconds;
    counts[std::min(bins - 1, static_cast<std::size_t>(place * static_cast<double>(bins)))] +=
        1;
  }
  const double per_bin = quality.seconds / static_cast<double>(bins);
  double most = 0;
  for (auto& count : counts) {
    count /= per_bin;
    most = std::max(most, count);
  }
  const double scale = most <= 10 ? 10 : std::ceil(most / 10) * 10;
  std::string path;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double y = kTop + kHeight * (1 - counts[bin] / scale);
    const double x = kLeft + kPlot * static_cast<double>(bin) / static_cast<double>(bins);
    path += (bin == 0 ? 'M' + n(x) + ' ' : "V") + n(y);
    path += 'H' + n(kLeft + kPlot * static_cast<double>(bin + 1) / static_cast<double>(bins));
  }
  std::string svg = "<div class=\"rate-chart\">" +
                    open_svg(kTop + kHeight + kAxisHeight + 2, "Frames a second over time");
  svg += time_axis(quality.seconds, kTop, kTop + kHeight);
  svg += "<path class=\"base\" d=\"M" + n(kLeft) + ' ' + n(kTop + kHeight) + 'h' + n(kPlot) +
         "M" + n(kLeft) + ' ' + n(kTop) + 'h' + n(kPlot) + "\"/>";
  svg += "<path class=\"rate\" d=\"" + path + "\"/>";
  svg += text_at(kLeft - 10, kTop + kHeight / 2 + 4, "lane", "frames/s");
  svg += text_at(kWidth - kRight + 8, kTop + 8, "value", n(scale));
  svg += text_at(kWidth - kRight + 8, kTop + kHeight, "value", "0");
  return svg + "</svg></div>";
}

}  // namespace mien::reports
