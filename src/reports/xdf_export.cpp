#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "mien/base/error.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/signal_columns.hpp"

#include "export_support.hpp"
#include "xdf_chunks.hpp"

// XDF 1.0, as LabRecorder writes what it hears over LSL: read by pyxdf, MNE, EEGLAB, libxdf. A
// stream of numbers for each person, because a stream has the same channels from its first
// sample to its last while people come and go, and because a reader picks streams by their
// names; a stream of texts each for markers, for other events, and for the names of pictures.
// https://github.com/sccn/xdf/wiki/Specifications

namespace mien::reports {
namespace {

/// LabRecorder's: after each there is a boundary, from which a reader can go on.
constexpr double kBoundarySeconds = 10;

/// Each describes all its channels.
constexpr std::size_t kMostPeople = 10'000;

std::string exact(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string element(std::string_view name, std::string_view text) {
  std::string xml;
  xml.append("<").append(name).append(">").append(xml_text(text));
  return xml.append("</").append(name).append(">");
}

/// A stream of the file with what its footer says of it.
class XdfStream {
 public:
  struct Description {
    std::string name;
    std::string type;
    const char* format = "float32";
    std::size_t channels = 1;
    std::string desc;  ///< XML inside of <desc>
  };

  XdfStream(std::uint32_t id, Description description)
      : id_(id), description_(std::move(description)), samples_(id) {}

  void write_header(const sessions::RecordedSession& session, std::ostream& out) const {
    std::string xml = "<?xml version=\"1.0\"?><info>";
    xml += element("name", description_.name) + element("type", description_.type) +
           element("channel_count", std::to_string(description_.channels)) +
           // The camera's pictures come when they come.
           element("nominal_srate", "0") + element("channel_format", description_.format) +
           element("source_id", "mien " + session.folder.filename().string()) +
           element("version", "1.0") + element("created_at", "0") +
           element("uid", session.folder.filename().string() + " " + std::to_string(id_)) +
           element("session_id", "default") + element("hostname", "localhost");
    xml += "<desc>" + description_.desc + "</desc></info>";
    write(XdfTag::stream_header, xml, out);
  }

  template <typename Sample>
  void add(double timestamp, const Sample& sample) {
    samples_.add(timestamp, sample);
    first_ = count_ == 0 ? timestamp : first_;
    last_ = timestamp;
    ++count_;
  }
  void flush(std::ostream& out) { samples_.flush(out); }

  /// All streams have the clock of the file: nothing is to be added to their times.
  void write_clock_offset(double time, std::ostream& out) {
    std::string content;
    put_u32(content, id_);
    put_double(content, time);
    put_double(content, 0);
    write_chunk(out, XdfTag::clock_offset, content);
    offsets_.push_back(time);
  }

  void write_footer(std::ostream& out) const {
    std::string xml = "<?xml version=\"1.0\"?><info>";
    xml += element("first_timestamp", exact(first_)) + element("last_timestamp", exact(last_)) +
           element("sample_count", std::to_string(count_));
    if (count_ > 1 && last_ > first_) {
      xml +=
          element("measured_srate", exact(static_cast<double>(count_ - 1) / (last_ - first_)));
    }
    xml += "<clock_offsets>";
    for (const double time : offsets_) {
      xml += "<offset>" + element("time", exact(time)) + element("value", "0") + "</offset>";
    }
    xml += "</clock_offsets></info>";
    write(XdfTag::stream_footer, xml, out);
  }

 private:
  void write(XdfTag tag, std::string_view xml, std::ostream& out) const {
    std::string content;
    put_u32(content, id_);
    content += xml;
    write_chunk(out, tag, content);
  }

  std::uint32_t id_;
  Description description_;
  XdfSamples samples_;
  double first_ = 0;
  double last_ = 0;
  std::uint64_t count_ = 0;
  std::vector<double> offsets_;
};

/// The channels of a person's stream, in the order of values_of().
std::vector<base::SignalColumn> channels_of(const sessions::RecordedSession& session) {
  std::vector<base::SignalColumn> channels = {{"frame", "count", "Frame"}};
  const auto add = [&](std::vector<base::SignalColumn> more) {
    channels.insert(channels.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  };
  add(base::expression_channels(session.labels));
  if (session.columns != sessions::Columns::basic) {
    const std::vector<std::string_view> movements(session.movements.begin(),
                                                  session.movements.end());
    add(base::geometry_channels(movements));
  }
  if (session.columns == sessions::Columns::landmarks) add(base::landmark_channels());
  return channels;
}

/// `count` values; what is not known is NaN.
std::vector<float> values_of(const sessions::SessionRow& row,
                             const sessions::RecordedSession& session, std::size_t count) {
  constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> values;
  values.reserve(count);
  values.push_back(static_cast<float>(row.frame));
  for (std::size_t i = 0; i < session.labels.size(); ++i) {
    values.push_back(i < row.probabilities.size() ? row.probabilities[i] : kNothing);
  }
  values.insert(values.end(), {row.certainty, row.valence, row.confidence, row.box.x, row.box.y,
                               row.box.width, row.box.height});
  if (row.geometry && session.columns != sessions::Columns::basic) {
    const auto& g = *row.geometry;
    values.insert(values.end(), {g.presence, g.pitch, g.yaw, g.roll, g.translation.x,
                                 g.translation.y, g.translation.z});
    for (std::size_t i = 0; i < session.movements.size(); ++i) {
      values.push_back(i < g.movements.size() ? g.movements[i] : kNothing);
    }
    const bool eyes = !std::isnan(g.eyes_open);
    values.push_back(g.eyes_open);
    values.push_back(eyes ? (g.eyes_closed ? 1.F : 0.F) : kNothing);
    values.push_back(static_cast<float>(g.blinks));
    const auto& gaze = g.looks_at_camera;
    values.push_back(gaze ? (*gaze ? 1.F : 0.F) : kNothing);
    if (session.columns == sessions::Columns::landmarks) {
      for (float cv::Point2f::*axis : {&cv::Point2f::x, &cv::Point2f::y}) {
        for (const auto& point : g.landmarks) values.push_back(point.*axis);
      }
    }
  }
  values.resize(count, kNothing);
  return values;
}

std::string description_of(const sessions::RecordedSession& session, int person,
                           const std::vector<base::SignalColumn>& channels) {
  std::string xml = "<channels>";
  for (const auto& channel : channels) {
    xml += "<channel>" + element("label", channel.label) + element("unit", channel.unit) +
           element("type", channel.type) + "</channel>";
  }
  xml += "</channels><subject>" + element("id", "P" + std::to_string(person)) +
         element("name", session.name_of(person)) + "</subject>";
  const auto& document = session.document;
  xml += "<acquisition>" + element("manufacturer", "mien") +
         element("model", base::text_in(base::object_in(document, "model"), "id")) +
         element("source", source_name(session)) + "</acquisition>";
  // Frames that the camera or the disk lost are no samples.
  return xml + "<synchronization>" + element("can_drop_samples", "true") + "</synchronization>";
}

std::string text_of(const sessions::SessionEvent& event) {
  using Kind = sessions::SessionEvent::Kind;
  if (event.kind == Kind::marker) return event.text.empty() ? "marker" : event.text;
  std::string text = sessions::word(event.kind);
  if (event.person > 0) text += " P" + std::to_string(event.person);
  if (event.kind == Kind::gap) text += " " + std::to_string(event.value) + " frames";
  if (!event.text.empty()) text += ": " + event.text;
  return text;
}

/// Writes a session's samples in the order of time.
class XdfWriter {
 public:
  XdfWriter(const sessions::RecordedSession& session, std::ostream& out)
      : session_(session), channels_(channels_of(session)), out_(out) {
    std::set<int> numbers;
    for (const auto& row : session.rows) {
      if (row.success) numbers.insert(row.person);
    }
    if (numbers.size() > kMostPeople) {
      throw base::Error(
          "The session has " + std::to_string(numbers.size()) +
          " people, and an XDF file takes a stream for each; export it as jsonl.");
    }
    streams_.reserve(numbers.size() + 3);
    for (const int person : numbers) {
      person_streams_[person] =
          add_stream({"mien P" + std::to_string(person), "Expression", "float32",
                      channels_.size(), description_of(session, person, channels_)});
    }
    markers_ = add_stream({"mien markers", "Markers", "string", 1, ""});
    for (const auto& event : session.events) {
      events_.push_back(&event);
      if (event.kind == sessions::SessionEvent::Kind::marker || others_) continue;
      others_ = add_stream({"mien events", "Markers", "string", 1, ""});
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const auto* a, const auto* b) { return a->timestamp < b->timestamp; });
    if (names_files(session)) {
      files_ = add_stream({"mien files", "Markers", "string", 1, ""});
    }
  }

  void write() {
    out_ << "XDF:";
    write_chunk(out_, XdfTag::file_header,
                "<?xml version=\"1.0\"?><info>" + element("version", "1.0") +
                    element("datetime", base::text_in(session_.document, "started")) +
                    "</info>");
    for (const auto& stream : streams_) stream.write_header(session_, out_);
    for (auto& stream : streams_) stream.write_clock_offset(0, out_);
    for (auto row = session_.rows.begin(); row != session_.rows.end();) {
      const auto next = std::find_if(row, session_.rows.end(), [&](const auto& other) {
        return other.frame != row->frame;
      });
      write_events_until(row->timestamp);
      write_frame(row, next);
      row = next;
    }
    write_events_until(std::numeric_limits<double>::infinity());
    flush();
    // One moment alone has no second offset: a line through both would have no slope.
    if (last_ > 0) {
      for (auto& stream : streams_) stream.write_clock_offset(last_, out_);
    }
    for (const auto& stream : streams_) stream.write_footer(out_);
  }

 private:
  using Rows = std::vector<sessions::SessionRow>::const_iterator;

  std::size_t add_stream(XdfStream::Description description) {
    streams_.emplace_back(static_cast<std::uint32_t>(streams_.size() + 1),
                          std::move(description));
    return streams_.size() - 1;
  }

  void advance(double timestamp) {
    last_ = std::max(last_, timestamp);
    if (timestamp < next_boundary_) return;
    flush();
    write_boundary(out_);
    next_boundary_ = timestamp + kBoundarySeconds;
  }

  void flush() {
    for (auto& stream : streams_) stream.flush(out_);
  }

  void write_events_until(double timestamp) {
    for (; at_event_ < events_.size() && events_[at_event_]->timestamp <= timestamp;
         ++at_event_) {
      const auto& event = *events_[at_event_];
      advance(event.timestamp);
      const bool marker = event.kind == sessions::SessionEvent::Kind::marker;
      streams_[marker ? markers_ : *others_].add(event.timestamp, text_of(event));
    }
  }

  void write_frame(Rows begin, Rows end) {
    const double time = begin->timestamp;
    advance(time);
    if (files_) streams_[*files_].add(time, begin->file);
    std::set<int> here;
    for (auto row = begin; row != end; ++row) {
      if (!row->success || !here.insert(row->person).second) continue;
      streams_[person_streams_.at(row->person)].add(
          time, values_of(*row, session_, channels_.size()));
    }
    // One sample without values says that somebody is gone, so that no line is drawn from
    // where they left to where they come back.
    for (const int person : present_) {
      if (here.contains(person)) continue;
      streams_[person_streams_.at(person)].add(
          time, std::vector<float>(channels_.size(), std::numeric_limits<float>::quiet_NaN()));
    }
    present_ = std::move(here);
  }

  const sessions::RecordedSession& session_;
  const std::vector<base::SignalColumn> channels_;
  std::ostream& out_;
  std::vector<XdfStream> streams_;
  std::map<int, std::size_t> person_streams_;  ///< by the person's number
  std::size_t markers_ = 0;
  std::optional<std::size_t> others_;
  std::optional<std::size_t> files_;
  std::vector<const sessions::SessionEvent*> events_;
  std::size_t at_event_ = 0;
  std::set<int> present_;  ///< in the last frame
  double last_ = 0;
  double next_boundary_ = kBoundarySeconds;
};

}  // namespace

void write_xdf(const sessions::RecordedSession& session, std::ostream& out) {
  XdfWriter(session, out).write();
}

}  // namespace mien::reports
