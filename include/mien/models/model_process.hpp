#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/error.hpp"
#include "mien/models/model_card.hpp"
#include "mien/system/process.hpp"

namespace mien::models {

/// Third-party models run in a process of their own, because a damaged or hostile file can end
/// the process that loads it (OpenCV trusts what such a file says of itself), and no check by
/// reading will ever be complete. The worker is the same program started anew; it may read the
/// model and the system's files, write nothing, reach no network, and take a bounded amount of
/// memory and time. Pictures go there through shared memory, numbers come back over a socket.

/// The program that is started as a worker: it must call run_model_worker() (analysis) when its
/// first argument is kModelWorkerArgument. Main programs name themselves, as
/// system::program_to_start_anew(); tests name a program.
/// Until then third-party models are refused. Call it before threads start.
void set_model_worker(std::filesystem::path program);
inline constexpr const char* kModelWorkerArgument = "model-worker";

/// A model's process has ended by itself, or was ended because it took too long or because what
/// it says cannot be used. Whoever used the model needs another one; using it again throws the
/// same.
class ModelProcessEnded : public base::Error {
 public:
  ModelProcessEnded(ModelCard::Task task, const std::string& what)
      : base::Error(what), task_(task) {}
  ModelCard::Task task() const { return task_; }

 private:
  ModelCard::Task task_;
};

/// While it lives, waits for a worker on this thread end with an Error soon after `wanted()`
/// has become true: somebody wants to leave. Asked about 20 times a second while waiting, on
/// this thread.
class WaitInterruption {
 public:
  explicit WaitInterruption(std::function<bool()> wanted);
  ~WaitInterruption();
  WaitInterruption(const WaitInterruption&) = delete;
  WaitInterruption& operator=(const WaitInterruption&) = delete;

  /// Whether the innermost one on this thread wants waits to end.
  static bool asked();

 private:
  std::function<bool()> wanted_;
  const WaitInterruption* outer_;
};

/// What a worker may take. Times are the clock's; the worker's processor time is bounded by
/// twice as much for each core.
struct ModelLimits {
  std::chrono::milliseconds load{30'000};   ///< reading the files and the first runs
  std::chrono::milliseconds answer{5'000};  ///< one picture
  /// Memory beyond what the program takes before it loads anything, and beyond six times the
  /// model's files.
  std::size_t memory = std::size_t{1} << 30;
};

class WorkerLink;

/// The model of a card in a process of its own. Belongs to one thread.
class ModelProcess {
 public:
  /// Starts the worker and waits until the model is loaded and has run once. Throws Error: the
  /// worker's own sentence when the model was refused, else one that names the file and, where
  /// it is known, the layer at which the worker ended.
  explicit ModelProcess(const ModelCard& card, ModelLimits limits = {});
  ~ModelProcess();
  ModelProcess(const ModelProcess&) = delete;
  ModelProcess& operator=(const ModelProcess&) = delete;

  /// What the model gives for an 8-bit BGR picture (not empty): at most kMaxNumbers finite
  /// numbers, otherwise unchecked. Throws Error with the model's own sentence when it fails at
  /// this picture, and ModelProcessEnded when it is gone.
  std::vector<float> run(const cv::Mat& bgr);

  static constexpr std::size_t kMaxNumbers = std::size_t{1} << 17;

 private:
  std::string find_crashing_layer(const nlohmann::json& order) const;

  ModelCard card_;
  ModelLimits limits_;
  std::unique_ptr<WorkerLink> worker_;  ///< null once it is gone
  std::string failure_;
};

/// The processes in which third-party models run now, for whoever measures what they take. Any
/// thread.
std::vector<system::ProcessId> running_model_workers();

/// True in a worker, where every model is loaded in place.
bool in_model_worker();

}  // namespace mien::models
