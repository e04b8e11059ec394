#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/reading.hpp"

namespace mien::outputs {

/// Something that happened beside the frames, for receivers that keep markers.
struct Marker {
  std::string text;
  std::chrono::steady_clock::time_point at;  ///< when it was set, not when it is sent
};

/// Of the text of a marker that another program sets, in bytes.
inline constexpr std::size_t kLongestMarker = 200;

/// What another program asked of this one. The window carries it out as if its user had.
struct Command {
  enum class Kind { marker, record_start, record_stop, neutral };
  Kind kind = Kind::marker;
  std::string text{};                          ///< of a marker
  int person = 0;                              ///< of neutral; 0: everybody in the picture
  std::chrono::steady_clock::time_point at{};  ///< when it was given, or else arrived
};

/// Thrown for an argument that can be meant but risks something: nothing is sent there before
/// the user agrees. what() says how to agree on a command line.
class NeedsConsent : public base::Error {
 public:
  NeedsConsent(const std::string& sentence, std::string risk, std::string argument)
      : base::Error(sentence), risk_(std::move(risk)), argument_(std::move(argument)) {}
  /// What it risks, for a question: whole sentences.
  const std::string& risk() const { return risk_; }
  /// The argument to use in its place once the user has agreed.
  const std::string& argument() const { return argument_; }

 private:
  std::string risk_;
  std::string argument_;
};

/// What a sender is given by the program.
struct Services {
  /// Takes a command from any thread, without waiting; false: nobody takes commands (analyze),
  /// too many wait already, or the output was switched off. Never empty, and may be called for
  /// as long as the sender lives.
  std::function<bool(Command)> command = [](const Command&) { return false; };
  std::string version{};  ///< of the program
};

/// One protocol's end: opens, sends, closes (destructor). Used by one thread, its own, where
/// waiting for a network is no harm; listeners(), address(), token(), lost(), problem() and
/// place() by any, while it opens and sends, so they wait for nothing. Opened once: a new one
/// is made for the next attempt. Whoever switches it off leaves it behind when it hangs, so it
/// owns or shares all that it uses. Made by one line of protocols().
class Sender {
 public:
  virtual ~Sender() = default;
  /// Throws base::Error with a sentence: port taken, host unknown, library missing.
  virtual void open() = 0;
  /// One frame. Throws base::Error when the receiver is gone for good: it is then opened again
  /// after a while. A frame that could not be sent but that nothing follows from is no error.
  virtual void send(const base::AnalyzedFrame& frame) = 0;
  /// A frame that is not sent, in the order of the others: nothing could be sent when it came,
  /// or too many waited. Who was in it may matter for those that are sent; its picture and what
  /// was measured are gone.
  virtual void missed(const base::AnalyzedFrame& /*frame*/) {}
  /// Takes over what the one before it knows of the frames, once, before open(). `before` is of
  /// the same protocol and argument, has broken, and is only destroyed afterwards.
  virtual void follow(Sender& /*before*/) {}
  /// The source of the frames has ended: what was held back for those that follow goes out.
  /// Frames may come again. Throws as send().
  virtual void source_ended() {}
  virtual void mark(const Marker& /*marker*/) {}
  /// What people are called by the user; others have their numbers. Before the frames.
  virtual void use_names(const std::map<int, std::string>& /*names*/) {}
  /// For the screen: "2 listeners", or empty where nobody can know.
  virtual std::string listeners() const { return {}; }
  /// Where it can be had, for the menu: an address that a person can copy; may be empty.
  virtual std::string address() const { return {}; }
  /// What a program needs to command this one through it, for the menu alone: no file holds it.
  /// Empty where there is none.
  virtual std::string token() const { return {}; }
  /// How many frames were not sent although open, in it alone (a receiver that is slow).
  virtual std::uint64_t lost() const { return 0; }
  /// A sentence about what keeps it from serving everybody although it is open; else empty.
  virtual std::string problem() const { return {}; }
  /// Which of Protocol::places() it sends to, once open, when its argument left that to it.
  virtual std::string place() const { return {}; }
};

/// Where a protocol can send to.
struct Place {
  std::string argument;
  std::string name;  ///< for people: "Dummy video device (0x0000)"
};

/// A protocol that can be chosen.
struct Protocol {
  const char* word;      ///< of a spec: "osc" in "osc:127.0.0.1:9000"
  const char* name;      ///< for people: "OSC"
  const char* argument;  ///< what may follow the word, for --help: "HOST:PORT"; empty: nothing
  const char* description;  ///< one line
  /// Throws base::Error when the argument is no good, NeedsConsent when it risks something;
  /// opens nothing, waits for nothing. An empty argument is the standard one.
  std::unique_ptr<Sender> (*make)(std::string_view argument, const Services& services);
  const char* standard = "";  ///< the argument that is meant where there is none
  bool measures = true;       ///< it sends what is measured on faces
  /// What there is to choose from at present, for a menu; null: that cannot be known. May take
  /// up to a second: not for the thread that draws. Any thread.
  std::vector<Place> (*places)() = nullptr;
};
const std::vector<Protocol>& protocols();

}  // namespace mien::outputs
