#include "worker_link.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/models/model_process.hpp"

#include "worker_memory.hpp"

namespace mien::models {
namespace {

constexpr std::size_t kMaxTextLength = 4096;

std::filesystem::path& worker_program() {
  static std::filesystem::path program;
  return program;
}

const std::filesystem::path& checked_program() {
  if (worker_program().empty()) {
    throw base::Error("This program cannot run third-party models; use the program mien.");
  }
  return worker_program();
}

system::ChildProcess started_worker() {
  const auto& program = checked_program();
  try {
    return {program, {"mien", kModelWorkerArgument}};
  } catch (const std::system_error& failed) {
    throw base::Error("No process for a third-party model can be started: " +
                      failed.code().message() + "; close other programs and try again.");
  }
}

/// The ids of the workers that run.
struct Running {
  base::Mutex mutex;
  std::set<system::ProcessId> ids MIEN_GUARDED_BY(mutex);
};

Running& running() {
  static Running workers;
  return workers;
}

std::string seconds(std::chrono::milliseconds time) {
  const auto tenths = (time.count() + 99) / 100;
  return std::to_string(tenths / 10) +
         (tenths % 10 != 0 ? "." + std::to_string(tenths % 10) : "") + " s";
}

}  // namespace

void set_model_worker(std::filesystem::path program) { worker_program() = std::move(program); }

WorkerLink::WorkerLink()
    : process_(started_worker()),
      channel_(process_.socket()),
      note_(new_worker_memory(kNoteBytes, system::SharedMemory::Access::write)) {
  const base::MutexLock lock(running().mutex);
  running().ids.insert(process_.id());
}

WorkerLink::~WorkerLink() {
  const base::MutexLock lock(running().mutex);
  running().ids.erase(process_.id());
}

std::vector<system::ProcessId> running_model_workers() {
  const base::MutexLock lock(running().mutex);
  return {running().ids.begin(), running().ids.end()};
}

std::string WorkerLink::load(const nlohmann::json& order, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  channel_.send(MessageKind::load,
                order.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), deadline,
                &note_.handle());
  return receive(MessageKind::ready, kMaxTextLength, deadline);
}

std::vector<float> WorkerLink::run(const cv::Mat& bgr, std::chrono::milliseconds within) {
  const auto row = static_cast<std::size_t>(bgr.cols) * 3;
  const std::size_t size = row * static_cast<std::size_t>(bgr.rows);
  bool fresh = false;
  if (picture_.size() < size) {
    picture_ = new_worker_memory(size, system::SharedMemory::Access::read);
    fresh = true;
  }
  for (int y = 0; y < bgr.rows; ++y) {
    std::memcpy(picture_.data() + static_cast<std::size_t>(y) * row, bgr.ptr(y), row);
  }
  const PictureMessage message{bgr.rows, bgr.cols};
  const auto deadline = std::chrono::steady_clock::now() + within;
  channel_.send(MessageKind::picture,
                {reinterpret_cast<const char*>(&message), sizeof(message)}, deadline,
                fresh ? &picture_.handle() : nullptr);
  const std::string body =
      receive(MessageKind::answer, ModelProcess::kMaxNumbers * sizeof(float), deadline);
  std::vector<float> numbers(body.size() / sizeof(float));
  if (numbers.size() * sizeof(float) != body.size()) throw ChannelEnd::invalid_message;
  if (!numbers.empty()) std::memcpy(numbers.data(), body.data(), body.size());
  if (!std::all_of(numbers.begin(), numbers.end(),
                   [](float value) { return std::isfinite(value); })) {
    throw ChannelEnd::invalid_message;
  }
  return numbers;
}

std::string WorkerLink::describe_end(ChannelEnd end, std::chrono::milliseconds allowed) {
  std::string at = read_note(note_);
  if (!at.empty()) at = " at " + at;
  const auto ended = process_.end();
  if (end == ChannelEnd::late || ended.out_of_time) {
    return "takes longer than " + seconds(allowed) + at;
  }
  if (end == ChannelEnd::invalid_message) return "returned invalid data" + at;
  return "ends the process that runs it" + at +
         (ended.signal.empty() ? std::string() : " (" + ended.signal + ")");
}

std::string WorkerLink::receive(MessageKind wanted, std::size_t most,
                                MessageChannel::Deadline deadline) {
  Message message = channel_.receive(std::max(most, kMaxTextLength), deadline);
  if (message.kind == MessageKind::failure) {
    throw base::Error(base::clean_text(message.body, kMaxTextLength));
  }
  if (message.kind != wanted || message.body.size() > most) throw ChannelEnd::invalid_message;
  return std::move(message.body);
}

}  // namespace mien::models
