#include "rendered_set.hpp"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <map>
#include <system_error>
#include <thread>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"

#include "output.hpp"

namespace mien {
namespace {

constexpr int kQuality = 95;

/// Lines come in any order and go into the file by their number.
class OrderedTable {
 public:
  OrderedTable(const std::filesystem::path& file, const std::string& header) : stream_(file) {
    write(header);
  }
  void add(int number, std::string line) {
    waiting_.emplace(number, std::move(line));
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      write(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      ++next_;
    }
  }
  void finish() {
    stream_.flush();
    check();
  }

 private:
  void write(const std::string& line) {
    errno = 0;
    stream_ << line << '\n';
    check();
  }
  void check() const {
    if (stream_) return;
    throw Error("The table faces.csv cannot be written: " +
                std::generic_category().message(errno != 0 ? errno : ENOSPC) +
                "; make room or choose another place.");
  }

  std::ofstream stream_;
  std::map<int, std::string> waiting_;
  int next_ = 0;
};

class Work {
 public:
  Work(const RenderedSetPlan& plan, int samples, const std::filesystem::path& head_data,
       const std::filesystem::path& folder)
      : plan_(plan),
        samples_(samples),
        folder_(folder),
        renderer_(builtin_head(),
                  head_data.empty() ? std::vector<SkinPhoto>{} : read_skin_photos(head_data)),
        table_(folder / "faces.csv", rendered_csv_header(renderer_.head())),
        counts_(canonical_labels().size(), 0) {}

  void run(int threads, const std::function<bool(int done)>& keep_on) {
    auto workers = start_threads(static_cast<std::size_t>(threads), [this] { labour(); });
    for (;;) {
      int done = 0;
      {
        const MutexLock lock(mutex_);
        if (done_ >= samples_ || stop_) break;
        changed_.wait_for(mutex_, std::chrono::milliseconds{100});
        done = done_;
      }
      if (!keep_on(done)) stop_ = true;
    }
    workers.clear();
    const MutexLock lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    if (done_ < samples_) {
      counts_.clear();
      return;
    }
    table_.finish();
  }
  std::vector<int> counts() && {
    const MutexLock lock(mutex_);
    return std::move(counts_);
  }

 private:
  void labour() {
    try {
      for (int i = next_++; i < samples_ && !stop_; i = next_++) make(i);
    } catch (...) {
      const MutexLock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_ = true;
      changed_.notify_one();
    }
  }
  void make(int index) {
    const auto sample =
        rendered_sample(renderer_.head(), plan_, static_cast<std::uint64_t>(index));
    const auto face = renderer_.render(sample.parameters);
    std::vector<uchar> bytes;
    if (!cv::imencode(".jpg", face.picture, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality})) {
      throw Error("A picture cannot be made into a JPEG.");
    }
    const auto label = static_cast<std::size_t>(sample.label);
    const std::string file =
        std::string(canonical_labels()[label]) + '/' + numbered_file(index, ".jpg");
    write_new_picture(folder_ / file, bytes);
    std::string row = rendered_csv_row(sample, face, file);
    const MutexLock lock(mutex_);
    table_.add(index, std::move(row));
    ++counts_[label];
    if (++done_ == samples_) changed_.notify_one();
  }

  const RenderedSetPlan& plan_;
  const int samples_;
  const std::filesystem::path& folder_;
  const FaceRenderer renderer_;
  std::atomic<int> next_ = 0;
  std::atomic<bool> stop_ = false;
  Mutex mutex_;
  std::condition_variable_any changed_;
  OrderedTable table_ MIEN_GUARDED_BY(mutex_);
  std::vector<int> counts_ MIEN_GUARDED_BY(mutex_);
  int done_ MIEN_GUARDED_BY(mutex_) = 0;
  std::exception_ptr failure_ MIEN_GUARDED_BY(mutex_);
};

/// OpenCV's own threads, while every processor has a face of its own to render.
class OneThreadEach {
 public:
  OneThreadEach() : before_(cv::getNumThreads()) { cv::setNumThreads(1); }
  ~OneThreadEach() { cv::setNumThreads(before_); }
  OneThreadEach(const OneThreadEach&) = delete;
  OneThreadEach& operator=(const OneThreadEach&) = delete;

 private:
  int before_;
};

}  // namespace

std::vector<int> render_set(const RenderedSetPlan& plan, int samples, int threads,
                            const std::filesystem::path& head_data,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& place,
                            const std::function<bool(int done)>& keep_on) {
  for (const auto label : canonical_labels()) {
    // A blend may fall to any label, one of the plan's alone to none but those.
    bool wanted = samples_per_person(plan) > static_cast<int>(plan.labels.size());
    for (const int each : plan.labels) {
      wanted = wanted || canonical_labels()[static_cast<std::size_t>(each)] == label;
    }
    if (wanted) make_label_folder(folder / label, place);
  }
  const OneThreadEach one_thread_each;
  Work work(plan, samples, head_data, folder);
  work.run(threads, keep_on);
  return std::move(work).counts();
}

}  // namespace mien
