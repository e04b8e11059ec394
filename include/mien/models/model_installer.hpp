#pragma once

#include <filesystem>
#include <functional>

#include "mien/models/model_library.hpp"

namespace mien::models {

/// Loads the model of a card, runs it once and lets it go; try_model() of analysis does. Throws
/// when that fails. (The card's folder is the only one in its parent folder then, so that a
/// ModelLibrary of the parent finds it.)
using ModelTrial = std::function<void(const ModelCard&)>;

/// Copies a model into `models_dir`/<id> so that the next ModelLibrary finds it, and gives its
/// card there.
///
/// `source` is one of
/// - a folder with a card.json. Taken along are the files that the card lists, and LICENSE and
///   README.md when they are there.
/// - a .onnx file alone. Its card is written here as far as the file's shapes say enough: one
///   input of 1x1xSxS, 1x3xSxS, 1xSxSx1 or 1xSxSx3, one output of 7 or 8 numbers. What an ONNX
///   file cannot say (order of labels, range of pixels) is assumed to be the usual; the card's
///   name and limitations say so. With other shapes it is refused, and the sentence says what
///   card to write.
///
/// The copy is made in a hidden folder beside, checked there (card, sizes, hashes, the guards
/// against damaged files, a first run: `trial`) and renamed into its place in one step. What
/// fails is an Error with the reason, and nothing is left behind; a folder that a killed
/// program left is cleared at the next call. A model that is there is never overwritten,
/// neither on disk nor by the id of one that `library` knows.
///
/// Hostile files: the trial runs a third-party model as every later load does, in a process of
/// its own (mien/models/model_process.hpp).
///
/// Any thread; takes about as long as copying and loading.
ModelCard install_model(const std::filesystem::path& source,
                        const std::filesystem::path& models_dir, const ModelLibrary& library,
                        const ModelTrial& trial);

/// Whether a model cannot have this id: `library` knows one of any task, or something of that
/// name lies in `models_dir`.
bool model_id_is_taken(const std::string& id, const std::filesystem::path& models_dir,
                       const ModelLibrary& library);

/// user_data_dir()/models, where ModelLibrary::standard() looks.
std::filesystem::path user_models_dir();

}  // namespace mien::models
