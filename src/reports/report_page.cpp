#include "report_page.hpp"

#include <algorithm>

#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"

#include "report_charts.hpp"
#include "report_text.hpp"

namespace mien {
namespace {

/// More people than these get a lane in the overview, not a section.
constexpr std::size_t kMostSections = 24;
constexpr std::size_t kMostLanes = 60;

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

std::string title_of(const RecordedSession& session) {
  const auto& source = object_in(session.document, "source");
  auto title = text_in(source, "name");
  if (title.empty()) title = text_in(source, "spec");
  return html(title.empty() ? session.folder.filename().string() : title);
}

std::string opening(const ReportData& data) {
  const auto& session = data.session;
  const auto& quality = data.quality;
  std::string out = "<div class=\"kicker\"><b>mien</b> · session report</div><h1>" +
                    title_of(session) + "</h1><p class=\"sub\">" +
                    date_words(text_in(session.document, "started")) + " · " + "session " +
                    html(session.folder.filename().string()) + "</p>";
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
         tile(quality.fps > 0 ? decimal(quality.fps, 1) : "–", "Frames/s") + "</div>";
  return out;
}

/// Colours in words, for strips that are too small to be written on.
std::string legend(const RecordedSession& session) {
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
  if (shown.size() > kMostLanes) shown.resize(kMostLanes);
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
  if (shown.size() > kMostSections) shown.resize(kMostSections);
  std::sort(shown.begin(), shown.end(),
            [](const auto* a, const auto* b) { return a->person < b->person; });
  const int bins = bins_for(shown.size());
  std::string out;
  for (const auto* person : shown) {
    const auto found = thumbnails.find(person->person);
    out += person_section(data, *person,
                          found != thumbnails.end() ? found->second : std::vector<Thumbnail>{},
                          bins, person != shown.front());
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
  page += honesty_section();
  const auto version = text_in(object_in(session.document, "program"), "version");
  page += "<footer>Made by mien" +
          (version.empty() ? "" : " from a recording of mien " + html(version)) +
          ". This page is complete in itself: it loads nothing and sends nothing.</footer>"
          "</main></body></html>\n";
  return page;
}

}  // namespace mien
