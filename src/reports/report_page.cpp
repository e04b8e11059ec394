#include "report_page.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/json_fields.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/session_files.hpp"

#include "measures.hpp"
#include "report_charts.hpp"
#include "report_text.hpp"

namespace mien::reports {
namespace {

/// More people than these get a lane in the overview, not a section.
constexpr std::size_t kMaxSections = 24;
constexpr std::size_t kMaxLanes = 60;

/// How fine the charts are: fewer steps for more people keeps the page small.
int bins_for(std::size_t people) { return people <= 10 ? 400 : 260; }

std::string tile(const std::string& value, std::string_view name) {
  return "<div><span>" + std::string(name) + "</span><b>" + value + "</b></div>";
}

std::string head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         // The browser itself then sees to it that nothing is fetched.
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "style-src 'unsafe-inline'; img-src data:\">"
         "<meta name=\"referrer\" content=\"no-referrer\"><title>" +
         title + "</title><style>" + report_style() +
         "</style></head><body>"
         "<svg class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"unsure\" width=\"6\" "
         "height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
         "width=\"6\" height=\"6\" fill=\"#fff\"/><rect width=\"2\" height=\"6\" "
         "fill=\"#8b93a1\"/></pattern></defs></svg><main>";
}

std::string title_of(const sessions::RecordedSession& session) {
  const auto& source = base::object_in(session.document, "source");
  auto title = base::text_in(source, "name");
  if (title.empty()) title = base::text_in(source, "spec");
  return html(title.empty() ? session.folder.filename().string() : title);
}

std::string opening(const ReportData& data) {
  const auto& session = data.session;
  const auto& quality = data.quality;
  std::string out = "<div class=\"kicker\"><b>mien</b> · session report</div><h1>" +
                    title_of(session) + "</h1><p class=\"sub\">" +
                    date_words(base::text_in(session.document, "started")) + " · " +
                    "session " + html(session.folder.filename().string()) + "</p>";
  out += "<p class=\"lead\">Expressions as a model reads them, not feelings. " +
         std::string("What the model can and cannot do is at the end of this page.") + "</p>";
  out += "<div class=\"tiles\">" +
         tile(quality.frames > 1 ? length_words(quality.seconds) : "–", "Length") +
         tile(grouped(data.people.size()), "People") + tile(grouped(quality.frames), "Frames") +
         tile(grouped(data.faces), "Faces read") +
         tile(data.faces == 0 ? "–"
                              : percent_words(static_cast<double>(data.not_sure) /
                                              static_cast<double>(data.faces)),
              "Not sure") +
         tile(quality.fps > 0 ? base::decimal(quality.fps, 1) : "–", "Frames/s") + "</div>";
  return out;
}

/// Colours in words, for strips that are too small to be written on.
std::string legend(const sessions::RecordedSession& session) {
  std::string out = "<p class=\"legend\">";
  for (std::size_t i = 0; i < session.labels.size(); ++i) {
    const auto look = label_look(session.labels[i], static_cast<int>(i));
    out += "<span><span class=\"chip\" style=\"background:" + look.fill +
           ";border-color:" + look.outline + "\"></span>" + look.word + "</span> ";
  }
  return out + "</p>";
}

std::string overview(const ReportData& data, const std::vector<const PersonSummary*>& longest) {
  if (data.people.size() < 2 || data.quality.seconds <= 0) return {};
  auto shown = longest;
  if (shown.size() > kMaxLanes) shown.resize(kMaxLanes);
  std::sort(shown.begin(), shown.end(),
            [](const auto* a, const auto* b) { return a->person < b->person; });
  std::string out = "<h2>Who was there</h2>" +
                    presence_chart(data, shown, bins_for(shown.size() / 4)) +
                    "<p class=\"note\">What was said of each person, over time; hatched: not "
                    "sure; empty: not in the picture. At the right, for how long they were "
                    "seen.";
  if (shown.size() < data.people.size()) {
    out += " The " + grouped(shown.size()) + " of " + grouped(data.people.size()) +
           " people who were seen longest.";
  }
  return out + "</p>" + legend(data.session);
}

std::string people(const ReportData& data, const std::vector<const PersonSummary*>& longest,
                   const std::map<int, std::vector<Thumbnail>>& thumbnails) {
  if (data.people.empty()) {
    return "<section><h2>People</h2><p>No face was found in " +
           (data.quality.frames == 0
                ? std::string("this session: it has no frames.")
                : count_words(data.quality.frames, "frame", "frames") + '.') +
           "</p></section>";
  }
  auto shown = longest;
  if (shown.size() > kMaxSections) shown.resize(kMaxSections);
  std::sort(shown.begin(), shown.end(),
            [](const auto* a, const auto* b) { return a->person < b->person; });
  const int bins = bins_for(shown.size());
  std::string out;
  Explained explained;
  for (const auto* person : shown) {
    const auto found = thumbnails.find(person->person);
    out += person_section(data, *person,
                          found != thumbnails.end() ? found->second : std::vector<Thumbnail>{},
                          bins, explained);
  }
  if (shown.size() < data.people.size()) {
    out += "<p class=\"note\">The " + grouped(shown.size()) + " of " +
           grouped(data.people.size()) +
           " people who were seen longest; faces.csv has them all.</p>";
  }
  return out;
}

}  // namespace

std::string report_page(const ReportData& data,
                        const std::map<int, std::vector<Thumbnail>>& thumbnails) {
  const auto& session = data.session;
  std::vector<const PersonSummary*> longest;
  for (const auto& person : data.people) longest.push_back(&person);
  std::stable_sort(longest.begin(), longest.end(), [](const auto* a, const auto* b) {
    return a->seconds != b->seconds ? a->seconds > b->seconds : a->rows.size() > b->rows.size();
  });
  std::string page = head(title_of(session) + " – mien session report");
  page += opening(data);
  page += overview(data, longest);
  page += people(data, longest, thumbnails);
  page += moments_section(data);
  page += recording_section(data);
  page += model_section(session);
  page += limits_section();
  const auto version = base::text_in(base::object_in(session.document, "program"), "version");
  page += "<footer>Made by mien" +
          (version.empty() ? "" : " from a recording of mien " + html(version)) +
          ". This page is complete in itself: it loads nothing and sends nothing.</footer>"
          "</main></body></html>\n";
  return page;
}

namespace {

constexpr std::size_t kMaxMoments = 200;
/// More comings and goings than these are left to the charts.
constexpr std::size_t kMaxArrivals = 20;

/// Rows of a two-column table; what is empty is left out.
class Facts {
 public:
  void add(std::string_view name, const std::string& escaped) {
    if (escaped.empty()) return;
    rows_ +=
        "<tr><th scope=\"row\">" + std::string(name) + "</th><td>" + escaped + "</td></tr>";
  }
  std::string table() const {
    return rows_.empty() ? "" : "<table class=\"facts\"><tbody>" + rows_ + "</tbody></table>";
  }

 private:
  std::string rows_;
};

std::string event_words(const sessions::SessionEvent& event,
                        const sessions::RecordedSession& session) {
  using Kind = sessions::SessionEvent::Kind;
  auto text = html(event.text);
  switch (event.kind) {
    case Kind::marker:
      return text.empty() ? "marker" : "<b>" + text + "</b>";
    case Kind::source:
      return "source: " + text;
    case Kind::model:
      return "model: " + text;
    case Kind::detector:
      return "detector: " + text;
    case Kind::landmarks:
      return "landmarks: " + text;
    case Kind::pause:
      return "recording paused";
    case Kind::resume:
      return "recording resumed";
    case Kind::arrival:
      return html(session.name_of(event.person)) + " arrives";
    case Kind::departure:
      return html(session.name_of(event.person)) + " leaves";
    case Kind::name:
      return "P" + std::to_string(event.person) + " is named " + text;
    case Kind::neutral:
      return html(session.name_of(event.person)) + ": neutral face " + text;
    case Kind::gap:
      return count_words(static_cast<std::uint64_t>(std::max<std::int64_t>(event.value, 0)),
                         "frame", "frames") +
             " lost";
  }
  return text;
}

}  // namespace

std::string moments_section(const ReportData& data) {
  // Lost frames are counted under the recording, and who is there is in the charts: many of
  // them would drown the rest.
  using Kind = sessions::SessionEvent::Kind;
  const auto is_walk = [](const sessions::SessionEvent& event) {
    return event.kind == Kind::arrival || event.kind == Kind::departure;
  };
  const auto& events = data.session.events;
  const auto walks =
      static_cast<std::size_t>(std::count_if(events.begin(), events.end(), is_walk));
  std::vector<const sessions::SessionEvent*> listed;
  for (const auto& event : events) {
    if (event.kind == Kind::gap || (walks > kMaxArrivals && is_walk(event))) continue;
    listed.push_back(&event);
  }
  if (listed.empty()) return {};
  std::string out =
      "<section><h2>Markers and events</h2><table><thead><tr><th></th><th class=\"num\">At</th>"
      "<th>What</th></tr></thead><tbody>";
  const auto shown = std::min(listed.size(), kMaxMoments);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto numbered = std::find(data.moments.begin(), data.moments.end(), listed[i]);
    out += "<tr><td class=\"num\">";
    if (numbered != data.moments.end()) {
      out += "<span class=\"badge\">" + std::to_string(numbered - data.moments.begin() + 1) +
             "</span>";
    }
    out += "</td><td class=\"num\">" + moment(listed[i]->timestamp) +
           "</td><td class=\"what\">" + event_words(*listed[i], data.session) + "</td></tr>";
  }
  out += "</tbody></table>";
  if (shown < listed.size()) {
    out += "<p class=\"note\">And " + grouped(listed.size() - shown) +
           " more; events.csv has them all.</p>";
  } else if (!data.moments.empty() && data.quality.seconds > 0) {
    out += "<p class=\"note\">The numbers are those in the charts.</p>";
  }
  if (walks > kMaxArrivals) {
    out += "<p class=\"note\">People came and went " + grouped(walks) +
           " times; the charts show when, events.csv lists them.</p>";
  }
  return out + "</section>";
}

std::string privacy_words(const sessions::RecordedSession& session) {
  const auto& document = session.document;
  if (!base::text_in(document, "rebuilt").empty() &&
      base::text_in(document, "privacy").empty()) {
    return "not known any more; no picture is shown here";
  }
  switch (session.privacy) {
    case sessions::Privacy::everything:
      return session.video.empty() ? "" : "everything is kept";
    case sessions::Privacy::blurred_faces:
      return "faces are pixelated in the video itself";
    case sessions::Privacy::data_only:
      return "data only: no picture touched the disk";
  }
  return {};
}

/// "osc:127.0.0.1:9000 (from 0:00 to 0:12)".
std::string outputs_words(const nlohmann::json& document) {
  constexpr std::size_t kMostListed = 8;
  const auto& outputs = base::list_in(document, "outputs");
  std::string words;
  for (std::size_t i = 0; i < std::min(outputs.size(), kMostListed); ++i) {
    if (!outputs[i].is_object()) continue;
    words += (words.empty() ? "" : ", ") + html(base::text_in(outputs[i], "spec")) + " (from " +
             moment(base::number_in(outputs[i], "from")) + " to " +
             moment(base::number_in(outputs[i], "to")) + ")";
  }
  if (outputs.size() > kMostListed) {
    words += ", and " + grouped(outputs.size() - kMostListed) + " more; session.json has all";
  }
  return words;
}

std::string recording_section(const ReportData& data) {
  const auto& document = data.session.document;
  const auto& quality = data.quality;
  const auto& source = base::object_in(document, "source");
  const auto& counts = base::object_in(document, "counts");
  Facts how;
  auto spec = html(base::text_in(source, "spec"));
  how.add("Source", html(base::text_in(source, "name")) +
                        (spec.empty() || spec == html(base::text_in(source, "name"))
                             ? ""
                             : " (" + spec + ")"));
  if (const auto width = base::whole_in(source, "width"); width > 0) {
    how.add("Picture", std::to_string(width) + " × " +
                           std::to_string(base::whole_in(source, "height")) + " pixels" +
                           (base::text_in(source, "format").empty()
                                ? ""
                                : ", " + html(base::text_in(source, "format"))));
  }
  const auto& video = base::object_in(document, "video");
  if (!data.session.video.empty()) {
    how.add("Video", html(base::text_in(video, "encoder")) + " in Matroska, " +
                         std::to_string(base::whole_in(video, "width")) + " × " +
                         std::to_string(base::whole_in(video, "height")));
  } else {
    how.add("Video", "none was kept");
  }
  how.add("Privacy", privacy_words(data.session));
  how.add("Sent live to", outputs_words(document));
  how.add("Ended", html(base::text_in(document, "ended")));
  how.add("Problem", html(base::text_in(document, "problem")));
  how.add("Recovered", html(base::text_in(document, "rebuilt")));

  Facts measured;
  measured.add("Frames", grouped(quality.frames));
  if (quality.fps > 0) {
    measured.add("Mean rate", base::decimal(quality.fps, 1) + " frames a second");
    measured.add("Between frames",
                 base::decimal(quality.median_interval * 1000, 0) + " ms usually; 19 of 20 " +
                     base::decimal(quality.interval_p95 * 1000, 0) + " ms or less");
    measured.add("Longest", base::decimal(quality.longest_interval * 1000, 0) + " ms, at " +
                                moment(quality.longest_gap_at));
    measured.add("Gaps",
                 quality.gaps == 0
                     ? "none"
                     : count_words(quality.gaps, "gap", "gaps") + " of more than " +
                           base::decimal(std::max(2500 * quality.median_interval, 100.0), 0) +
                           " ms");
  }
  std::error_code code;
  if (std::filesystem::exists(data.session.folder / sessions::session_file::kEvents, code)) {
    measured.add("Frames lost", quality.lost == 0 ? "none" : grouped(quality.lost));
  }
  if (const auto left_out = base::whole_in(counts, "frames_left_out"); left_out > 0) {
    measured.add("Left out",
                 count_words(static_cast<std::uint64_t>(left_out), "frame", "frames") +
                     " whose time did not go on");
  }
  if (const auto scaled = base::whole_in(counts, "frames_scaled"); scaled > 0) {
    measured.add("Scaled", count_words(static_cast<std::uint64_t>(scaled), "frame", "frames") +
                               " of another size than the first");
  }
  return "<section><h2>The recording</h2><div class=\"columns\"><div>" + how.table() +
         "</div><div>" + measured.table() + "</div></div>" + rate_chart(data) + "</section>";
}

/// "Face mesh, version 1 (face-mesh)", of a card in the document.
std::string model_words(const nlohmann::json& card) {
  auto name = html(base::text_in(card, "name"));
  const auto id = html(base::text_in(card, "id"));
  if (name.empty()) name = id;
  if (const auto version = base::text_in(card, "version"); !version.empty()) {
    name += ", version " + html(version);
  }
  return name + (id.empty() ? "" : " (" + id + ")");
}

std::string checksums(const nlohmann::json& card) {
  std::string words;
  for (const auto& file : base::list_in(card, "files")) {
    const auto sum = base::text_in(file, "sha256");
    if (sum.empty()) continue;
    words += std::string(words.empty() ? "" : "<br>") + "<small>" + html(sum) + "</small>";
  }
  return words;
}

/// What measured the faces: with its card, or, in sessions of early versions, its id alone.
std::string measuring_words(const nlohmann::json& document, const char* id, const char* card) {
  const auto words = model_words(base::object_in(document, card));
  return words.empty() ? html(base::text_in(document, id)) : words;
}

std::string model_section(const sessions::RecordedSession& session) {
  const auto& model = base::object_in(session.document, "model");
  Facts facts;
  facts.add("Expressions", model_words(model));
  const auto reading = base::text_in(session.document, "reading");
  for (const auto& each : base::list_in(model, "readings")) {
    if (each.is_object() && base::text_in(each, "id") == reading) {
      const auto words = base::text_in(each, "name");
      facts.add("Reading", html(words.empty() ? reading : words));
    }
  }
  facts.add("Faces", html(base::text_in(session.document, "detector")));
  facts.add("Landmarks", measuring_words(session.document, "landmarks", "landmarks_model"));
  facts.add("Movements", measuring_words(session.document, "movements", "movements_model"));
  facts.add("Licence", html(base::text_in(model, "license")));
  facts.add("Made from", html(base::text_in(model, "source")));
  facts.add("SHA-256", checksums(model));
  facts.add("SHA-256 of landmarks",
            checksums(base::object_in(session.document, "landmarks_model")));
  facts.add("SHA-256 of movements",
            checksums(base::object_in(session.document, "movements_model")));
  const auto& metrics = base::object_in(model, "metrics");
  std::string measured;
  if (metrics.contains("accuracy")) {
    measured = percent_words(base::number_in(metrics, "accuracy")) + " right";
    if (metrics.contains("balanced_accuracy")) {
      measured += ", " + percent_words(base::number_in(metrics, "balanced_accuracy")) +
                  " when every expression counts the same";
    }
    if (const auto dataset = base::text_in(metrics, "dataset"); !dataset.empty()) {
      measured += "; on " + html(dataset);
    }
  }
  facts.add("Measured", measured);
  const auto& recall = base::object_in(metrics, "recall");
  std::string found;
  for (const auto& label : session.labels) {
    if (!recall.contains(label)) continue;
    found += (found.empty() ? "" : ", ") + html(base::display_word(label)) + ' ' +
             percent_words(base::number_in(recall, label.c_str()));
  }
  facts.add("Of each, found", found);
  const auto limits = html(base::text_in(model, "limitations"));
  return "<section><h2>The model and its limits</h2>" +
         (limits.empty() ? "<p>The model's card names no limits. That does not mean that there "
                           "are none.</p>"
                         : "<p>" + limits + "</p>") +
         facts.table() + "</section>";
}

std::string limits_section() {
  return "<section><h2>What this says, and what it does not</h2>"
         "<p>These are readings of <b>expressions</b>: how faces look to a model that was "
         "trained on the judgements of others. They are not feelings, thoughts, intentions or "
         "character. People smile without joy and feel without showing it; culture, age, "
         "illness, glasses, light and the camera's angle all change what is read.</p>"
         "<p>Readings are wrong at times, and not equally often for everyone: studies have "
         "found that such models read faces of different skin colours, ages and sexes "
         "differently well. Where the program is <i>not sure</i>, it says so, and why; these "
         "times are part of the result.</p>"
         "<p>In the European Union, inferring emotions of people at work or in education is "
         "prohibited, except for medical or safety reasons (Regulation (EU) 2024/1689, Article "
         "5(1)(f), since 2 February 2025). Everywhere, those recorded should have been told "
         "and "
         "have agreed. Do not decide about anybody by this page.</p></section>";
}

namespace {

constexpr std::size_t kMaxEpisodes = 45;
/// Shorter ones are said to be there, not listed.
constexpr double kShortestEpisode = 0.2;

std::string summary_words(const ReportData& data, const PersonSummary& person) {
  std::string words = count_words(person.rows.size(), "reading", "readings");
  if (person.rows.size() == 1) {
    // A single reading says all in one line.
    const auto& row = data.session.rows[person.rows.front()];
    const int label = label_index(data.session.labels, row.verdict);
    words = label < 0 ? std::string(sessions::kNotSure)
                      : label_look(row.verdict, label).word + ", " +
                            percent_words(static_cast<double>(row.certainty));
    if (!row.reason.empty()) words += " (" + html(row.reason) + ")";
    return words + " · valence " + base::signed_decimal(static_cast<double>(row.valence), 2);
  }
  if (person.seconds > 0) words = "seen for " + length_words(person.seconds) + " · " + words;
  return words + " · mean valence " + base::signed_decimal(person.mean_valence, 2);
}

std::string heading(const ReportData& data, const PersonSummary& person) {
  return "<div class=\"person-head\"><h2><span class=\"dot\" style=\"background:" +
         overlay::hex(overlay::person_color(person.person)) + "\"></span>" +
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
    bars.push_back({std::string(base::display_word(data.session.labels[i])), person.share(i),
                    percent_words(person.share(i)),
                    amount(person.label_seconds[i], person.label_readings[i]), look.fill,
                    look.outline});
  }
  bars.push_back(
      {sessions::kNotSure, person.not_sure_share(), percent_words(person.not_sure_share()),
       amount(person.not_sure_seconds, person.not_sure_readings), "url(#unsure)", "#59616e"});
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
    bars.push_back({std::string(base::display_word(data.session.labels[i])), sum,
                    percent_words(sum), "", look.fill, look.outline});
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
  if (listed.size() > kMaxEpisodes) {
    std::nth_element(
        listed.begin(), listed.begin() + kMaxEpisodes, listed.end(),
        [](const Episode* a, const Episode* b) { return a->seconds() > b->seconds(); });
    listed.resize(kMaxEpisodes);
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

std::string degrees_range(const std::optional<PersonMeasures::Range>& range) {
  if (!range) return {};
  return base::signed_decimal(range->low, 0) + "° to " + base::signed_decimal(range->high, 0) +
         "°, median " + base::signed_decimal(range->middle, 0) + "°";
}

/// "12 of 20 readings; no mesh: no face for the mesh in 5, invalid mesh in 3".
std::string measured_words(const PersonMeasures& measures) {
  constexpr std::size_t kMostReasons = 6;
  std::string words = measures.meshes == 0 ? std::string("none") : grouped(measures.meshes);
  words += " of " + count_words(measures.rows, "reading", "readings");
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [reason, count] : measures.no_mesh) order.emplace_back(count, reason);
  std::sort(order.rbegin(), order.rend());
  std::size_t told = 0, others = 0;
  for (const auto& [count, reason] : order) {
    if (reason.empty() || told == kMostReasons) {
      others += count;
      continue;
    }
    words += (told++ == 0 ? "; no mesh: " : ", ") + html(reason) + " in " + grouped(count);
  }
  if (others > 0) {
    words += (told == 0 ? "; no mesh in " : ", other reasons in ") + grouped(others);
  }
  return words;
}

/// How to read what was measured; once a page.
std::string measures_note() {
  return "<p class=\"note\">Measured on 468 points of the face. Nine of ten values lie between "
         "low and high; the median is the middle one. Movements have no unit: beyond 1 a face "
         "goes further than those that the scale was made with, and a movement with an "
         "opposite "
         "goes below 0. They say what the face did, not what somebody felt. The AU numbers "
         "beside them are hints for those who know FACS: the movements are like these, and are "
         "no FACS coding. Whether somebody looks at the camera is wrong now and then; neither "
         "that nor blinks tell whether somebody is tired or pays attention.</p>";
}

/// What was measured: movements are no labels, and say nothing of what somebody feels.
std::string measures_section(const ReportData& data, const PersonSummary& person,
                             Explained& explained) {
  const auto measures = measures_of(data.session, person);
  if (!measures) return {};
  Facts facts;
  facts.add("Readings measured", measured_words(*measures));
  if (measures->meshes > 0) {
    facts.add("Head turned, yaw (+: to their right)", degrees_range(measures->yaw));
    facts.add("Head nodded, pitch (+: chin down)", degrees_range(measures->pitch));
    if (measures->closed_share) {  // without it, the eyes were never seen and no blink counted
      facts.add("Blinks", grouped(static_cast<std::uint64_t>(std::max(measures->blinks, 0))));
      facts.add("Eyes closed", percent_words(*measures->closed_share));
    }
    if (measures->camera_share) {
      facts.add("Looks at the camera", percent_words(*measures->camera_share) + ", known in " +
                                           percent_words(measures->gaze_known) +
                                           " of those measured");
    }
  }
  std::string out =
      "<div class=\"columns\"><div><h3>Head and eyes</h3>" + facts.table() + "</div><div>";
  if (!measures->movements.empty()) {
    out +=
        "<h3>Movements</h3><table><thead><tr><th>0 at rest, 1 at the strongest</th>"
        "<th class=\"num\">Low</th><th class=\"num\">Median</th><th class=\"num\">High</th>"
        "</tr></thead><tbody>";
    for (const auto& [id, range] : measures->movements) {
      // A movement of another version has its id alone.
      const auto index = base::movement_index(id);
      out += "<tr><td>";
      if (index) {
        const auto& movement = base::movements()[*index];
        out += html(movement.name) + " <span class=\"hint\">" +
               html(base::facs_hint(movement)) + "</span></td>";
      } else {
        out += html(id) + "</td>";
      }
      for (const double value : {range.low, range.middle, range.high}) {
        out += "<td class=\"num\">" + base::signed_decimal(value, 2) + "</td>";
      }
      out += "</tr>";
    }
    out += "</tbody></table>";
    if (const auto& of = measures->movements_of) {
      out += "<p class=\"note\">Of " + moment(of->from) + " to " + moment(of->to) + " alone, " +
             count_words(of->meshes, "reading", "readings") +
             ": their neutral face or the landmarks model changed, and with it what counts as "
             "0.</p>";
    }
  }
  out += "</div></div>";
  if (!std::exchange(explained.measures, true)) out += measures_note();
  return out;
}

}  // namespace

std::string person_section(const ReportData& data, const PersonSummary& person,
                           const std::vector<Thumbnail>& thumbnails, int bins,
                           Explained& explained) {
  std::string out = "<section>" + heading(data, person);
  const bool timed = data.quality.seconds > 0;
  if (timed) {
    out += timeline_chart(data, person, bins);
    if (!std::exchange(explained.charts, true)) {
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
  out += measures_section(data, person, explained);
  if (timed) out += episodes(data, person);
  return out + "</section>";
}

}  // namespace mien::reports
