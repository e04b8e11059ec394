#include "mien/ui/replayed_frame.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mien {
namespace {

FaceReading reading_in_row(const SessionRow& row, const std::vector<std::string>& labels) {
  FaceReading reading;
  reading.person = row.person;
  reading.face.box = row.box;
  reading.face.confidence = row.confidence;
  reading.smoothed = row.probabilities;
  reading.smoothed.resize(labels.size());
  for (float& share : reading.smoothed) {
    if (!std::isfinite(share)) share = 0;
  }
  reading.raw = reading.smoothed;
  reading.verdict.certainty = row.certainty;
  const auto said = std::find(labels.begin(), labels.end(), row.verdict);
  if (said != labels.end()) {
    reading.verdict.label = static_cast<int>(said - labels.begin());
  } else {
    const auto most = std::max_element(reading.smoothed.begin(), reading.smoothed.end());
    reading.verdict.label = static_cast<int>(most - reading.smoothed.begin());
    // A row without a label has a reason, though maybe one of a later version.
    const auto doubt = doubt_named(row.reason).value_or(Doubt::none);
    reading.verdict.doubt = doubt == Doubt::none ? Doubt::low_probability : doubt;
  }
  reading.valence = std::isfinite(row.valence) ? row.valence : 0;
  return reading;
}

}  // namespace

std::vector<RecordedFrame> recorded_frames(const RecordedSession& session) {
  std::vector<RecordedFrame> frames;
  for (std::size_t i = 0; i < session.rows.size(); ++i) {
    const auto& row = session.rows[i];
    if (frames.empty() || session.rows[i - 1].frame != row.frame) {
      frames.push_back({row.timestamp, i, i});
    }
    frames.back().last = i + 1;
  }
  return frames;
}

AnalyzedFramePtr replayed_frame(const RecordedSession& session, const RecordedFrame& recorded,
                                std::shared_ptr<const std::vector<std::string>> labels,
                                cv::Mat picture) {
  auto frame = std::make_shared<Frame>();
  frame->image = std::move(picture);
  frame->time = std::chrono::nanoseconds(std::llround(recorded.timestamp * 1e9));
  frame->arrived = std::chrono::steady_clock::now();
  auto result = std::make_shared<AnalyzedFrame>();
  result->labels = std::move(labels);
  for (std::size_t i = recorded.first; i < recorded.last; ++i) {
    const auto& row = session.rows[i];
    frame->sequence = row.frame;
    if (row.success) result->readings.push_back(reading_in_row(row, *result->labels));
  }
  result->frame = std::move(frame);
  return result;
}

}  // namespace mien
