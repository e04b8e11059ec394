#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "mien/models/model_card.hpp"

namespace mien::movements {

/// Thrown while a face is read from JSON: what should be there is not.
struct UnsoundFace {};

/// Number `i` of the list `row`. Throws UnsoundFace unless it is one from `low` to `high`, and
/// nlohmann's exceptions where there is none.
double number_at(const nlohmann::json& row, std::size_t i, double low, double high);

/// Gives the JSON in the file `name` of a model to `take`, which may throw what number_at()
/// throws; the file's size and SHA-256 are checked by the card. Throws Error with one sentence
/// when the card does not list the file, whose use is `purpose` ("which ..."), or when it is
/// damaged.
void read_face_file(const models::ModelCard& card, const std::string& name,
                    const std::string& purpose,
                    const std::function<void(const nlohmann::json&)>& take);

}  // namespace mien::movements
