#include <algorithm>

#include "mien/base/json_fields.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/session_files.hpp"

#include "report_charts.hpp"
#include "report_page.hpp"
#include "report_text.hpp"

namespace mien {
namespace {

constexpr std::size_t kMostMoments = 200;
/// More comings and goings than these are left to the charts.
constexpr std::size_t kMostWalks = 20;

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

std::string event_words(const SessionEvent& event, const RecordedSession& session) {
  using Kind = SessionEvent::Kind;
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
  using Kind = SessionEvent::Kind;
  const auto is_walk = [](const SessionEvent& event) {
    return event.kind == Kind::arrival || event.kind == Kind::departure;
  };
  const auto& events = data.session.events;
  const auto walks =
      static_cast<std::size_t>(std::count_if(events.begin(), events.end(), is_walk));
  std::vector<const SessionEvent*> listed;
  for (const auto& event : events) {
    if (event.kind == Kind::gap || (walks > kMostWalks && is_walk(event))) continue;
    listed.push_back(&event);
  }
  if (listed.empty()) return {};
  std::string out =
      "<section><h2>Markers and events</h2><table><thead><tr><th></th><th class=\"num\">At</th>"
      "<th>What</th></tr></thead><tbody>";
  const auto shown = std::min(listed.size(), kMostMoments);
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
  if (walks > kMostWalks) {
    out += "<p class=\"note\">People came and went " + grouped(walks) +
           " times; the charts show when, events.csv lists them.</p>";
  }
  return out + "</section>";
}

std::string privacy_words(const RecordedSession& session) {
  const auto& document = session.document;
  if (!text_in(document, "rebuilt").empty() && text_in(document, "privacy").empty()) {
    return "not known any more; no picture is shown here";
  }
  switch (session.privacy) {
    case Privacy::everything:
      return session.video.empty() ? "" : "everything is kept";
    case Privacy::blurred_faces:
      return "faces are pixelated in the video itself";
    case Privacy::data_only:
      return "data only: no picture touched the disk";
  }
  return {};
}

std::string recording_section(const ReportData& data) {
  const auto& document = data.session.document;
  const auto& quality = data.quality;
  const auto& source = object_in(document, "source");
  const auto& counts = object_in(document, "counts");
  Facts how;
  auto spec = html(text_in(source, "spec"));
  how.add("Source",
          html(text_in(source, "name")) +
              (spec.empty() || spec == html(text_in(source, "name")) ? "" : " (" + spec + ")"));
  if (const auto width = whole_in(source, "width"); width > 0) {
    how.add(
        "Picture",
        std::to_string(width) + " × " + std::to_string(whole_in(source, "height")) + " pixels" +
            (text_in(source, "format").empty() ? "" : ", " + html(text_in(source, "format"))));
  }
  const auto& video = object_in(document, "video");
  if (!data.session.video.empty()) {
    how.add("Video", html(text_in(video, "encoder")) + " in Matroska, " +
                         std::to_string(whole_in(video, "width")) + " × " +
                         std::to_string(whole_in(video, "height")));
  } else {
    how.add("Video", "none was kept");
  }
  how.add("Privacy", privacy_words(data.session));
  how.add("Ended", html(text_in(document, "ended")));
  how.add("Problem", html(text_in(document, "problem")));
  how.add("Recovered", html(text_in(document, "rebuilt")));

  Facts measured;
  measured.add("Frames", grouped(quality.frames));
  if (quality.fps > 0) {
    measured.add("Mean rate", decimal(quality.fps, 1) + " frames a second");
    measured.add("Between frames", decimal(quality.usual_gap * 1000, 0) +
                                       " ms usually; 19 of 20 " +
                                       decimal(quality.slow_gap * 1000, 0) + " ms or less");
    measured.add("Longest", decimal(quality.longest_gap * 1000, 0) + " ms, at " +
                                moment(quality.longest_gap_at));
    measured.add("Gaps", quality.gaps == 0
                             ? "none"
                             : count_words(quality.gaps, "gap", "gaps") + " of more than " +
                                   decimal(std::max(2500 * quality.usual_gap, 100.0), 0) +
                                   " ms");
  }
  std::error_code code;
  if (std::filesystem::exists(data.session.folder / session_file::kEvents, code)) {
    measured.add("Frames lost", quality.lost == 0 ? "none" : grouped(quality.lost));
  }
  if (const auto left_out = whole_in(counts, "frames_left_out"); left_out > 0) {
    measured.add("Left out",
                 count_words(static_cast<std::uint64_t>(left_out), "frame", "frames") +
                     " whose time did not go on");
  }
  if (const auto scaled = whole_in(counts, "frames_scaled"); scaled > 0) {
    measured.add("Scaled", count_words(static_cast<std::uint64_t>(scaled), "frame", "frames") +
                               " of another size than the first");
  }
  return "<section><h2>The recording</h2><div class=\"columns\"><div>" + how.table() +
         "</div><div>" + measured.table() + "</div></div>" + rate_chart(data) + "</section>";
}

std::string model_section(const RecordedSession& session) {
  const auto& model = object_in(session.document, "model");
  Facts facts;
  auto name = html(text_in(model, "name"));
  const auto id = html(text_in(model, "id"));
  if (name.empty()) name = id;
  if (const auto version = text_in(model, "version"); !version.empty()) {
    name += ", version " + html(version);
  }
  facts.add("Expressions", name + (id.empty() ? "" : " (" + id + ")"));
  const auto reading = text_in(session.document, "reading");
  for (const auto& each : list_in(model, "readings")) {
    if (each.is_object() && text_in(each, "id") == reading) {
      const auto words = text_in(each, "name");
      facts.add("Reading", html(words.empty() ? reading : words));
    }
  }
  facts.add("Faces", html(text_in(session.document, "detector")));
  facts.add("Licence", html(text_in(model, "license")));
  facts.add("Made from", html(text_in(model, "source")));
  for (const auto& file : list_in(model, "files")) {
    const auto sum = text_in(file, "sha256");
    if (!sum.empty()) facts.add("SHA-256", "<small>" + html(sum) + "</small>");
  }
  const auto& metrics = object_in(model, "metrics");
  std::string measured;
  if (metrics.contains("accuracy")) {
    measured = percent_words(number_in(metrics, "accuracy")) + " right";
    if (metrics.contains("balanced_accuracy")) {
      measured += ", " + percent_words(number_in(metrics, "balanced_accuracy")) +
                  " when every expression counts the same";
    }
    if (const auto dataset = text_in(metrics, "dataset"); !dataset.empty()) {
      measured += "; on " + html(dataset);
    }
  }
  facts.add("Measured", measured);
  const auto& recall = object_in(metrics, "recall");
  std::string found;
  for (const auto& label : session.labels) {
    if (!recall.contains(label)) continue;
    found += (found.empty() ? "" : ", ") + html(display_word(label)) + ' ' +
             percent_words(number_in(recall, label.c_str()));
  }
  facts.add("Of each, found", found);
  const auto limits = html(text_in(model, "limitations"));
  return "<section><h2>The model and its limits</h2>" +
         (limits.empty() ? "<p>The model's card names no limits. That does not mean that there "
                           "are none.</p>"
                         : "<p>" + limits + "</p>") +
         facts.table() + "</section>";
}

std::string honesty_section() {
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

}  // namespace mien
