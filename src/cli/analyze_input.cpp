#include "analyze_input.hpp"

#include <chrono>
#include <optional>
#include <set>

#include "mien/analysis/analyzer.hpp"
#include "mien/base/error.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// An analyzer takes what it owns with it; each input has one of its own, so that people are
/// counted anew, over one detector and one model that are loaded once.
class BorrowedDetector : public FaceDetector {
 public:
  explicit BorrowedDetector(FaceDetector& detector) : detector_(detector) {}
  const std::string& id() const override { return detector_.id(); }
  std::vector<Face> detect(const cv::Mat& bgr) override { return detector_.detect(bgr); }

 private:
  FaceDetector& detector_;
};

class BorrowedModel : public EmotionModel {
 public:
  explicit BorrowedModel(EmotionModel& model) : model_(model) {}
  const ModelCard& card() const override { return model_.card(); }
  std::vector<float> classify(const cv::Mat& face_bgr) override {
    return model_.classify(face_bgr);
  }

 private:
  EmotionModel& model_;
};

/// Wakes the source's read() while it lives.
class Watch {
 public:
  Watch(Interruption& interruption, FrameSource& source) : interruption_(interruption) {
    interruption_.watch(&source);
  }
  ~Watch() { interruption_.watch(nullptr); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  Interruption& interruption_;
};

class Run {
 public:
  Run(const AnalyzeJob& job, FaceDetector& detector, EmotionModel& model,
      Interruption& interruption, ProgressLine& progress)
      : job_(job),
        interruption_(interruption),
        progress_(progress),
        analyzer_(std::make_unique<BorrowedDetector>(detector),
                  std::make_unique<BorrowedModel>(model)) {
    result_.input = job.input;
  }

  AnalyzeResult go() {
    try {
      read_all();
      if (result_.frames == 0 && !interruption_.asked()) {
        throw Error("The input " + job_.input + " holds no pictures; choose another one.");
      }
    } catch (...) {
      result_.problem = describe_current_exception();
    }
    close();
    result_.people = people_.size();
    result_.wall_seconds = seconds_since(start_);
    if (result_.frames > 0) result_.analysis_ms /= static_cast<double>(result_.frames);
    progress_.clear();
    return result_;
  }

 private:
  void read_all() {
    const auto source = open_source({.spec = job_.input, .realtime = false, .mode = {}});
    const Watch watch(interruption_, *source);
    const auto& info = source->info();
    std::optional<std::chrono::nanoseconds> first;
    while (!interruption_.asked()) {
      const auto frame = source->read();
      if (frame == nullptr) break;
      if (!first) first = frame->time;
      if (job_.seconds > 0 &&
          std::chrono::duration<double>(frame->time - *first).count() >= job_.seconds) {
        result_.ended = "limit of " + number(job_.seconds, 3) + " s";
        break;
      }
      const auto analysis = analyzer_.analyze(frame);
      // Made with the first picture: an input without any leaves no folder behind.
      if (!writer_) writer_.emplace(session(info));
      writer_->write(*analysis);
      count(*analysis);
      show_progress(info);
    }
    if (interruption_.asked()) result_.ended = "interrupted";
    if (result_.ended.empty()) result_.ended = "end of input";
  }

  SessionOptions session(const SourceInfo& info) const {
    SessionOptions options;
    options.folder = job_.folder;
    options.model = analyzer_.model().card();
    options.detector_id = analyzer_.detector().id();
    options.source = info;
    options.video = job_.video;
    return options;
  }

  void count(const AnalyzedFrame& analysis) {
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

  void show_progress(const SourceInfo& info) {
    if (!progress_.wanted() || Clock::now() - shown_ < std::chrono::milliseconds{200}) return;
    shown_ = Clock::now();
    const auto frames = static_cast<double>(result_.frames);
    std::string text = info.name + ": frame " + std::to_string(result_.frames);
    if (info.frame_count && *info.frame_count > 0) {
      text += " of " + std::to_string(*info.frame_count) + " (" +
              percent(frames / static_cast<double>(*info.frame_count)) + ")";
    }
    progress_.show(text + ", " + number(frames / seconds_since(start_), 1) +
                   " frames a second");
  }

  void close() {
    if (!writer_) return;
    if (!result_.problem.empty()) result_.ended = "failed: " + result_.problem;
    const auto summary = writer_->close(result_.ended);
    if (result_.problem.empty()) result_.problem = summary.problem;
    result_.folder = summary.folder.string();
    result_.seconds = summary.seconds;
  }

  const AnalyzeJob& job_;
  Interruption& interruption_;
  ProgressLine& progress_;
  Analyzer analyzer_;
  std::optional<SessionWriter> writer_;
  AnalyzeResult result_;
  std::set<int> people_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

}  // namespace

AnalyzeResult analyze_input(const AnalyzeJob& job, FaceDetector& detector, EmotionModel& model,
                            Interruption& interruption, ProgressLine& progress) {
  return Run(job, detector, model, interruption, progress).go();
}

fs::path result_folder(const fs::path& out, const std::string& input) {
  std::string name;
  if (const auto scheme = input.find("://"); scheme != std::string::npos) {
    // The host and the path, without user name, password and query.
    name = input.substr(scheme + 3);
    name.erase(std::min(name.find_first_of("?#"), name.size()));
    if (const auto at = name.rfind('@', name.find('/')); at != std::string::npos) {
      name.erase(0, at + 1);
    }
  } else {
    fs::path path = fs::path(input).lexically_normal();
    if (path == "." || path == "..") path = fs::absolute(path).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();  // "photos/"
    std::error_code code;
    name = (fs::is_directory(path, code) ? path.filename() : path.stem()).string();
  }
  for (char& c : name) {
    if (c == '/' || c == ':' || static_cast<unsigned char>(c) < ' ') c = '-';
  }
  while (!name.empty() && (name.back() == '-' || name.back() == '.')) name.pop_back();
  while (!name.empty() && (name.front() == '-' || name.front() == '.')) name.erase(0, 1);
  if (name.empty()) name = "input";
  fs::path folder = out / name;
  std::error_code code;
  for (int n = 2; fs::exists(folder, code); ++n)
    folder = out / (name + '_' + std::to_string(n));
  return folder;
}

}  // namespace mien
