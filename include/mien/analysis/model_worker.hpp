#pragma once

namespace mien {

/// What this program does when it is started as a worker for models of others (its first
/// argument is kModelWorkerWord): see mien/models/model_worker.hpp. Returns an exit code.
int run_model_worker();

}  // namespace mien
