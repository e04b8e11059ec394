#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/outputs/output.hpp"

namespace mien::outputs {

/// How one output goes, for the status bar, the menu and the session's document.
struct OutputStatus {
  enum class State { opening, sending, failed };
  State state = State::opening;
  std::string spec;       ///< as it was asked for: "osc:127.0.0.1:9000"
  std::string name;       ///< of the protocol: "OSC"
  std::string listeners;  ///< as Sender::listeners()
  std::string address;    ///< as Sender::address()
  std::string problem;    ///< a sentence when failed; it is tried again by itself
  std::uint64_t sent = 0;  ///< frames
  std::uint64_t lost = 0;  ///< frames that found the queue full or could not be sent
};

/// Whatever the reading is sent to. A thread and a bounded queue for each, so that nothing
/// waits for a network: a queue that is full loses its oldest frame, counted. An output that
/// breaks is opened again every few seconds. Nothing is sent before something is added.
///
/// Members are for any thread; none waits, but the destructor and remove(), which give a sender
/// two seconds and then leave it behind.
class Outputs : public analysis::AnalyzedFrameSink {
 public:
  explicit Outputs(Services services);
  ~Outputs() override;

  /// Begins to send; opening happens in the output's thread. One that is there already is left
  /// as it is. Throws base::Error with a sentence when the spec is no good.
  void add(const std::string& spec);
  void remove(const std::string& spec);
  bool empty() const;

  bool push(base::AnalyzedFramePtr frame) override;
  void mark(const Marker& marker);
  void use_names(std::map<int, std::string> names);

  std::vector<OutputStatus> status() const;

 private:
  class Worker;
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

/// The spec with its protocol's word and argument checked, as Outputs::add() does, and nothing
/// opened. Throws base::Error.
void check_spec(const std::string& spec);

}  // namespace mien::outputs
