#include "mien/emotions/forest_training.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <numeric>
#include <random>
#include <thread>

#include <opencv2/ml.hpp>

#include "mien/base/error.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"

#include "forest.hpp"

namespace mien::emotions {
namespace {

constexpr std::size_t kMaxNumbers = (std::size_t{1} << 31) / sizeof(float);

}  // namespace

void Samples::add(std::span<const float> features, int label) {
  if (labels_.empty()) length_ = features.size();
  if (features.empty() || features.size() != length_ || label < 0) {
    throw base::Error("A face to learn from has " + std::to_string(features.size()) +
                      " numbers where the others have " + std::to_string(length_) + ".");
  }
  if (numbers_.size() + length_ > kMaxNumbers) {
    throw base::Error(
        "There are too many faces to learn from at once: more than " +
        std::to_string(labels_.size()) +
        " do not fit into 2 GiB; take fewer, or features that are shorter (embedding).");
  }
  numbers_.insert(numbers_.end(), features.begin(), features.end());
  labels_.push_back(label);
}

std::span<const float> Samples::features(int sample) const {
  return std::span(numbers_).subspan(static_cast<std::size_t>(sample) * length_, length_);
}

cv::Mat Samples::rows() const {
  return {count(), static_cast<int>(length_), CV_32F, const_cast<float*>(numbers_.data())};
}

std::vector<bool> hold_out(std::span<const int> labels, double share, std::uint64_t seed) {
  if (!(share > 0 && share < 1)) {
    throw base::Error(
        "The share to hold out for the test must lie between 0 and 1, both excluded.");
  }
  std::vector<bool> out(labels.size(), false);
  const int most = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
  std::mt19937_64 random(seed);
  for (int label = 0; label <= most; ++label) {
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == label) mine.push_back(i);
    }
    if (mine.empty()) continue;
    if (mine.size() == 1) {
      throw base::Error(
          "A label has one sample only; two are the least, one of them for the test.");
    }
    // By hand: std::shuffle may differ from one standard library to the next.
    for (std::size_t i = mine.size() - 1; i > 0; --i)
      std::swap(mine[i], mine[random() % (i + 1)]);
    const auto wanted =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(mine.size())));
    const auto count = std::clamp<std::size_t>(wanted, 1, mine.size() - 1);
    for (std::size_t i = 0; i < count; ++i) out[mine[i]] = true;
  }
  return out;
}

namespace {

// cv::ml sets memory aside for 2^depth nodes: 30 MB a thread, and 4 GB at the 25 it allows.
constexpr int kDeepest = 18;

// Decorrelates neighbouring seeds (splitmix64, Steele et al. 2014).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

Forest grow_one(const cv::Ptr<cv::ml::TrainData>& data, int features, int labels,
                std::uint64_t seed) {
  const auto trees = cv::ml::RTrees::create();
  trees->setMaxDepth(kDeepest);
  trees->setMinSampleCount(2);
  trees->setCalculateVarImportance(false);
  trees->setTermCriteria({cv::TermCriteria::MAX_ITER, 1, 0});
  cv::theRNG().state = seed;  // every thread has its own
  if (!trees->train(data)) throw base::Error("A tree could not be grown.");
  Forest forest(features, labels);
  forest.add(*trees);
  return forest;
}

}  // namespace

std::shared_ptr<const Forest> grow_forest(const Samples& samples,
                                          const std::vector<int>& chosen, int labels,
                                          const ForestOptions& options,
                                          const TrainingProgress& progress) {
  if (options.trees < 1 || options.trees > kMaxTrees) {
    throw base::Error("A forest has 1 to " + std::to_string(kMaxTrees) + " trees, not " +
                      std::to_string(options.trees) + ".");
  }
  for (int label = 0; label < labels; ++label) {
    if (std::none_of(chosen.begin(), chosen.end(), [&](int sample) {
          return samples.labels()[static_cast<std::size_t>(sample)] == label;
        })) {
      throw base::Error("A forest cannot be grown: label " + std::to_string(label) +
                        " has no sample to learn from.");
    }
  }
  // Copied, because TrainData's own sampleIdx fails in OpenCV 4.6: it bounds the places in all
  // samples by the number of the chosen ones.
  const cv::Mat all = samples.rows();
  cv::Mat rows(static_cast<int>(chosen.size()), all.cols, CV_32F);
  cv::Mat truth(rows.rows, 1, CV_32S);
  for (int i = 0; i < rows.rows; ++i) {
    const int sample = chosen[static_cast<std::size_t>(i)];
    all.row(sample).copyTo(rows.row(i));
    truth.at<int>(i) = samples.labels()[static_cast<std::size_t>(sample)];
  }
  const auto count = static_cast<std::size_t>(options.trees);
  std::vector<std::optional<Forest>> grown(count);

  // One call of cv::ml for each tree, so that trees grow in parallel, progress is reported and
  // growing can be cancelled. Each tree has its own seed: the forest does not depend on the
  // number of threads.
  struct {
    base::Mutex mutex;
    std::condition_variable_any told;
    std::size_t next MIEN_GUARDED_BY(mutex) = 0;
    int done MIEN_GUARDED_BY(mutex) = 0;
    std::exception_ptr fault MIEN_GUARDED_BY(mutex);
    bool stop MIEN_GUARDED_BY(mutex) = false;
  } shared;
  const auto work = [&] {
    try {
      const auto data = cv::ml::TrainData::create(rows, cv::ml::ROW_SAMPLE, truth);
      for (;;) {
        std::size_t mine = 0;
        {
          const base::MutexLock lock(shared.mutex);
          if (shared.stop || shared.next == count) return;
          mine = shared.next++;
        }
        grown[mine] = grow_one(data, rows.cols, labels, mixed(mixed(options.seed) + mine));
        const base::MutexLock lock(shared.mutex);
        ++shared.done;
        shared.told.notify_one();
      }
    } catch (...) {
      const base::MutexLock lock(shared.mutex);
      shared.fault = std::current_exception();
      shared.stop = true;
      shared.told.notify_one();
    }
  };
  {
    const unsigned requested = options.threads > 0
                                   ? static_cast<unsigned>(options.threads)
                                   : std::max(1U, std::thread::hardware_concurrency());
    const auto threads = base::start_threads(std::min<std::size_t>(requested, count), work);
    for (;;) {
      int so_far = 0;
      {
        const base::MutexLock lock(shared.mutex);
        if (shared.stop || shared.done >= options.trees) break;
        shared.told.wait_for(shared.mutex, std::chrono::milliseconds{100});
        so_far = shared.done;
      }
      if (!progress || progress(so_far, options.trees)) continue;
      const base::MutexLock lock(shared.mutex);
      shared.stop = true;
    }
  }
  const base::MutexLock lock(shared.mutex);
  if (shared.fault) {
    const auto fault = shared.fault;
    base::translate_errors("The forest cannot be grown",
                           [&] { std::rethrow_exception(fault); });
  }
  if (shared.stop) return nullptr;
  auto forest = std::make_shared<Forest>(rows.cols, labels);
  for (auto& one : grown) {
    for (const auto& tree : one->trees()) forest->add(tree);
    one.reset();
  }
  return forest;
}

std::vector<float> forest_votes(const Forest& forest, std::span<const float> features) {
  return forest.votes(features);
}

}  // namespace mien::emotions
