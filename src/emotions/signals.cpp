#include "mien/emotions/signals.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/labels.hpp"

namespace mien::emotions {
namespace {

using namespace std::chrono_literals;

constexpr const char* kNegative[] = {"sadness", "anger", "disgust", "fear", "contempt"};
constexpr float kWorthNaming = 0.15F;
constexpr auto kMaxGap = 1s;

}  // namespace

float valence(const std::vector<float>& probabilities, const std::vector<std::string>& labels) {
  float happiness = 0;
  float negative = 0;
  for (std::size_t i = 0; i < std::min(probabilities.size(), labels.size()); ++i) {
    if (labels[i] == "happiness") happiness = probabilities[i];
    if (std::any_of(std::begin(kNegative), std::end(kNegative),
                    [&](const char* label) { return labels[i] == label; })) {
      negative = std::max(negative, probabilities[i]);
    }
  }
  return happiness - negative;
}

std::string blend(const std::vector<float>& probabilities,
                  const std::vector<std::string>& labels) {
  const std::size_t count = std::min(probabilities.size(), labels.size());
  if (count == 0) return {};
  std::size_t first = 0;
  for (std::size_t i = 1; i < count; ++i) {
    if (probabilities[i] > probabilities[first]) first = i;
  }
  std::size_t second = count;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == first || probabilities[i] < kWorthNaming) continue;
    if (second == count || probabilities[i] > probabilities[second]) second = i;
  }
  const auto words = [&](std::size_t i) {
    return std::string(base::display_word(labels[i])) + ' ' +
           std::to_string(std::lround(probabilities[i] * 100));
  };
  return words(first) + (second < count ? ", " + words(second) : "");
}

void Signals::update(const base::AnalyzedFrame& frame) {
  if (!labels_ || (labels_ != frame.labels && *labels_ != *frame.labels)) reset();
  labels_ = frame.labels;
  if (frame.source != source_) last_.clear();  // another source has another clock
  source_ = frame.source;
  ++frames_;
  const auto time = frame.frame->time;
  for (const auto& reading : frame.readings) {
    const auto [entry, is_new] = people_.try_emplace(reading.person);
    PersonSignals& person = entry->second;
    if (is_new) {
      person.label_seconds.resize(labels_->size());
      person.first_seen = time;
    }
    const auto [before, is_first] = last_.try_emplace(reading.person);
    Last& last = before->second;
    const auto passed = time - person.last_seen;
    if (!is_first && passed > 0s && passed <= kMaxGap) {
      const double seconds = std::chrono::duration<double>(passed).count();
      person.seconds += seconds;
      const auto label = static_cast<std::size_t>(last.verdict.label);
      if (last.verdict.sure() && label < person.label_seconds.size()) {
        person.label_seconds[label] += seconds;
      } else {
        person.not_sure_seconds += seconds;
      }
    }
    if (reading.verdict.sure()) {
      if (last.said >= 0 && last.said != reading.verdict.label) ++person.transitions;
      last.said = reading.verdict.label;
    }
    last.verdict = reading.verdict;
    last.frame = frames_;
    person.last_seen = time;
  }
  while (people_.size() > kMaxPeople) {
    const auto unseen_since = [&](int person) {
      const auto last = last_.find(person);
      return last == last_.end() ? 0 : last->second.frame;
    };
    forget(std::min_element(people_.begin(), people_.end(), [&](const auto& a, const auto& b) {
             return unseen_since(a.first) < unseen_since(b.first);
           })->first);
  }
}

std::optional<PersonSignals> Signals::of(int person) const {
  const auto found = people_.find(person);
  if (found == people_.end()) return std::nullopt;
  return found->second;
}

void Signals::forget(int person) {
  people_.erase(person);
  last_.erase(person);
}

void Signals::reset() {
  people_.clear();
  last_.clear();
}

}  // namespace mien::emotions
