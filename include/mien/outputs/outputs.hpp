#pragma once

#include <chrono>
#include <cstddef>
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
  std::string word;       ///< of the protocol: "osc"
  std::string spec;       ///< as it was asked for: "osc:127.0.0.1:9000"
  std::string name;       ///< of the protocol: "OSC"
  std::string listeners;  ///< as Sender::listeners()
  std::string address;    ///< as Sender::address(); may hold the token: for the screen alone
  std::string token;      ///< as Sender::token()
  /// A sentence. When failed, it is tried again by itself; when sending, as Sender::problem().
  std::string problem;
  std::string place;       ///< as Sender::place()
  std::uint64_t sent = 0;  ///< frames that the sender took
  std::uint64_t lost = 0;  ///< frames that found the queue full or could not be sent
};

/// How much waits for an output, and how long is waited for it.
struct OutputLimits {
  std::size_t frames = 8;    ///< with their pictures
  std::size_t markers = 64;  ///< besides
  /// Before one that failed is opened again: doubled each time up to the longest.
  std::chrono::milliseconds first_wait{500};
  std::chrono::milliseconds longest_wait{10'000};
  /// For an output that closes; then it is left behind.
  std::chrono::milliseconds grace{2'000};
};

/// Whatever the reading is sent to. A thread and a bounded queue for each, so that nothing
/// waits for a network: a queue that is full loses its oldest frame, counted. An output that
/// breaks is opened again after a while, again and again. Nothing is sent before something is
/// added.
///
/// Members are for any thread; none waits, but the destructor and wait_opened().
class Outputs : public analysis::AnalyzedFrameSink {
 public:
  /// `table`: protocols to choose from, copied.
  explicit Outputs(Services services, OutputLimits limits = {},
                   std::vector<Protocol> table = protocols());
  /// Sends what waits and closes; whoever has not closed after `limits.grace` is left behind.
  /// From then on `services.command` is not called.
  ~Outputs() override;

  /// Begins to send, with the newest frame there is: opening happens in the output's thread.
  /// One that is there already is left as it is. Throws base::Error with a sentence when the
  /// spec is no good, or no thread can be had.
  void add(const std::string& spec);
  /// Sends nothing any more, and takes no command of it; what it waits for is left to its
  /// thread. An unknown spec is ignored.
  void remove(const std::string& spec);
  bool empty() const;

  /// Always true.
  bool push(base::AnalyzedFramePtr frame) override;
  void source_ended() override;
  void mark(const Marker& marker);
  void use_names(std::map<int, std::string> names);

  /// In the order in which they were added.
  std::vector<OutputStatus> status() const;

  /// Waits until each of them has opened or failed once: for whoever has frames that do not
  /// come again. False when that took longer.
  bool wait_opened(std::chrono::milliseconds limit) const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

/// Says what is wrong with a spec, as Outputs::add() does, and opens nothing. Throws
/// base::Error.
void check_spec(const std::string& spec, const std::vector<Protocol>& table = protocols());

/// "osc:127.0.0.1:9000" of its word and argument, "web" where there is no argument.
std::string make_spec(const std::string& word, const std::string& argument);
/// The argument of a spec; empty where it has none.
std::string argument_of(const std::string& spec);

}  // namespace mien::outputs
