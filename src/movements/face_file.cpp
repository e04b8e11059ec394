#include "face_file.hpp"

#include <algorithm>

#include "mien/base/bounded_json.hpp"
#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/models/model_files.hpp"

namespace mien::movements {

double number_at(const nlohmann::json& row, std::size_t i, double low, double high) {
  const auto& value = row.at(i);
  if (!value.is_number()) throw UnsoundFace{};
  const auto number = value.get<double>();
  if (!(number >= low && number <= high)) throw UnsoundFace{};
  return number;
}

void read_face_file(const models::ModelCard& card, const std::string& name,
                    const std::string& purpose,
                    const std::function<void(const nlohmann::json&)>& take) {
  const bool listed = std::any_of(card.files.begin(), card.files.end(),
                                  [&](const auto& file) { return file.name == name; });
  if (!listed) {
    throw base::Error(std::string("The ") + models::to_string(card.task) + " model " + card.id +
                      " cannot be used: its card lists no " + name + ", " + purpose + ".");
  }
  const std::string text = models::read_model_files(card).at(name);
  std::string why = "it is not a face of " + std::to_string(base::kMeshPoints) + " points";
  try {
    take(base::parse_bounded_json(text));
    return;
  } catch (const UnsoundFace&) {
  } catch (const nlohmann::json::exception&) {
  } catch (const base::Error& error) {
    why = error.what();
  }
  throw base::Error("The file " + (card.folder / name).string() + " is damaged: " + why +
                    "; install the model again.");
}

}  // namespace mien::movements
