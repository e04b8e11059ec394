#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"
#include "mien/system/system_info.hpp"

#include "capture_clock.hpp"
#include "face_slots.hpp"
#include "lsl_library.hpp"
#include "protocols.hpp"

namespace mien::outputs {
namespace {

constexpr const char* kStandardName = "mien";
constexpr std::size_t kLongestName = 64;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

std::string stream_name(std::string_view argument) {
  if (argument.empty()) return kStandardName;
  // Receivers look streams up by name='...', so a quote would end it.
  if (argument.size() > kLongestName || !base::is_utf8(argument) ||
      base::has_control_characters(argument) ||
      argument.find_first_of("'\"") != argument.npos) {
    throw base::Error("A stream of LSL cannot be called \"" + base::clean_text(argument, 80) +
                      "\"; write up to 64 characters without quotes.");
  }
  return std::string(argument);
}

void append(std::vector<base::SignalColumn>& channels,
            const std::vector<base::SignalColumn>& more, const std::string& prefix) {
  for (const auto& channel : more) {
    channels.push_back({prefix + channel.label, channel.unit, channel.type});
  }
}

/// The frame's number and how many people there are, then the same columns for each place.
std::vector<base::SignalColumn> stream_channels(const std::vector<std::string>& labels) {
  std::vector<std::string_view> movements;
  for (const auto& movement : base::movements()) movements.emplace_back(movement.id);
  std::vector<base::SignalColumn> channels = {{"frame", "count", "Frame"},
                                              {"people", "count", "People"}};
  for (std::size_t i = 1; i <= FaceSlots::kCount; ++i) {
    const std::string prefix = "face" + std::to_string(i) + "_";
    channels.push_back({prefix + "person", "count", "Person"});
    append(channels, base::expression_channels(labels), prefix);
    append(channels, base::geometry_channels(movements), prefix);
  }
  return channels;
}

/// In the order of stream_channels(), NaN where something is not known.
void append_values(std::vector<float>& values, const base::FaceReading& reading,
                   std::size_t labels) {
  values.push_back(static_cast<float>(reading.person));
  const auto& shares = reading.smoothed;
  for (std::size_t i = 0; i < labels; ++i) {
    values.push_back(i < shares.size() ? shares[i] : kUnknown);
  }
  const auto& box = reading.face.box;
  values.insert(values.end(), {reading.verdict.certainty, reading.valence,
                               reading.face.confidence, box.x, box.y, box.width, box.height});
  if (!reading.geometry) return;
  const auto& geometry = *reading.geometry;
  values.push_back(geometry.mesh.presence);
  if (const auto& pose = geometry.pose) {
    const auto& t = pose->translation;
    values.insert(values.end(), {pose->pitch, pose->yaw, pose->roll, t.x, t.y, t.z});
  } else {
    values.insert(values.end(), 6, kUnknown);
  }
  for (std::size_t i = 0; i < base::movements().size(); ++i) {
    values.push_back(i < geometry.movements.size() ? geometry.movements[i] : kUnknown);
  }
  const auto& eyes = geometry.eyes;
  const bool seen = eyes.opening > 0;
  values.push_back(seen ? eyes.opening : kUnknown);
  values.push_back(seen ? (eyes.closed ? 1.F : 0.F) : kUnknown);
  values.push_back(static_cast<float>(eyes.blinks));
  const auto& gaze = geometry.towards_camera;
  values.push_back(gaze ? (*gaze ? 1.F : 0.F) : kUnknown);
}

class LslOutput : public Sender {
 public:
  LslOutput(std::string_view argument, std::string version)
      : name_(stream_name(argument)), version_(std::move(version)) {}

  void open() override {
    library_.emplace(LslLibrary::load());
    clock_.emplace(library_->functions().local_clock);
    // Receivers that lose a stream look for one with the same id, also after a new start.
    source_id_ = "mien " + name_ + " " + system::host_name();
    const std::vector<base::SignalColumn> channel = {{"marker", "text", "Marker"}};
    markers_ = std::make_unique<LslStream>(
        *library_,
        LslStream::Description{name_ + " markers", "Markers", LslStream::Format::texts,
                               source_id_ + " markers", channel, version_});
  }

  void send(const base::AnalyzedFrame& frame) override {
    // What a model can say is known with its first frame; another model makes another stream.
    if (!numbers_ || labels_ != *frame.labels) announce(*frame.labels);
    values_.clear();
    values_.push_back(static_cast<float>(frame.frame->sequence));
    values_.push_back(static_cast<float>(frame.readings.size()));
    for (const auto* reading : slots_.place(frame.readings)) {
      const auto end = values_.size() + columns_;
      if (reading != nullptr) append_values(values_, *reading, labels_.size());
      values_.resize(end, kUnknown);
    }
    if (!numbers_->push(values_, clock_->at(capture_.taken(frame)))) ++lost_;
    heard_ = numbers_->has_listeners() || markers_->has_listeners();
    open_ = true;
  }

  void mark(const Marker& marker) override {
    markers_->push(marker.text.empty() ? "marker" : marker.text, clock_->at(marker.at));
  }

  std::string listeners() const override {
    if (!open_) return {};
    return heard_ ? "somebody listens" : "nobody listens";
  }
  std::string address() const override { return name_; }
  std::uint64_t lost() const override { return lost_; }

 private:
  void announce(const std::vector<std::string>& labels) {
    numbers_.reset();
    labels_ = labels;
    const auto channels = stream_channels(labels_);
    columns_ = (channels.size() - 2) / FaceSlots::kCount;
    numbers_ = std::make_unique<LslStream>(
        *library_, LslStream::Description{name_, "Expression", LslStream::Format::numbers,
                                          source_id_, channels, version_});
  }

  const std::string name_;
  const std::string version_;
  std::string source_id_;
  std::optional<LslLibrary> library_;
  std::optional<LslClock> clock_;
  std::unique_ptr<LslStream> markers_;
  std::unique_ptr<LslStream> numbers_;
  CaptureClock capture_;
  FaceSlots slots_;
  std::vector<std::string> labels_;
  std::size_t columns_ = 0;  ///< of each place
  std::vector<float> values_;
  std::atomic<bool> open_{false};
  std::atomic<bool> heard_{false};
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace

std::unique_ptr<Sender> make_lsl_output(std::string_view argument, const Services& services) {
  return std::make_unique<LslOutput>(argument, services.version);
}

}  // namespace mien::outputs
