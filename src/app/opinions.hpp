#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/movements/opinion_file.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// The rules of second opinions for the cards: read in the background, and again when the
/// user's file changes. The UI thread's.
class Opinions {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::duration kLookEvery = std::chrono::seconds{1};

  /// `view` outlives this; files are read by `disk`. `wake` is called from any thread when
  /// something changed. `open` gives the file and may throw Error; tests put theirs there.
  Opinions(ui::ViewModel& view, base::BackgroundQueue& disk, std::function<void()> wake,
           std::function<movements::OpinionFile()> open = &movements::OpinionFile::standard);

  /// Takes what has been read into the view, with a notice when the file cannot be used, and
  /// looks for changes every kLookEvery while faces are measured or a past session is shown.
  /// Once a redraw.
  void poll(Clock::time_point now = Clock::now());

 private:
  struct Read {
    std::shared_ptr<const movements::OpinionRules> rules;  ///< null: none can be had
    std::string problem;
  };
  /// Between this and the background: the file belongs to the background.
  struct Shared {
    std::optional<movements::OpinionFile> file;
    bool failed = false;  ///< the program's own rules are missing; said once
    base::Channel<Read> read{1};
  };

  ui::ViewModel& view_;
  base::BackgroundQueue& disk_;
  const std::function<void()> wake_;
  const std::function<movements::OpinionFile()> open_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::optional<Clock::time_point> looked_;
};

}  // namespace mien::app
