#pragma once

#include "mien/models/model_card.hpp"

namespace mien::analysis {

/// What this program does when it is started as a worker for third-party models (its first
/// argument is kModelWorkerArgument): see mien/models/model_worker.hpp. Returns an exit code.
int run_model_worker();

/// Makes the model of `card` as it is made for use, from the card's folder, with all that is
/// read beside its network, and forgets it; of task movements only the program's own is taken.
/// For install_model() and the system check. Throws Error with the reason when it cannot be
/// made.
void try_model(const models::ModelCard& card);

}  // namespace mien::analysis
