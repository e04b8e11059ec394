#include "mien/models/model_installer.hpp"

#include <algorithm>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/staged_folder.hpp"

#include "inferred_card.hpp"

namespace fs = std::filesystem;

namespace mien::models {
namespace {

std::string reason(const std::error_code& error) { return error.message(); }

base::HiddenFolder make_hidden_folder(const fs::path& models_dir) {
  try {
    return base::HiddenFolder(models_dir, "adding");
  } catch (const std::system_error& error) {
    throw base::Error("The folder for models " + models_dir.string() +
                      " cannot be written: " + reason(error.code()) + "; make it writable.");
  }
}

void refuse_taken_id(const std::string& id, const fs::path& models_dir,
                     const ModelLibrary& library) {
  if (model_id_is_taken(id, models_dir, library)) {
    throw base::Error(
        "There is a model with the id \"" + id +
        "\" already; give the new one another id in its card.json, or remove the old "
        "one's folder first.");
  }
}

void copy_one(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) {
    throw base::Error("The model file " + from.string() + " cannot be copied to " +
                      to.parent_path().string() + ": " + reason(error) +
                      "; make room or choose another file.");
  }
  // The user's own and no other's, whatever the source was.
  fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, error);
}

// Before anything is copied: a card may name a device, or a file that fills the disk.
void check_sources(const ModelCard& card) {
  std::uintmax_t all = 0;
  for (const auto& file : card.files) {
    const fs::path path = card.folder / file.name;
    std::error_code error;
    if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
      throw base::Error("The model " + card.id + " cannot be added: " + path.string() +
                        " is not a file; choose another model.");
    }
    const auto size = fs::file_size(path, error);
    if (!error && (size > kMaxModelBytes || (all += size) > kMaxModelBytes)) {
      throw base::Error(
          "The model " + card.id +
          " cannot be added: its files are larger than 1 GiB; choose another model.");
    }
  }
  verify_model_files(card);
}

ModelCard copy_folder(const fs::path& source, const fs::path& to) {
  const ModelCard card = load_model_card(source);
  check_sources(card);
  base::make_private_folders(to / card.id);
  for (const auto& file : card.files) copy_one(source / file.name, to / card.id / file.name);
  for (const char* name : {"LICENSE", "README.md"}) {
    std::error_code error;
    const bool there = fs::is_regular_file(source / name, error) &&
                       fs::file_size(source / name, error) < kMaxModelBytes;
    if (there && !fs::exists(to / card.id / name)) copy_one(source / name, to / card.id / name);
  }
  // The card last, byte for byte.
  copy_one(source / "card.json", to / card.id / "card.json");
  return load_model_card(to / card.id);
}

ModelCard copy_file_with_draft(const fs::path& source, const fs::path& to) {
  const auto document = draft_card(source);
  const fs::path folder = to / document.at("id").get<std::string>();
  base::make_private_folders(folder);
  copy_one(source, folder / source.filename());
  base::write_file_atomically(folder / "card.json", document.dump(2) + "\n");
  return load_model_card(folder);
}

[[noreturn]] void refuse_alone(const fs::path& source) {
  const std::string ending = source.extension().string();
  for (const char* readable : {".caffemodel", ".prototxt", ".pb", ".yml", ".gz"}) {
    if (ending == readable) {
      throw base::Error(
          "The file " + source.string() +
          " cannot be added alone; put it into a folder with a card.json that says how "
          "to use it (docs/models.md shows how).");
    }
  }
  throw base::Error(
      "The file " + source.string() +
      " is of a kind that this program does not read; convert it to ONNX first "
      "(docs/models.md shows how for Keras, PyTorch, TensorFlow Lite and others).");
}

ModelCard copy_model(const fs::path& source, const fs::path& to) {
  std::error_code error;
  const auto status = fs::status(source, error);
  if (fs::is_directory(status)) {
    if (fs::is_regular_file(source / "card.json", error)) return copy_folder(source, to);
    throw base::Error("The folder " + source.string() +
                      " holds no card.json; choose a model's folder, or write a card for it "
                      "(docs/models.md shows how).");
  }
  if (!fs::is_regular_file(status)) {
    throw base::Error("There is no model at " + source.string() +
                      "; choose a folder with a card.json, or an .onnx file.");
  }
  if (source.filename() == "card.json") {
    return copy_folder(source.has_parent_path() ? source.parent_path() : fs::path("."), to);
  }
  if (source.extension() != ".onnx") refuse_alone(source);
  return copy_file_with_draft(source, to);
}

/// The folder whose files the copy has.
std::string origin_of(const fs::path& source) {
  std::error_code error;
  if (fs::is_directory(source, error)) {
    return base::without_slash(source).string();
  }
  return (source.has_parent_path() ? source.parent_path() : fs::path(".")).string();
}

std::string with_replaced(std::string text, const std::string& old, const std::string& now) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += now.size()) {
    text.replace(at, old.size(), now);
  }
  return text;
}

}  // namespace

ModelCard install_model(const fs::path& source, const fs::path& models_dir,
                        const ModelLibrary& library, const ModelTrial& trial) {
  return base::translate_errors("The model " + source.string() + " cannot be added", [&] {
    const base::HiddenFolder hidden = make_hidden_folder(models_dir);
    const ModelCard copied = copy_model(source, hidden.path());
    refuse_taken_id(copied.id, models_dir, library);
    try {
      // The copy, because it is what will be used.
      verify_model_files(copied);
      trial(copied);
    } catch (const base::Error& error) {
      // The copy is gone when this is read.
      throw base::Error(with_replaced(error.what(), copied.folder.string(), origin_of(source)));
    }
    base::rename_new(copied.folder, models_dir / copied.id);
    return load_model_card(models_dir / copied.id);
  });
}

bool model_id_is_taken(const std::string& id, const fs::path& models_dir,
                       const ModelLibrary& library) {
  if (fs::exists(fs::symlink_status(models_dir / id))) return true;
  for (const auto task : {ModelCard::Task::emotion, ModelCard::Task::face,
                          ModelCard::Task::landmarks, ModelCard::Task::movements}) {
    const auto cards = library.cards(task);
    if (std::any_of(cards.begin(), cards.end(),
                    [&](const auto& card) { return card.id == id; }))
      return true;
  }
  return false;
}

fs::path user_models_dir() { return base::user_data_dir() / "models"; }

}  // namespace mien::models
