#include "mien/models/model_process.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "mien/base/log.hpp"

#include "onnx_guard.hpp"
#include "worker_link.hpp"

namespace mien::models {
namespace {

constexpr auto kLayerSearchTimeout = std::chrono::seconds(10);

thread_local const WaitInterruption* innermost = nullptr;

std::string file_of(const ModelCard& card) {
  return (card.folder / card.files.front().name).string();
}

std::int64_t whole_seconds(std::chrono::milliseconds time) {
  return (time.count() + 999) / 1000;
}

nlohmann::json order_for(const std::filesystem::path& folder, const ModelLimits& limits,
                         std::uintmax_t bytes) {
  return {{"folder", folder.string()},
          {"seconds_to_load", whole_seconds(limits.load)},
          {"seconds_to_answer", whole_seconds(limits.answer)},
          {"memory", limits.memory + 6 * bytes},
          {"threads", cv::getNumThreads()},
          {"by_layers", false}};
}

}  // namespace

WaitInterruption::WaitInterruption(std::function<bool()> wanted)
    : wanted_(std::move(wanted)), outer_(std::exchange(innermost, this)) {}

WaitInterruption::~WaitInterruption() { innermost = outer_; }

bool WaitInterruption::asked() { return innermost != nullptr && innermost->wanted_(); }

ModelProcess::ModelProcess(const ModelCard& card, ModelLimits limits)
    : card_(card), limits_(limits), worker_(std::make_unique<WorkerLink>()) {
  std::uintmax_t bytes = 0;
  for (const auto& file : card.files) bytes += file.size;
  auto order = order_for(card.folder, limits, bytes);
  order["card"] = card.document;
  order["reading"] = card.reading;
  std::string end;
  try {
    worker_->load(order, limits.load);
    return;
  } catch (const ChannelEnd reason) {
    if (reason == ChannelEnd::interrupted) {
      throw base::Error("Loading the model " + card.id + " was given up.");
    }
    end = worker_->describe_end(reason, limits.load);
    if (reason == ChannelEnd::closed) {
      order["by_layers"] = true;
      if (const auto better = find_crashing_layer(order); !better.empty()) end = better;
    }
  }
  throw base::Error("The model file " + file_of(card) + " cannot be used: it " + end +
                    "; choose another model.");
}

/// A second look at a model whose first run ended its process: at which layer.
std::string ModelProcess::find_crashing_layer(const nlohmann::json& order) const {
  WorkerLink again;
  const auto within = std::min<std::chrono::milliseconds>(limits_.load, kLayerSearchTimeout);
  try {
    again.load(order, within);
  } catch (const ChannelEnd reason) {
    if (reason == ChannelEnd::closed) return again.describe_end(reason, within);
  } catch (const base::Error&) {
    // The failure is not reproducible; the first message stays.
  }
  return "";
}

ModelProcess::~ModelProcess() = default;

std::vector<float> ModelProcess::run(const cv::Mat& bgr) {
  if (!worker_) throw ModelProcessEnded(card_.task, failure_);
  if (bgr.empty() || bgr.type() != CV_8UC3) {
    throw base::Error("A picture for the model " + card_.id + " is empty or not in colour.");
  }
  try {
    return worker_->run(bgr, limits_.answer);
  } catch (const ChannelEnd end) {
    const bool gave_up = end == ChannelEnd::interrupted;
    failure_ = gave_up
                   ? "The model " + card_.id + " was given up."
                   : "The model " + card_.id + " (" + file_of(card_) + ") " +
                         worker_->describe_end(end, limits_.answer) + "; choose another model.";
    // A late answer must not be taken for the answer to the next picture.
    worker_.reset();
    base::log::error("models", failure_);
    throw ModelProcessEnded(card_.task, failure_);
  }
}

OnnxOutline inspect_onnx(const std::filesystem::path& file, ModelLimits limits) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  auto order =
      order_for(std::filesystem::absolute(file).parent_path(), limits, error ? 0 : bytes);
  order["inspect"] = std::filesystem::absolute(file).string();
  const std::string what = "The model file " + file.string();
  WorkerLink worker;
  try {
    return to_outline(worker.load(order, limits.load));
  } catch (const ChannelEnd reason) {
    if (reason == ChannelEnd::interrupted) throw base::Error(what + " was given up.");
    throw base::Error(what + " cannot be used: it " + worker.describe_end(reason, limits.load) +
                      "; choose another model.");
  } catch (const nlohmann::json::exception&) {
    throw base::Error(what +
                      " cannot be used: what it says of itself makes no sense; choose another "
                      "model.");
  }
}

}  // namespace mien::models
