#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/base/channel.hpp"
#include "mien/outputs/command_socket.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

#include "choices.hpp"

namespace mien::app {

/// What of the live reading is sent to other programs, and what they ask for: the Send menu,
/// its settings and --send. Nothing is sent before the first-run notice has been accepted; a
/// script's run, which shows none, sends what --send names alone.
/// Nothing here waits but the destructor, which gives what closes two seconds. The UI thread's.
class OutputsController {
 public:
  /// All of these outlive the controller.
  struct Parts {
    analysis::LiveSession& live;
    Choices& choices;
    ui::ViewModel& view;
    const std::map<int, std::string>& names;  ///< of the people in the live picture
  };
  /// `wake` is called from any thread when another program has asked for something.
  OutputsController(const Parts& parts, std::function<void()> wake,
                    outputs::OutputLimits limits = {},
                    std::vector<outputs::Protocol> table = outputs::protocols());
  ~OutputsController();
  OutputsController(const OutputsController&) = delete;
  OutputsController& operator=(const OutputsController&) = delete;

  /// Both throw Error when the place is no good; then nothing has changed.
  void handle(const ui::action::Send& action);
  /// A place that risks something becomes a question in the view instead.
  void handle(const ui::action::SendTo& action);
  void handle(const ui::action::AnswerSendQuestion& action);
  void handle(const ui::action::Marker& action);

  /// Where can be sent to at present, by the protocols' words: outputs::Protocol::places.
  void use_places(std::map<std::string, std::vector<outputs::Place>> places) {
    places_ = std::move(places);
  }

  /// Brings the view up to date, and says what went wrong since. Once a redraw.
  void poll();
  /// What other programs have asked for since the last call, as if the user had: markers,
  /// recordings, resting faces. Their markers are in the view, too.
  std::vector<ui::Action> take_commands();
  /// The specs of what was being sent at the last poll(), for a recording.
  std::vector<std::string> sending() const;

  /// Takes commands from a shell from now on: those of `mien mark` and `mien record`. Throws
  /// Error when it cannot. `folder`: another one only in tests.
  void listen_to_shells(const std::filesystem::path& folder = outputs::command_folder());

  /// The program ends: no recording begins any more, and no shell is listened to.
  void close();

 private:
  /// What other threads reach, also when an output is left behind.
  struct Inbox {
    explicit Inbox(std::function<void()> when_taken) : wake(std::move(when_taken)) {}
    /// A sentence why the command is not taken, or empty.
    std::string take(outputs::Command command);

    const std::function<void()> wake;
    base::Channel<outputs::Command> commands{64};
    /// Not before the first-run notice has been accepted, nor at the end.
    std::atomic<bool> may_record{false};
  };

  outputs::Services services() const;
  void begin();
  void show();
  void tell_problems();
  ui::OutputView view_of(const outputs::Protocol& protocol) const;
  std::string place_of(const outputs::Protocol& protocol) const;

  analysis::LiveSession& live_;
  Choices& choices_;
  ui::ViewModel& view_;
  const std::map<int, std::string>& names_;
  const std::vector<outputs::Protocol> table_;
  const std::shared_ptr<Inbox> inbox_;
  std::shared_ptr<outputs::Outputs> outputs_;
  std::map<std::string, std::vector<outputs::Place>> places_;
  bool begun_ = false;
  std::vector<outputs::OutputStatus> newest_;  ///< as of the last poll()
  std::map<int, std::string> told_names_;
  std::map<std::string, std::string> told_problems_;  ///< by spec
  std::unique_ptr<outputs::CommandSocket> shell_;
};

}  // namespace mien::app
