#include <algorithm>

#include "mien/base/labels.hpp"
#include "mien/base/numbers.hpp"

#include "report_charts.hpp"
#include "report_page.hpp"
#include "report_text.hpp"

namespace mien {
namespace {

constexpr std::size_t kMostEpisodes = 45;
/// Shorter ones are said to be there, not listed.
constexpr double kShortestEpisode = 0.2;

std::string summary_words(const ReportData& data, const PersonSummary& person) {
  std::string words = count_words(person.rows.size(), "reading", "readings");
  if (person.rows.size() == 1) {
    // A single reading says all in one line.
    const auto& row = data.session.rows[person.rows.front()];
    const int label = label_index(data.session.labels, row.verdict);
    words = label < 0 ? std::string(kNotSure)
                      : label_look(row.verdict, label).word + ", " +
                            percent_words(static_cast<double>(row.certainty));
    if (!row.reason.empty()) words += " (" + html(row.reason) + ")";
    return words + " · valence " + signed_decimal(static_cast<double>(row.valence), 2);
  }
  if (person.seconds > 0) words = "seen for " + length_words(person.seconds) + " · " + words;
  return words + " · mean valence " + signed_decimal(person.mean_valence, 2);
}

std::string heading(const ReportData& data, const PersonSummary& person) {
  return "<div class=\"person-head\"><h2><span class=\"dot\" style=\"background:" +
         hex(person_color(person.person)) + "\"></span>" +
         html(data.session.name_of(person.person)) + "</h2><span>" +
         summary_words(data, person) + "</span></div>";
}

std::string thumbs(const ReportData& data, const std::vector<Thumbnail>& thumbnails) {
  if (thumbnails.empty()) return {};
  std::string out = "<div class=\"thumbs\">";
  for (const auto& thumbnail : thumbnails) {
    const auto& row = data.session.rows[thumbnail.row];
    const auto look = label_look(data.session.labels[static_cast<std::size_t>(thumbnail.label)],
                                 thumbnail.label);
    out += "<figure><img src=\"" + thumbnail.data_url + "\" alt=\"" + look.word +
           "\" width=\"104\" height=\"104\"><figcaption><b>" + look.word + "</b>" +
           percent_words(static_cast<double>(row.certainty)) + " at " + moment(row.timestamp) +
           "</figcaption></figure>";
  }
  return out +
         "</div><p class=\"note\">The moment of each expression in which the model was "
         "most certain.</p>";
}

std::string share_bars(const ReportData& data, const PersonSummary& person) {
  std::vector<Bar> bars;
  const bool timed = person.seconds > 0;
  const auto amount = [&](double seconds, std::uint64_t readings) {
    if (readings == 0) return std::string();
    return timed ? length_words(seconds) : grouped(readings);
  };
  for (std::size_t i = 0; i < data.session.labels.size(); ++i) {
    const auto look = label_look(data.session.labels[i], static_cast<int>(i));
    bars.push_back({std::string(display_word(data.session.labels[i])), person.share(i),
                    percent_words(person.share(i)),
                    amount(person.label_seconds[i], person.label_readings[i]), look.fill,
                    look.outline});
  }
  bars.push_back({kNotSure, person.not_sure_share(), percent_words(person.not_sure_share()),
                  amount(person.not_sure_seconds, person.not_sure_readings), "url(#unsure)",
                  "#59616e"});
  return "<div><h3>" + std::string(timed ? "Share of the time seen" : "Share of the readings") +
         "</h3>" + bar_chart(bars, "Share of each expression") + "</div>";
}

/// A single picture has no time: what the model gave, label by label.
std::string probability_bars(const ReportData& data, const PersonSummary& person) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < data.session.labels.size(); ++i) {
    double sum = 0;
    for (const auto row : person.rows) {
      const auto value = static_cast<double>(data.session.rows[row].probabilities[i]);
      if (value == value) sum += value;
    }
    sum /= static_cast<double>(person.rows.size());
    const auto look = label_look(data.session.labels[i], static_cast<int>(i));
    bars.push_back({std::string(display_word(data.session.labels[i])), sum, percent_words(sum),
                    "", look.fill, look.outline});
  }
  return "<div><h3>" +
         std::string(person.rows.size() == 1 ? "Probabilities" : "Mean probabilities") +
         "</h3>" + bar_chart(bars, "Probability of each expression") + "</div>";
}

std::string transitions(const ReportData& data, const PersonSummary& person) {
  const int count = person.transition_count();
  std::string out = "<div><h3>Transitions</h3>";
  if (count == 0) {
    return out + "<p class=\"note\">No change from one expression to another.</p></div>";
  }
  return out + transition_table(person, data.session.labels) + "<p class=\"note\">" +
         count_words(static_cast<std::uint64_t>(count), "change", "changes") +
         " from one expression to another; <i>not sure</i> in between does not "
         "count.</p></div>";
}

std::string reasons(const PersonSummary& person) {
  if (person.not_sure_readings == 0) return {};
  std::vector<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [reason, count] : person.reasons) order.emplace_back(count, reason);
  std::sort(order.rbegin(), order.rend());
  std::vector<Bar> bars;
  for (const auto& [count, reason] : order) {
    const double share =
        static_cast<double>(count) / static_cast<double>(person.not_sure_readings);
    bars.push_back(
        {reason, share, percent_words(share), grouped(count), "url(#unsure)", "#59616e"});
  }
  return "<div><h3>Why not sure</h3>" + bar_chart(bars, "Reasons for not being sure") +
         "</div>";
}

std::string episodes(const ReportData& data, const PersonSummary& person) {
  std::vector<const Episode*> listed;
  std::size_t said = 0;
  for (const auto& episode : person.episodes) {
    if (episode.label < 0) continue;
    ++said;
    if (episode.seconds() >= kShortestEpisode) listed.push_back(&episode);
  }
  if (said == 0 || person.seconds <= 0) return {};
  const auto longer = listed.size();
  std::string out = "<div class=\"episode-list\"><h3>Episodes</h3>";
  if (listed.size() > kMostEpisodes) {
    std::nth_element(
        listed.begin(), listed.begin() + kMostEpisodes, listed.end(),
        [](const Episode* a, const Episode* b) { return a->seconds() > b->seconds(); });
    listed.resize(kMostEpisodes);
    std::sort(listed.begin(), listed.end(),
              [](const Episode* a, const Episode* b) { return a->start < b->start; });
  }
  if (!listed.empty()) out += "<ul class=\"episodes\">";
  for (const auto* episode : listed) {
    const auto look = label_look(data.session.labels[static_cast<std::size_t>(episode->label)],
                                 episode->label);
    out += "<li><span class=\"when\">" + moment(episode->start) + " – " + moment(episode->end) +
           "</span><span class=\"word\"><span class=\"chip\" style=\"background:" + look.fill +
           ";border-color:" + look.outline + "\"></span>" + look.word + "</span><span>" +
           length_words(episode->seconds()) + "</span></li>";
  }
  if (!listed.empty()) out += "</ul>";
  if (longer > listed.size()) {
    out += "<p class=\"note\">The longest " + grouped(listed.size()) + " of " + grouped(said) +
           "; faces.csv has them all.</p>";
  } else if (said > listed.size()) {
    out += "<p class=\"note\">" + grouped(said - listed.size()) +
           (listed.empty() ? " of less than " : " more of less than ") +
           length_words(kShortestEpisode) + ".</p>";
  }
  return out + "</div>";
}

}  // namespace

std::string person_section(const ReportData& data, const PersonSummary& person,
                           const std::vector<Thumbnail>& thumbnails, int bins, bool explained) {
  std::string out = "<section>" + heading(data, person);
  const bool timed = data.quality.seconds > 0;
  if (timed) {
    out += timeline_chart(data, person, bins);
    if (!explained) {
      out +=
          "<p class=\"note\">Each lane runs from 0 to 100 %: mean probability, and lighter "
          "behind it the highest. At the right, the share of the time for which it was said. "
          "White ground: not in the picture.</p>";
    }
  }
  out += thumbs(data, thumbnails);
  out += "<div class=\"columns\"><div>";
  if (!timed) out += probability_bars(data, person);
  const bool several = person.rows.size() > 1;
  if (several) out += share_bars(data, person);
  out += "</div><div>";
  if (timed && several) out += transitions(data, person);
  if (several) out += reasons(person);
  out += "</div></div>";
  if (timed) out += episodes(data, person);
  return out + "</section>";
}

}  // namespace mien
