#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "mien/system/child_process.hpp"
#include "mien/system/shared_memory.hpp"

#include "message_channel.hpp"

namespace mien::models {

/// The program's end of a worker: the process, the socket to it and the memory that both see.
/// Everything received is validated.
class WorkerLink {
 public:
  /// Starts the worker. Throws Error.
  WorkerLink();
  ~WorkerLink();
  WorkerLink(const WorkerLink&) = delete;
  WorkerLink& operator=(const WorkerLink&) = delete;

  /// Gives it its order and waits until it is ready; returns the text that came with that.
  /// Throws Error with the worker's sentence, or ChannelEnd.
  std::string load(const nlohmann::json& order, std::chrono::milliseconds within);

  /// Numbers for an 8-bit BGR picture, finite. Throws Error with the worker's sentence, or
  /// ChannelEnd.
  std::vector<float> run(const cv::Mat& bgr, std::chrono::milliseconds within);

  /// Ends the worker and says what was wrong, as the end of a sentence that begins with what it
  /// did: "takes longer than 5 s at its layer conv1 (Conv)".
  std::string describe_end(ChannelEnd end, std::chrono::milliseconds allowed);

 private:
  std::string receive(MessageKind wanted, std::size_t most, MessageChannel::Deadline deadline);

  system::ChildProcess process_;
  MessageChannel channel_;
  system::SharedMemory note_;
  system::SharedMemory picture_;
};

}  // namespace mien::models
