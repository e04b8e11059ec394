#include "probabilities.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/error.hpp"

namespace mien::emotions {
namespace {

constexpr float kMinProbability = 1e-7F;  // a probability whose logarithm is still taken

std::vector<float> softmax(std::vector<float> logits) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (float& value : logits) sum += value = std::exp(value - largest);
  for (float& value : logits) value /= sum;
  return logits;
}

}  // namespace

std::vector<float> to_probabilities(const std::vector<float>& output,
                                    const models::ModelCard::Output& how) {
  const bool finite = std::all_of(output.begin(), output.end(),
                                  [](float value) { return std::isfinite(value); });
  if (output.empty() || !finite) {
    throw base::Error(
        "The expression model gave numbers that are not finite; choose another model.");
  }
  std::vector<float> values = output;
  if (how.activation != models::ModelCard::Activation::logits) {
    float sum = 0;
    for (float& value : values) sum += value = std::max(value, 0.0F);
    if (!(sum > 0) || !std::isfinite(sum)) {
      throw base::Error(
          "The expression model gave no probability above 0; choose another model.");
    }
    for (float& value : values) value /= sum;
    if (how.logit_offset.empty() && how.temperature == 1) return values;
    for (float& value : values) value = std::log(std::max(value, kMinProbability));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i < how.logit_offset.size()) values[i] += how.logit_offset[i];
    values[i] /= how.temperature;
  }
  return softmax(std::move(values));
}

}  // namespace mien::emotions
