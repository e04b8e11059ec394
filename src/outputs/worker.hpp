#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "mien/base/thread_annotations.hpp"
#include "mien/outputs/outputs.hpp"

#include "spec.hpp"

namespace mien::outputs {

/// One output: its queue, its thread, and in that thread a sender, made anew for each attempt.
/// The thread shares this, so a sender that hangs can be left behind. Members are for any
/// thread, and only the two that say so wait.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  /// Makes the first sender, which throws base::Error when the argument is no good.
  Worker(std::string spec, Spec parsed, const Services& services, OutputLimits limits);

  /// Starts the thread, which waits until `before`, if any, has closed: both may want the same
  /// port. Throws base::Error when no thread can be had.
  void start(std::shared_ptr<Worker> before);

  void push(base::AnalyzedFramePtr frame) MIEN_EXCLUDES(mutex_);
  void source_ended() MIEN_EXCLUDES(mutex_);
  void mark(const Marker& marker) MIEN_EXCLUDES(mutex_);
  void use_names(std::map<int, std::string> names) MIEN_EXCLUDES(mutex_);

  const std::string& spec() const { return spec_; }
  const char* word() const { return protocol_.word; }
  OutputStatus status() const MIEN_EXCLUDES(mutex_);

  /// Takes no command any more and nothing to be sent. What waits is still sent, or not.
  void close(bool send_what_waits) MIEN_EXCLUDES(mutex_);
  /// Waits. False at `deadline`.
  bool wait_closed(std::chrono::steady_clock::time_point deadline) const MIEN_EXCLUDES(mutex_);
  /// Waits until it has opened or failed once, or is closed. False at `deadline`.
  bool wait_opened(std::chrono::steady_clock::time_point deadline) const MIEN_EXCLUDES(mutex_);

 private:
  using State = OutputStatus::State;
  struct Picture {
    base::AnalyzedFramePtr frame;
    bool last = false;  ///< the source ended with it
  };
  /// A frame that found no room: its picture is gone, who was in it is not.
  struct Missed {
    base::AnalyzedFrame frame;
    bool last = false;  ///< the source ended with it
  };
  using Item = std::variant<Picture, Marker, Missed>;
  struct Next {
    bool ended = false;                               ///< the source did, before the item
    std::optional<std::map<int, std::string>> names;  ///< to be known before the item
    std::optional<Item> item;
  };
  /// Between the sender and the program: shut, it lets no command through.
  struct Gate;

  void run(const std::shared_ptr<Worker>& before);
  bool attempt();
  void open();
  void send_all(bool& worked);
  void replace_sender();
  std::unique_ptr<Sender> take_sender() MIEN_EXCLUDES(mutex_);
  Next next() MIEN_EXCLUDES(mutex_);
  bool rest(std::chrono::milliseconds wait) MIEN_EXCLUDES(mutex_);
  void count(std::uint64_t OutputStatus::*counter) MIEN_EXCLUDES(mutex_);
  void miss_oldest_frame() MIEN_REQUIRES(mutex_);
  /// The end when there are fewer.
  template <typename Kind>
  std::deque<Item>::iterator oldest(std::size_t after = 0) MIEN_REQUIRES(mutex_);

  const std::string spec_;
  const Protocol protocol_;
  const std::string argument_;
  const std::shared_ptr<Gate> gate_;
  const Services services_;  ///< behind the gate
  const OutputLimits limits_;
  std::string logged_problem_;  ///< until something is sent; the thread's

  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::unique_ptr<Sender> sender_ MIEN_GUARDED_BY(mutex_);  ///< used by the thread alone
  std::deque<Item> waiting_ MIEN_GUARDED_BY(mutex_);
  std::size_t waiting_frames_ MIEN_GUARDED_BY(mutex_) = 0;
  std::size_t waiting_missed_ MIEN_GUARDED_BY(mutex_) = 0;
  bool ended_ MIEN_GUARDED_BY(mutex_) = false;  ///< the source, before all that waits
  std::map<int, std::string> names_ MIEN_GUARDED_BY(mutex_);
  bool names_are_new_ MIEN_GUARDED_BY(mutex_) = false;
  OutputStatus status_ MIEN_GUARDED_BY(mutex_);
  bool closing_ MIEN_GUARDED_BY(mutex_) = false;
  bool closed_ MIEN_GUARDED_BY(mutex_) = false;
};

}  // namespace mien::outputs
