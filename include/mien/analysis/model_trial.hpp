#pragma once

#include "mien/base/model_card.hpp"

namespace mien {

/// Loads a model as it would be used and lets it answer once: a detector alone in its folder,
/// or an expression model. For install_model(). Throws Error with the reason when it cannot be
/// used.
void try_model(const ModelCard& card);

}  // namespace mien
