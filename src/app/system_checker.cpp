#include "system_checker.hpp"

#include <utility>

namespace mien::app {

SystemChecker::SystemChecker(ui::ViewModel& view,
                             std::function<analysis::SystemCheckRequest()> request,
                             std::function<void()> wake, Check check)
    : view_(view),
      request_(std::move(request)),
      wake_(std::move(wake)),
      check_(std::move(check)) {}

SystemChecker::~SystemChecker() { stop(); }

void SystemChecker::stop() {
  if (run_) run_->stopped = true;
  run_.reset();
  view_.system_check.running = false;
}

void SystemChecker::handle(const ui::action::CheckSystem& /*action*/) {
  stop();
  auto run = std::make_shared<Run>();
  // One after the other: a check that was stopped lets go of its camera first.
  queue_.run([run, check = check_, request = request_(), wake = wake_] {
    if (!run->stopped) {
      check(request, {.section =
                          [run, wake](const analysis::SystemSection& section) {
                            run->sections.push_latest(section);
                            wake();
                          },
                      .stop = [run] { return run->stopped.load(); }});
    }
    run->finished = true;
    wake();
  });
  run_ = std::move(run);
  view_.system_check = {.running = true, .report = {}};
}

void SystemChecker::handle(const ui::action::StopSystemCheck& /*action*/) { stop(); }

bool SystemChecker::poll() {
  if (!run_) return false;
  // Asked first: what came before it is then in the channel.
  const bool finished = run_->finished;
  bool changed = finished;
  while (auto section = run_->sections.try_pop()) {
    view_.system_check.report.sections.push_back(std::move(*section));
    changed = true;
  }
  if (finished) stop();
  return changed;
}

}  // namespace mien::app
