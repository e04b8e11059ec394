#include "picture_set.hpp"

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
#include "mien/base/files.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"
#include "mien/system/file_handle.hpp"

#include "output.hpp"

namespace mien::cli {
namespace {

constexpr int kQuality = 95;
constexpr const char* kUnlabelled = "movements";  // the folder of faces without a label

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
    throw base::Error("The table faces.csv cannot be written: " +
                      std::generic_category().message(errno != 0 ? errno : ENOSPC) +
                      "; make room or choose another place.");
  }

  std::ofstream stream_;
  std::map<int, std::string> waiting_;
  int next_ = 0;
};

/// The program's head with what the package has for it, when there is one. What of its hair is
/// damaged is named on stderr.
synthesis::FaceRenderer make_renderer(const std::filesystem::path& head_data) {
  auto head = synthesis::builtin_head();
  if (head_data.empty()) return synthesis::FaceRenderer(std::move(head));
  auto skins = synthesis::read_skin_photos(head_data);
  auto hair = synthesis::read_hair_meshes(head_data, head);
  if (!hair.problem.empty()) print_problem(hair.problem);
  return synthesis::FaceRenderer(std::move(head), std::move(skins), std::move(hair.meshes));
}

class Renderer {
 public:
  Renderer(const synthesis::RenderedSetPlan& plan, int samples,
           const std::filesystem::path& head_data, const std::filesystem::path& folder)
      : plan_(plan),
        samples_(samples),
        folder_(folder),
        renderer_(make_renderer(head_data)),
        table_(folder / "faces.csv",
               synthesis::rendered_csv_header(renderer_.head(), renderer_.has_meshes())),
        counts_(base::canonical_labels().size(), 0) {}

  void run(int threads, const std::function<bool(int done)>& keep_going) {
    auto workers =
        base::start_threads(static_cast<std::size_t>(threads), [this] { render_loop(); });
    for (;;) {
      int done = 0;
      {
        const base::MutexLock lock(mutex_);
        if (done_ >= samples_ || stop_) break;
        changed_.wait_for(mutex_, std::chrono::milliseconds{100});
        done = done_;
      }
      if (!keep_going(done)) stop_ = true;
    }
    workers.clear();
    const base::MutexLock lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    if (done_ < samples_) {
      counts_.clear();
      return;
    }
    table_.finish();
  }
  std::vector<int> counts() && {
    const base::MutexLock lock(mutex_);
    return std::move(counts_);
  }

 private:
  void render_loop() {
    try {
      for (int i = next_++; i < samples_ && !stop_; i = next_++) render_sample(i);
    } catch (...) {
      const base::MutexLock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_ = true;
      changed_.notify_one();
    }
  }
  void render_sample(int index) {
    const auto sample =
        synthesis::rendered_sample(renderer_.head(), plan_, static_cast<std::uint64_t>(index));
    const auto face = renderer_.render(sample.parameters);
    std::vector<uchar> bytes;
    if (!cv::imencode(".jpg", face.picture, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality})) {
      throw base::Error("A picture cannot be made into a JPEG.");
    }
    const bool labelled = sample.label >= 0;
    const auto label = static_cast<std::size_t>(sample.label);
    const std::string file =
        std::string(labelled ? base::canonical_labels()[label] : kUnlabelled) + '/' +
        numbered_file(index, ".jpg");
    write_new_picture(folder_ / file, bytes);
    std::string row = synthesis::rendered_csv_row(sample, face, file);
    const base::MutexLock lock(mutex_);
    table_.add(index, std::move(row));
    if (labelled) ++counts_[label];
    if (++done_ == samples_) changed_.notify_one();
  }

  const synthesis::RenderedSetPlan& plan_;
  const int samples_;
  const std::filesystem::path& folder_;
  const synthesis::FaceRenderer renderer_;
  std::atomic<int> next_ = 0;
  std::atomic<bool> stop_ = false;
  base::Mutex mutex_;
  std::condition_variable_any changed_;
  OrderedTable table_ MIEN_GUARDED_BY(mutex_);
  std::vector<int> counts_ MIEN_GUARDED_BY(mutex_);
  int done_ MIEN_GUARDED_BY(mutex_) = 0;
  std::exception_ptr failure_ MIEN_GUARDED_BY(mutex_);
};

/// OpenCV's own threads, while every processor has a face of its own to render.
class SingleThreadedOpenCv {
 public:
  SingleThreadedOpenCv() : before_(cv::getNumThreads()) { cv::setNumThreads(1); }
  ~SingleThreadedOpenCv() { cv::setNumThreads(before_); }
  SingleThreadedOpenCv(const SingleThreadedOpenCv&) = delete;
  SingleThreadedOpenCv& operator=(const SingleThreadedOpenCv&) = delete;

 private:
  int before_;
};

}  // namespace

void write_new_picture(const std::filesystem::path& file,
                       const std::vector<unsigned char>& bytes) {
  std::error_code error;
  system::FileHandle picture = system::create_private_file(file, error);
  if (!error) {
    std::size_t written = 0;
    error =
        picture.write_all({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, written);
    if (const auto closing = picture.close(); !error) error = closing;
  }
  if (!error) return;
  throw base::Error("The picture " + file.filename().string() + " cannot be written: " +
                    error.message() + "; make room or choose another place.");
}

std::string numbered_file(long index, const char* extension) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + extension;
}

void make_label_folder(const std::filesystem::path& folder,
                       const std::filesystem::path& place) {
  if (const auto error = base::make_private_folders(folder)) {
    throw base::Error("The folder " + place.string() +
                      " cannot be written: " + error.message() + "; make room.");
  }
}

std::vector<int> render_set(const synthesis::RenderedSetPlan& plan, int samples, int threads,
                            const std::filesystem::path& head_data,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& place,
                            const std::function<bool(int done)>& keep_going) {
  if (plan.movements) make_label_folder(folder / kUnlabelled, place);
  for (const auto label : base::canonical_labels()) {
    if (plan.movements) break;
    // A blend of expressions may get any label, a single one only its own.
    bool wanted = synthesis::samples_per_person(plan) > static_cast<int>(plan.labels.size());
    for (const int each : plan.labels) {
      wanted = wanted || base::canonical_labels()[static_cast<std::size_t>(each)] == label;
    }
    if (wanted) make_label_folder(folder / label, place);
  }
  const SingleThreadedOpenCv single_threaded;
  Renderer renderer(plan, samples, head_data, folder);
  renderer.run(threads, keep_going);
  return std::move(renderer).counts();
}

}  // namespace mien::cli
