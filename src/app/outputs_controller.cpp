#include "outputs_controller.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"

namespace mien::app {
namespace {

constexpr std::size_t kMostMarkers = 500;  // as many as a timeline keeps

ui::OutputView::State state_of(outputs::OutputStatus::State state) {
  switch (state) {
    case outputs::OutputStatus::State::opening:
      return ui::OutputView::State::opening;
    case outputs::OutputStatus::State::sending:
      return ui::OutputView::State::sending;
    case outputs::OutputStatus::State::failed:
      break;
  }
  return ui::OutputView::State::failed;
}

}  // namespace

OutputsController::OutputsController(const Parts& parts, std::function<void()> wake,
                                     outputs::OutputLimits limits,
                                     std::vector<outputs::Protocol> table)
    : live_(parts.live),
      choices_(parts.choices),
      view_(parts.view),
      names_(parts.names),
      table_(std::move(table)),
      inbox_(std::make_shared<Inbox>(std::move(wake))),
      outputs_(std::make_shared<outputs::Outputs>(services(), limits, table_)) {
  live_.set_outputs(outputs_);
}

OutputsController::~OutputsController() { live_.set_outputs(nullptr); }

std::string OutputsController::Inbox::take(outputs::Command command) {
  if (command.kind == outputs::Command::Kind::record_start && !may_record) {
    return "The window records nothing now; accept the notice that mien shows at its first "
           "start.";
  }
  if (!commands.push_if_room(std::move(command))) {
    return "Too many commands wait for the window; try again in a moment.";
  }
  wake();
  return {};
}

outputs::Services OutputsController::services() const {
  return {.command =
              [inbox = inbox_](outputs::Command command) {
                return inbox->take(std::move(command)).empty();
              },
          .version = MIEN_VERSION};
}

void OutputsController::listen_to_shells(const std::filesystem::path& folder) {
  shell_ = std::make_unique<outputs::CommandSocket>(
      [inbox = inbox_](const outputs::Command& command) { return inbox->take(command); },
      folder);
}

void OutputsController::close() {
  inbox_->may_record = false;
  shell_.reset();
}

void OutputsController::handle(const ui::action::Send& action) {
  const auto spec = outputs::make_spec(action.word, action.argument);
  if (action.on) {
    outputs_->add(spec);
  } else {
    outputs_->remove(spec);
    told_problems_.erase(spec);
  }
  choices_.remember_output(spec, action.on);
}

void OutputsController::handle(const ui::action::SendTo& action) {
  const auto before = outputs::make_spec(action.word, action.before);
  const auto spec = outputs::make_spec(action.word, action.argument);
  try {
    outputs::check_spec(spec, table_);
  } catch (const outputs::NeedsConsent& needed) {
    view_.send_question = ui::SendQuestion{.word = action.word,
                                           .before = action.before,
                                           .argument = needed.argument(),
                                           .risk = needed.risk(),
                                           .on = action.on};
    return;
  }
  choices_.change(
      [&](base::Settings& settings) { settings.output_places[action.word] = action.argument; });
  const auto all = outputs_->status();
  const bool on = std::any_of(all.begin(), all.end(),
                              [&](const auto& status) { return status.spec == before; });
  if (on) handle(ui::action::Send{action.word, action.before, false});
  if (on || action.on) handle(ui::action::Send{action.word, action.argument, true});
}

void OutputsController::handle(const ui::action::AnswerSendQuestion& action) {
  const auto question = std::exchange(view_.send_question, std::nullopt);
  if (!question || !action.allowed) return;
  handle(
      ui::action::SendTo{question->word, question->before, question->argument, question->on});
}

void OutputsController::handle(const ui::action::Marker& action) {
  outputs_->mark({action.text, action.at});
}

/// What was remembered and what the command line wants, once the notice has been accepted; the
/// latter alone in a script's run, which shows none.
void OutputsController::begin() {
  if (begun_ || view_.first_run) return;
  begun_ = true;
  inbox_->may_record = choices_.settings().notice_acknowledged;
  for (const auto& spec : choices_.outputs()) {
    try {
      outputs_->add(spec);
    } catch (const base::Error& error) {
      view_.notices.push_back({base::Notice::Level::warning, error.what()});
    }
  }
}

void OutputsController::poll() {
  begin();
  if (told_names_ != names_) {
    told_names_ = names_;
    outputs_->use_names(names_);
  }
  show();
}

std::string OutputsController::place_of(const outputs::Protocol& protocol) const {
  const auto& places = choices_.settings().output_places;
  const auto remembered = places.find(protocol.word);
  return remembered != places.end() ? remembered->second : protocol.standard;
}

ui::OutputView OutputsController::view_of(const outputs::Protocol& protocol) const {
  ui::OutputView view{.word = protocol.word,
                      .name = protocol.name,
                      .description = protocol.description,
                      .form = protocol.argument,
                      .measures = protocol.measures};
  if (const auto found = places_.find(protocol.word); found != places_.end()) {
    for (const auto& [argument, name] : found->second) view.places.push_back({argument, name});
  }
  return view;
}

void OutputsController::show() {
  newest_ = outputs_->status();
  view_.outputs.clear();
  for (const auto& protocol : table_) {
    bool on = false;
    for (const auto& status : newest_) {
      if (status.word != protocol.word) continue;
      on = true;
      auto one = view_of(protocol);
      one.argument = outputs::argument_of(status.spec);
      one.state = state_of(status.state);
      one.listeners = status.listeners;
      one.address = status.address;
      one.token = status.token;
      one.problem = status.problem;
      if (one.state == ui::OutputView::State::failed) {
        one.problem += " It is tried again by itself.";
      }
      one.place = status.place;
      one.lost = status.lost;
      view_.outputs.push_back(std::move(one));
    }
    if (on) continue;
    auto one = view_of(protocol);
    one.argument = place_of(protocol);
    view_.outputs.push_back(std::move(one));
  }
  tell_problems();
}

/// Each once, however often it is tried again.
void OutputsController::tell_problems() {
  for (const auto& status : newest_) {
    auto& told = told_problems_[status.spec];
    if (told == status.problem) continue;
    told = status.problem;
    if (told.empty()) continue;
    view_.notices.push_back({base::Notice::Level::warning, told});
  }
}

std::vector<std::string> OutputsController::sending() const {
  std::vector<std::string> specs;
  for (const auto& status : newest_) {
    if (status.state == outputs::OutputStatus::State::sending) specs.push_back(status.spec);
  }
  return specs;
}

std::vector<ui::Action> OutputsController::take_commands() {
  using Kind = outputs::Command::Kind;
  std::vector<ui::Action> actions;
  while (auto command = inbox_->commands.try_pop()) {
    switch (command->kind) {
      case Kind::marker: {
        // While the window is hidden or shows a past session, nothing takes them.
        if (view_.markers.size() >= kMostMarkers) view_.markers.erase(view_.markers.begin());
        auto text = base::clean_text(command->text, outputs::kLongestMarker);
        view_.markers.push_back({text, command->at});
        actions.emplace_back(ui::action::Marker{std::move(text), command->at});
        break;
      }
      case Kind::record_start:
        if (inbox_->may_record) actions.emplace_back(ui::action::Record{true});
        break;
      case Kind::record_stop:
        actions.emplace_back(ui::action::Record{false});
        break;
      case Kind::neutral: {
        if (command->person != 0) {
          actions.emplace_back(ui::action::SetNeutral{command->person});
          break;
        }
        const auto analysis = live_.snapshot().analysis;
        if (!analysis) break;
        for (const auto& reading : analysis->readings) {
          actions.emplace_back(ui::action::SetNeutral{reading.person});
        }
        break;
      }
    }
  }
  return actions;
}

}  // namespace mien::app
