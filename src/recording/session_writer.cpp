#include "mien/recording/session_writer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <opencv2/imgproc.hpp>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "faces_table.hpp"
#include "overlay_painter.hpp"
#include "session_document.hpp"
#include "video_writer.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// What a crash may cost of the table.
constexpr std::chrono::seconds kFlushEvery{1};
constexpr auto kPrivateFile = fs::perms::owner_read | fs::perms::owner_write;

[[noreturn]] void fail_folder(const fs::path& folder, const std::string& reason) {
  throw Error("The session folder " + folder.string() + " cannot be made: " + reason +
              "; choose another folder.");
}

/// Makes the folder and those above it; theirs stay as they are, this one is its owner's alone.
void make_session_folder(const fs::path& folder) {
  std::error_code code;
  if (fs::exists(folder, code)) {
    if (!fs::is_directory(folder, code)) fail_folder(folder, "a file has that name");
    if (!fs::is_empty(folder, code) || code) {
      fail_folder(folder, code ? code.message() : "it holds files already");
    }
  } else if (!fs::create_directories(folder, code) && code) {
    fail_folder(folder, code.message());
  }
  fs::permissions(folder, fs::perms::owner_all, code);
  if (code) fail_folder(folder, code.message());
}

/// The largest place in `canvas` for a picture of `picture`, centred.
cv::Rect letterbox(cv::Size picture, cv::Size canvas) {
  const double scale = std::min(static_cast<double>(canvas.width) / picture.width,
                                static_cast<double>(canvas.height) / picture.height);
  const cv::Size size(std::clamp(cvRound(picture.width * scale), 1, canvas.width),
                      std::clamp(cvRound(picture.height * scale), 1, canvas.height));
  return {(canvas.width - size.width) / 2, (canvas.height - size.height) / 2, size.width,
          size.height};
}

}  // namespace

fs::path new_session_folder(const fs::path& root) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  char name[64];
  std::strftime(name, sizeof name, "%Y-%m-%d_%H-%M-%S", &local);
  fs::path folder = root / name;
  std::error_code code;
  for (int n = 2; fs::exists(folder, code); ++n) {
    folder = root / (std::string(name) + '_' + std::to_string(n));
  }
  return folder;
}

class SessionWriter::Files {
 public:
  explicit Files(SessionOptions options) {
    if (options.video) {
      painter_ = std::make_unique<OverlayPainter>();
      const auto encoders = available_video_encoders();
      const bool known = options.encoder.empty() ? !encoders.empty()
                                                 : std::count(encoders.begin(), encoders.end(),
                                                              options.encoder) > 0;
      if (!known) {
        throw Error("The video encoder " + options.encoder +
                    " is not there; install FFmpeg's encoders or record without video.");
      }
    }
    make_session_folder(options.folder);
    // In one piece with what follows: the name in errors, and relative paths survive a chdir.
    options.folder = fs::absolute(options.folder);
    document_.options = std::move(options);
    document_.started = std::chrono::system_clock::now();
    model_id_ = document_.options.model.id;
    detector_id_ = document_.options.detector_id;
    table_.emplace(folder() / "faces.csv", document_.options.model.labels);
    labels_ = document_.options.model.labels;
    write_document();
  }

  void write(const AnalyzedFrame& frame) {
    if (document_.closed)
      throw Error("The session " + folder().string() + " is closed already.");
    if (!document_.problem.empty()) throw Error(document_.problem);
    try {
      translate_errors("The session " + folder().string() + " cannot be written",
                       [&] { write_unguarded(frame); });
    } catch (const Error& error) {
      document_.problem = error.what();  // close() says it again, in session.json
      throw;
    }
  }

  SessionSummary close(const std::string& ended) {
    if (!document_.closed) {
      document_.closed = true;
      document_.ended = ended;
      document_.finished = std::chrono::system_clock::now();
      attempt([&] {
        if (video_) video_->close();
      });
      attempt([&] { table_->close(); });
      attempt([&] { write_document(); });
    }
    return summary();
  }

  SessionSummary summary() const {
    return {.folder = folder(),
            .frames = document_.frames,
            .faces = document_.faces,
            .seconds = document_.seconds,
            .bytes = bytes_written(),
            .ended = document_.ended,
            .problem = document_.problem};
  }

  bool closed() const { return document_.closed; }

 private:
  std::uintmax_t bytes_written() const {
    return table_->bytes_written() + document_bytes_ + (video_ ? video_->bytes_written() : 0);
  }
  const fs::path& folder() const { return document_.options.folder; }

  template <typename Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const std::exception&) {
      if (document_.problem.empty()) document_.problem = describe_current_exception();
    }
  }

  void write_unguarded(const AnalyzedFrame& frame) {
    const auto milliseconds = place_in_time(frame);
    if (!milliseconds) {
      ++document_.left_out;
      return;
    }
    note_model(frame, *milliseconds);
    if (document_.options.video) write_picture(frame, *milliseconds);
    // The row comes after its picture: there is none for a picture that was refused.
    table_->write(document_.frames + 1, *milliseconds, frame);
    count(frame, *milliseconds);
    if (const auto now = Clock::now(); now - flushed_ >= kFlushEvery) {
      table_->flush();
      flushed_ = now;
    }
  }

  /// The frame's timestamp; none for a frame that does not come after the last one. Two frames
  /// within one millisecond get one each. Another source has another clock: the session's time
  /// goes on by what passed between the arrivals.
  std::optional<std::int64_t> place_in_time(const AnalyzedFrame& frame) {
    const auto time = frame.frame->time;
    if (!first_) {
      first_ = time;
    } else if (frame.source != source_) {
      const auto passed = std::max<std::chrono::nanoseconds>(
          frame.frame->arrived - arrived_, std::chrono::milliseconds{1});
      first_ = time - (last_ - *first_) - passed;
    } else if (time <= last_) {
      return std::nullopt;
    }
    source_ = frame.source;
    arrived_ = frame.frame->arrived;
    last_ = time;
    const auto exact = std::chrono::round<std::chrono::milliseconds>(time - *first_).count();
    if (document_.frames == 0) return last_milliseconds_ = exact;
    return last_milliseconds_ = std::max<std::int64_t>(exact, last_milliseconds_ + 1);
  }

  void note_model(const AnalyzedFrame& frame, std::int64_t milliseconds) {
    if (frame.model_id == model_id_ && frame.detector_id == detector_id_ &&
        *frame.labels == labels_) {
      return;
    }
    model_id_ = frame.model_id;
    detector_id_ = frame.detector_id;
    labels_ = *frame.labels;
    document_.model_changes.push_back({static_cast<double>(milliseconds) / 1000,
                                       document_.frames + 1, model_id_, detector_id_, labels_});
  }

  void write_picture(const AnalyzedFrame& frame, std::int64_t milliseconds) {
    const auto& image = frame.frame->image;
    if (!video_) {
      size_ = image.size();
      video_ = std::make_unique<VideoWriter>(folder() / "video.mkv", size_,
                                             document_.options.source.fps,
                                             document_.options.encoder);
      document_.encoder = video_->encoder();
      document_.width = video_->size().width;
      document_.height = video_->size().height;
      write_document();
    }
    cv::Rect place({0, 0}, size_);
    if (image.size() == size_) {
      image.copyTo(canvas_);
    } else {
      place = letterbox(image.size(), size_);
      canvas_.create(size_, CV_8UC3);
      canvas_.setTo(cv::Scalar::all(0));
      cv::resize(image, canvas_(place), place.size(), 0, 0, cv::INTER_AREA);
    }
    const OverlayStyle style{.font_size = OverlayPainter::font_size_for(size_),
                             .bars = document_.options.bars,
                             .landmarks = false,
                             .mirrored = false};
    painter_->paint(canvas_, layout_overlay(frame, place, style, painter_->measure()));
    video_->write(canvas_, milliseconds);
  }

  void count(const AnalyzedFrame& frame, std::int64_t milliseconds) {
    const auto& size = frame.frame->image.size();
    if (document_.frames == 0) first_size_ = size;
    if (size != first_size_) ++document_.scaled;
    ++document_.frames;
    document_.faces += frame.readings.size();
    if (frame.readings.empty()) ++document_.frames_without_face;
    for (const auto& reading : frame.readings) document_.people.insert(reading.person);
    document_.seconds = static_cast<double>(milliseconds) / 1000;
  }

  void write_document() {
    const auto file = folder() / "session.json";
    // A name that is not UTF-8 must not cost the session its document.
    const auto text =
        document_.to_json().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
        '\n';
    write_file_atomically(file, text);
    document_bytes_ = text.size();
    std::error_code code;
    fs::permissions(file, kPrivateFile, code);
  }

  SessionDocument document_;
  std::unique_ptr<OverlayPainter> painter_;
  std::optional<FacesTable> table_;
  std::unique_ptr<VideoWriter> video_;  ///< from the first frame on
  cv::Mat canvas_;
  cv::Size size_;
  cv::Size first_size_;
  std::optional<std::chrono::nanoseconds> first_;  ///< the session's time 0 on the source's clock
  std::chrono::nanoseconds last_{0};
  Clock::time_point arrived_{};
  std::uint64_t source_ = 0;
  std::int64_t last_milliseconds_ = 0;
  std::string model_id_;
  std::string detector_id_;
  std::vector<std::string> labels_;
  Clock::time_point flushed_ = Clock::now();
  std::uintmax_t document_bytes_ = 0;
};

SessionWriter::SessionWriter(SessionOptions options)
    : files_(std::make_unique<Files>(std::move(options))) {}

SessionWriter::~SessionWriter() {
  if (!files_->closed()) files_->close("abandoned");
}

void SessionWriter::write(const AnalyzedFrame& frame) { files_->write(frame); }

SessionSummary SessionWriter::close(const std::string& ended) { return files_->close(ended); }

SessionSummary SessionWriter::summary() const { return files_->summary(); }

}  // namespace mien
