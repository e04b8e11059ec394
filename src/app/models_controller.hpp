#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

#include "choices.hpp"
#include "discovery.hpp"
#include "presenter.hpp"
#include "teaching.hpp"

namespace mien::app {

/// How often faces have to be measured for what the view shows and records.
analysis::Measuring measuring_for(const ui::ViewModel& view);

/// Which models and which detector are in use, which there are to choose from, and those that
/// the user adds or teaches. The UI thread's.
class ModelsController {
 public:
  /// All of these outlive the controller.
  struct Parts {
    analysis::LiveSession& live;
    Choices& choices;
    Presenter& presenter;
    Teaching& teaching;
    Discovery& discovery;
    PictureSurface& taught_faces;  ///< for the thumbnails of what is taught
    ui::ViewModel& view;
  };
  ModelsController(const Parts& parts, std::function<void()> wake);
  /// A model that is being tried is given up.
  ~ModelsController();
  ModelsController(const ModelsController&) = delete;
  ModelsController& operator=(const ModelsController&) = delete;

  void handle(const ui::action::UseModel& action);
  void handle(const ui::action::UseReading& action);
  void handle(const ui::action::UseDetector& action);
  void handle(const ui::action::UseLandmarks& action);
  void handle(const ui::action::AddModel& action);
  void handle(const ui::action::AddExample& action);
  /// When it is in use, the one that was in use before takes its place.
  void handle(const ui::action::DeleteModel& action);
  /// The trial of a model need not be finished.
  void stop_adding() { *stop_adding_ = true; }

  /// What there is to choose from.
  void take_found(Discovery::Found found);
  /// Takes up what was taught and added. True when there is something new to draw. Once a
  /// redraw.
  bool poll();

  /// The model in use, as LiveRequests::model takes it.
  std::string in_use() const;

 private:
  void list();  ///< those on the disk, and what was learned just now
  bool is_taught(const std::string& model) const;
  bool poll_teaching();
  void pace_measuring();

  analysis::LiveSession& live_;
  Choices& choices_;
  Presenter& presenter_;
  Teaching& teaching_;
  Discovery& discovery_;
  PictureSurface& taught_faces_;
  ui::ViewModel& view_;
  const std::function<void()> wake_;
  std::vector<ui::Choice> found_;                 ///< models on the disk
  std::string before_taught_;                     ///< in use before a taught one was
  std::optional<analysis::Measuring> measuring_;  ///< as it was asked for last
  std::shared_ptr<base::Channel<base::Notice>> added_ =
      std::make_shared<base::Channel<base::Notice>>(100);
  std::shared_ptr<std::atomic<bool>> stop_adding_ = std::make_shared<std::atomic<bool>>(false);
  base::BackgroundQueue adding_;  ///< a model, which is tried first
};

}  // namespace mien::app
