#include "mien/emotions/face_views.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace mien::emotions {
namespace {

using std::chrono::nanoseconds;

// A label that one view rules out altogether can still be the others'.
constexpr float kLeast = 1e-6F;

bool holds(nanoseconds seen, nanoseconds now) {
  return seen < now && now - seen <= FaceViews::kHolds;
}

std::vector<float> geometric_mean(std::span<const ModelAnswer> answers) {
  std::vector<float> mean(answers.front().probabilities.size(), 0);
  float sum = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    for (const auto& answer : answers) {
      mean[i] += std::log(std::max(answer.probabilities[i], kLeast));
    }
    mean[i] = std::exp(mean[i] / static_cast<float>(answers.size()));
    sum += mean[i];
  }
  for (float& value : mean) value /= sum;
  return mean;
}

std::optional<float> mean_of(std::span<const ModelAnswer> answers,
                             std::optional<float> ModelAnswer::*number) {
  float sum = 0;
  for (const auto& answer : answers) {
    if (!(answer.*number)) return std::nullopt;
    sum += *(answer.*number);
  }
  return sum / static_cast<float>(answers.size());
}

std::vector<float> mean_embedding(std::span<const ModelAnswer> answers) {
  std::vector<float> mean(answers.front().embedding.size(), 0);
  for (const auto& answer : answers) {
    if (answer.embedding.size() != mean.size()) return {};
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += answer.embedding[i];
  }
  for (float& value : mean) value /= static_cast<float>(answers.size());
  return mean;
}

}  // namespace

ModelAnswer mean_answer(std::span<const ModelAnswer> answers) {
  if (answers.size() == 1) return answers.front();
  ModelAnswer mean;
  mean.probabilities = geometric_mean(answers);
  mean.embedding = mean_embedding(answers);
  mean.covered = mean_of(answers, &ModelAnswer::covered);
  mean.distance = mean_of(answers, &ModelAnswer::distance);
  return mean;
}

FaceViews::FaceViews(std::size_t count) : count_(std::max<std::size_t>(count, 1)) {}

ModelAnswer FaceViews::read(int person, nanoseconds time, bool short_of_time,
                            const Look& look) {
  if (count_ == 1) return look(0);
  std::vector<Seen> seen;
  if (const auto known = people_.find(person); known != people_.end()) seen = known->second;
  // One of this very frame belongs to another reading of it, a later one to another clock.
  std::erase_if(seen, [&](const Seen& each) { return !holds(each.time, time); });
  std::vector<std::size_t> due;
  if (!short_of_time) {
    for (std::size_t view = 0; view < count_; ++view) {
      const bool fresh = std::any_of(seen.begin(), seen.end(),
                                     [&](const Seen& each) { return each.view == view; });
      if (!fresh) due.push_back(view);
    }
  }
  if (due.empty()) due.push_back(seen.empty() ? 0 : (seen.back().view + 1) % count_);
  for (const std::size_t view : due) {
    ModelAnswer answer = look(view);
    std::erase_if(seen, [&](const Seen& each) { return each.view == view; });
    seen.push_back({view, time, std::move(answer)});
  }
  std::vector<ModelAnswer> answers;
  answers.reserve(seen.size());
  for (const auto& each : seen) answers.push_back(each.answer);
  people_[person] = std::move(seen);
  return mean_answer(answers);
}

void FaceViews::forget_absent(nanoseconds now) {
  std::erase_if(people_, [&](const auto& entry) {
    const nanoseconds newest = entry.second.back().time;
    return newest != now && !holds(newest, now);
  });
}

void FaceViews::reset() { people_.clear(); }

}  // namespace mien::emotions
