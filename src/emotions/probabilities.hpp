#pragma once

#include <vector>

#include "mien/models/model_card.hpp"

namespace mien::emotions {

/// The probabilities that a network's output stands for: each 0..1, sum 1. Logits get the
/// card's offset, are divided by its temperature and go through a softmax; probabilities are
/// made to sum to 1, and go through their logarithm when the card has an offset or a
/// temperature. Throws Error when a number is not finite or there is none above 0.
std::vector<float> to_probabilities(const std::vector<float>& output,
                                    const models::ModelCard::Output& how);

}  // namespace mien::emotions
