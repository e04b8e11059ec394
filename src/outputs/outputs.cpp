#include "mien/outputs/outputs.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/thread_annotations.hpp"

#include "spec.hpp"
#include "worker.hpp"

namespace mien::outputs {

using Clock = std::chrono::steady_clock;

struct Outputs::Shared {
  Shared(Services given, OutputLimits bounds, std::vector<Protocol> known)
      : services(std::move(given)), limits(bounds), table(std::move(known)) {}

  std::vector<std::shared_ptr<Worker>> all() const MIEN_EXCLUDES(mutex) {
    const base::MutexLock lock(mutex);
    return workers;
  }

  const Services services;
  const OutputLimits limits;
  const std::vector<Protocol> table;
  mutable base::Mutex mutex;
  std::vector<std::shared_ptr<Worker>> workers MIEN_GUARDED_BY(mutex);
  /// The last that was removed, by its protocol's word: it may hold a port that the next one
  /// wants.
  std::map<std::string, std::shared_ptr<Worker>> leaving MIEN_GUARDED_BY(mutex);
  base::AnalyzedFramePtr newest MIEN_GUARDED_BY(mutex);
  bool ended MIEN_GUARDED_BY(mutex) = false;  ///< with the newest
  std::map<int, std::string> names MIEN_GUARDED_BY(mutex);
};

Outputs::Outputs(Services services, OutputLimits limits, std::vector<Protocol> table)
    : shared_(std::make_unique<Shared>(std::move(services), limits, std::move(table))) {}

Outputs::~Outputs() {
  const auto workers = shared_->all();
  for (const auto& worker : workers) worker->close(true);
  const auto deadline = Clock::now() + shared_->limits.grace;
  for (const auto& worker : workers) {
    if (!worker->wait_closed(deadline)) worker->close(false);
  }
  std::map<std::string, std::shared_ptr<Worker>> leaving;
  {
    const base::MutexLock lock(shared_->mutex);
    leaving = shared_->leaving;
  }
  for (const auto& [word, worker] : leaving) worker->wait_closed(deadline);
}

void Outputs::add(const std::string& spec) {
  auto parsed = parse_spec(spec, shared_->table);
  const base::MutexLock lock(shared_->mutex);
  auto& workers = shared_->workers;
  const bool there = std::any_of(workers.begin(), workers.end(),
                                 [&](const auto& worker) { return worker->spec() == spec; });
  if (there) return;
  const std::string word = parsed.protocol.word;
  auto worker =
      std::make_shared<Worker>(spec, std::move(parsed), shared_->services, shared_->limits);
  worker->use_names(shared_->names);
  if (shared_->newest) worker->push(shared_->newest);
  if (shared_->ended) worker->source_ended();
  std::shared_ptr<Worker> before;
  if (const auto found = shared_->leaving.find(word); found != shared_->leaving.end()) {
    before = std::move(found->second);
    shared_->leaving.erase(found);
  }
  worker->start(std::move(before));
  workers.push_back(std::move(worker));
}

void Outputs::remove(const std::string& spec) {
  std::shared_ptr<Worker> gone;
  {
    const base::MutexLock lock(shared_->mutex);
    auto& workers = shared_->workers;
    const auto found = std::find_if(workers.begin(), workers.end(),
                                    [&](const auto& worker) { return worker->spec() == spec; });
    if (found == workers.end()) return;
    gone = std::move(*found);
    workers.erase(found);
    shared_->leaving[gone->word()] = gone;
  }
  gone->close(false);
}

bool Outputs::empty() const {
  const base::MutexLock lock(shared_->mutex);
  return shared_->workers.empty();
}

bool Outputs::push(base::AnalyzedFramePtr frame) {
  const base::MutexLock lock(shared_->mutex);
  for (const auto& worker : shared_->workers) worker->push(frame);
  shared_->newest = std::move(frame);
  shared_->ended = false;
  return true;
}

void Outputs::source_ended() {
  const base::MutexLock lock(shared_->mutex);
  for (const auto& worker : shared_->workers) worker->source_ended();
  shared_->ended = true;
}

void Outputs::mark(const Marker& marker) {
  for (const auto& worker : shared_->all()) worker->mark(marker);
}

void Outputs::use_names(std::map<int, std::string> names) {
  const base::MutexLock lock(shared_->mutex);
  for (const auto& worker : shared_->workers) worker->use_names(names);
  shared_->names = std::move(names);
}

std::vector<OutputStatus> Outputs::status() const {
  std::vector<OutputStatus> result;
  for (const auto& worker : shared_->all()) result.push_back(worker->status());
  return result;
}

bool Outputs::wait_opened(std::chrono::milliseconds limit) const {
  const auto deadline = Clock::now() + limit;
  const auto workers = shared_->all();
  return std::all_of(workers.begin(), workers.end(),
                     [&](const auto& worker) { return worker->wait_opened(deadline); });
}

}  // namespace mien::outputs
