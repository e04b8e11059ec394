#include <array>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <system_error>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/staged_folder.hpp"
#include "mien/synthesis/drawn_face.hpp"

#include "checks.hpp"
#include "command.hpp"
#include "interruption.hpp"
#include "output.hpp"

namespace mien {
namespace {

constexpr int kMostSamples = 1000000;

// The article's four words, in its order.
constexpr std::array<std::string_view, 4> kNoiseLabels = {"happy", "sad", "angry", "neutral"};

struct SynthesizeOptions {
  std::string out;
  int samples = 1000;
  std::uint64_t seed = 1;
  bool noise = false;
  bool json = false;
};

cv::Mat draw_noise(Dice& dice) {
  cv::Mat picture(kDrawnSide, kDrawnSide, CV_8UC3);
  for (auto& pixel : cv::Mat_<cv::Vec3b>(picture)) {
    const std::uint64_t bits = dice.next() >> 40;
    pixel = {static_cast<uchar>(bits), static_cast<uchar>(bits >> 8),
             static_cast<uchar>(bits >> 16)};
  }
  return picture;
}

/// No fsync here: the folder is synced as a whole when it is published.
void write_new_file(const std::filesystem::path& file, const std::vector<uchar>& bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  bool good = descriptor >= 0;
  for (std::size_t done = 0; good && done < bytes.size();) {
    const auto written = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    good = written >= 0;
    if (good) done += static_cast<std::size_t>(written);
  }
  const int reason = errno;
  const bool closed = descriptor < 0 || ::close(descriptor) == 0;
  if (good && closed) return;
  throw Error("The picture " + file.filename().string() +
              " cannot be written: " + std::generic_category().message(good ? errno : reason) +
              "; make room or choose another place.");
}

std::string file_name(int index) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + ".png";
}

int synthesize(const SynthesizeOptions& options) {
  const std::span<const std::string_view> labels =
      options.noise ? std::span<const std::string_view>(kNoiseLabels) : canonical_labels();
  const int classes = static_cast<int>(labels.size());
  if (options.samples < classes || options.samples > kMostSamples) {
    throw Error("The number of samples must be from " + std::to_string(classes) +
                ", one for each class, to " + std::to_string(kMostSamples) + ", not " +
                std::to_string(options.samples) + ".");
  }
  const Interruption interruption;  // before there is anything to be left behind
  StagedFolder folder(options.out);
  for (const auto label : labels) {
    std::error_code error;
    std::filesystem::create_directory(folder.path() / label, error);
    if (error) {
      throw Error("The folder " + folder.place().string() +
                  " cannot be written: " + error.message() + "; make room.");
    }
  }
  ProgressLine progress;
  std::vector<int> counts(labels.size(), 0);
  for (int i = 0; i < options.samples; ++i) {
    if (interruption.asked()) {
      print_problem("Interrupted; nothing was kept in " + options.out + ".");
      return kFailed;
    }
    const auto label = static_cast<std::size_t>(i % classes);
    // A sample is itself whatever the number of others: seed and place make it.
    Dice dice(Dice(options.seed).next() ^ static_cast<std::uint64_t>(i));
    dice.next();
    cv::Mat picture;
    if (options.noise) {
      picture = draw_noise(dice);
    } else {
      const ActionUnits units = action_units(labels[label], dice);
      picture = draw_face(units, dice);
    }
    std::vector<uchar> bytes;
    if (!cv::imencode(".png", picture, bytes))
      throw Error("A picture cannot be made into a PNG.");
    write_new_file(folder.path() / labels[label] / file_name(i), bytes);
    ++counts[label];
    progress.show(progress_bar(static_cast<std::size_t>(i) + 1,
                               static_cast<std::size_t>(options.samples)));
  }
  folder.publish();
  progress.clear();
  auto per_class = nlohmann::ordered_json::object();
  std::string words;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    per_class[std::string(labels[i])] = counts[i];
    words += (i > 0 ? ", " : "") + std::string(labels[i]) + ' ' + std::to_string(counts[i]);
  }
  if (options.json) {
    print_json({{"folder", folder.place().string()},
                {"kind", options.noise ? "noise" : "faces"},
                {"samples", options.samples},
                {"seed", options.seed},
                {"side", kDrawnSide},
                {"per_class", per_class}});
  } else {
    print_line(std::to_string(options.samples) +
               (options.noise ? " pictures of noise in " : " drawn faces in ") +
               folder.place().string() + ": " + words);
  }
  return kDone;
}

}  // namespace

void add_synthesize_command(CLI::App& root, Action& action) {
  auto* command = root.add_subcommand(
      "synthesize", "Draw a labelled data set of faces: one folder of pictures per expression");
  auto options = std::make_shared<SynthesizeOptions>();
  command->add_option("--out", options->out, "Where the data set goes; not there yet, or empty")
      ->required()
      ->type_name("DIR")
      ->check(kNotEmpty);
  command->add_option("--samples", options->samples, "How many pictures in all")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--seed", options->seed,
                   "The same seed draws the same pictures, byte for byte")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--noise", options->noise,
                    "Random pixels instead, labelled happy, sad, angry and neutral");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback(
      [&action, options] { action = [options] { return synthesize(*options); }; });
}

}  // namespace mien
