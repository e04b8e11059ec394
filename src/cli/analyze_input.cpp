#include "analyze_input.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <thread>

#include "mien/analysis/analyzer.hpp"
#include "mien/base/channel.hpp"
#include "mien/base/error.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"
#include "mien/models/model_process.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/reports/exports.hpp"
#include "mien/reports/report.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_store.hpp"
#include "mien/sources/frame_source.hpp"

#include "output.hpp"

namespace mien::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// How many pictures may wait between two stages: enough to keep both busy, little memory.
constexpr std::size_t kQueueLength = 4;

class Run {
 public:
  Run(const AnalyzeJob& job, const AnalyzeReaders& readers, base::Interruption& interruption,
      BatchProgress& progress)
      : job_(job),
        interruption_(interruption),
        progress_(progress),
        analyzer_(readers.detector, readers.model) {
    analyzer_.use(readers.movements);
    if (readers.movements) {
      landmarks_id_ = readers.movements->id();
      movements_id_ = readers.movements->network_id();
      movement_models_ = readers.movements->models();
    }
    result_.input = base::redact_address(job.input);
  }

  AnalyzeResult run() {
    try {
      const auto source = sources::open_source(
          {.spec = job_.input, .realtime = false, .mode = {}, .as_sequence = job_.as_sequence});
      const base::Interruption::Watch watch(interruption_, [&] { source->interrupt(); });
      info_ = source->info();
      const auto id = progress_.begin(info_.name, info_.frame_count);
      {
        std::jthread reader, writer, hasher;
        try {
          reader = base::start_thread([&] { read_all(*source); });
          writer = base::start_thread([&] { write_all(); });
          hasher = base::start_thread([&] {
            if (job_.identity.repeatable() && job_.input != "demo") {
              sha256_ =
                  content_hash(job_.input, [&] { return interruption_.asked() || limited_; });
            }
          });
          analyze_all(id);
        } catch (...) {
          decoded_.close();  // or the threads that have started would wait for ever
          analysed_.close();
          throw;
        }
      }
      progress_.end(id);
    } catch (...) {
      progress_.skip();
      fail();
    }
    if (result_.frames == 0 && result_.problem.empty() && !interruption_.asked()) {
      result_.problem =
          "The input " + result_.input + " holds no pictures; choose another one.";
    }
    close();
    result_.people = people_.size();
    result_.wall_seconds = seconds_since(start_);
    if (result_.frames > 0) result_.analysis_ms /= static_cast<double>(result_.frames);
    return result_;
  }

 private:
  /// The reader's thread.
  void read_all(sources::FrameSource& source) {
    try {
      std::optional<std::chrono::nanoseconds> first;
      while (!interruption_.asked()) {
        auto frame = source.read();
        if (frame == nullptr) break;
        if (!first) first = frame->time;
        if (job_.seconds > 0 &&
            std::chrono::duration<double>(frame->time - *first).count() >= job_.seconds) {
          limited_ = true;
          break;
        }
        if (!decoded_.push_wait(std::move(frame))) break;
      }
      source_report_ = {source.damage(), source.remark()};
    } catch (...) {
      fail();
    }
    decoded_.close();
  }

  /// The caller's thread. A stage that fails closes its channels, which ends the others.
  void analyze_all(BatchProgress::InputId id) {
    try {
      while (const auto frame = decoded_.pop()) {
        auto analysis = analyzer_.analyze(*frame);
        count(*analysis);
        progress_.advance(id);
        if (job_.outputs != nullptr) job_.outputs->push(analysis);
        if (!analysed_.push_wait(std::move(analysis))) break;
      }
      if (job_.outputs != nullptr && !interruption_.asked()) job_.outputs->source_ended();
    } catch (...) {
      fail();
    }
    decoded_.close();
    analysed_.close();
  }

  /// The writer's thread.
  void write_all() {
    try {
      while (const auto analysis = analysed_.pop()) {
        // Made with the first picture: an input without any leaves no folder behind, and costs
        // no earlier result.
        if (!writer_) {
          if (job_.replaces && !sessions::is_being_recorded(job_.folder)) {
            sessions::delete_session(job_.folder, reports::export_file_names());
          }
          writer_.emplace(session());
          writer_->note_outputs(sending(), {});  // from the first frame on
        }
        writer_->write(**analysis);
      }
    } catch (...) {
      fail();
    }
    analysed_.close();
  }

  /// Keeps the first problem of any stage.
  void fail() {
    try {
      throw;
    } catch (const models::ModelProcessEnded&) {
      if (interruption_.asked()) return;  // it was given up because of that
    } catch (...) {
    }
    const base::MutexLock lock(problem_mutex_);
    if (result_.problem.empty()) result_.problem = base::describe_current_exception();
  }

  std::vector<std::string> sending() const {
    std::vector<std::string> specs;
    if (job_.outputs == nullptr) return specs;
    for (const auto& status : job_.outputs->status()) {
      if (status.state == outputs::OutputStatus::State::sending) specs.push_back(status.spec);
    }
    return specs;
  }

  recording::SessionOptions session() const {
    recording::SessionOptions options;
    options.folder = job_.folder;
    options.beside = true;
    options.model = analyzer_.model().card();
    options.detector_id = analyzer_.detector().id();
    options.landmarks_id = landmarks_id_;
    options.movements_id = movements_id_;
    if (movement_models_) {
      options.landmarks_card = movement_models_->landmarks.document;
      options.movements_card = movement_models_->movements.document;
    }
    options.columns = job_.columns;
    options.source = info_;
    options.video = job_.video;
    options.privacy = job_.privacy;
    options.encoder = job_.encoder;
    options.make_report = reports::make_report;
    // Compared by later runs to reuse this result.
    options.settings = {{"input", result_.input},
                        {"seconds", job_.seconds},
                        {"recipe", job_.recipe},
                        {"identity", cli::to_json(job_.identity)}};
    if (job_.as_sequence) options.settings["as_sequence"] = true;
    return options;
  }

  void count(const base::AnalyzedFrame& analysis) {
    ++result_.frames;
    result_.faces += analysis.readings.size();
    result_.analysis_ms += analysis.times.total;
    for (const auto& reading : analysis.readings) {
      people_.insert(reading.person);
      const auto& verdict = reading.verdict;
      ++result_.verdicts[verdict.sure()
                             ? analysis.labels->at(static_cast<std::size_t>(verdict.label))
                             : "not sure"];
    }
  }

  /// The reader, the writer and the hasher have ended.
  void close() {
    result_.damage = source_report_.damage;
    result_.remark = source_report_.remark;
    auto identity = job_.identity;
    identity.sha256 = sha256_;
    if (result_.damage.empty() && identity.repeatable() &&
        !identify(job_.input).same_size_and_time(identity)) {
      result_.damage =
          "The input " + result_.input + " changed while it was read; analyse it again.";
    }
    result_.ended = !result_.problem.empty() ? "failed: " + result_.problem
                    : interruption_.asked()  ? "interrupted"
                    : limited_ ? "limit of " + base::decimal(job_.seconds, 3) + " s"
                               : "end of input";
    if (!writer_) return;
    writer_->set_source_report(result_.damage, result_.remark);
    writer_->add_setting("identity", cli::to_json(identity));
    const auto summary = writer_->close(result_.ended);
    if (result_.problem.empty()) result_.problem = summary.problem;
    result_.folder = summary.folder.string();
    result_.seconds = summary.seconds;
    result_.remark = summary.remark;
  }

  const AnalyzeJob& job_;
  base::Interruption& interruption_;
  BatchProgress& progress_;
  analysis::Analyzer analyzer_;
  std::string landmarks_id_;                                          ///< empty: none
  std::string movements_id_;                                          ///< likewise
  std::shared_ptr<const movements::MovementModels> movement_models_;  ///< null: none
  sources::SourceInfo info_;
  base::Channel<base::FramePtr> decoded_{kQueueLength};
  base::Channel<base::AnalyzedFramePtr> analysed_{kQueueLength};
  std::optional<recording::SessionWriter>
      writer_;  ///< of the writer's thread until it has ended
  std::atomic<bool> limited_{false};
  struct {
    std::string damage;
    std::string remark;
  } source_report_;            ///< by the source; of the reader's thread until it has ended
  std::string sha256_;         ///< of the hasher's thread until it has ended
  base::Mutex problem_mutex_;  ///< of result_.problem, while the threads run
  AnalyzeResult result_;
  std::set<int> people_;
  const Clock::time_point start_ = Clock::now();
};

}  // namespace

AnalyzeResult analyze_input(const AnalyzeJob& job, const AnalyzeReaders& readers,
                            base::Interruption& interruption, BatchProgress& progress) {
  return Run(job, readers, interruption, progress).run();
}

}  // namespace mien::cli
