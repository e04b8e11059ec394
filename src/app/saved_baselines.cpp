#include "saved_baselines.hpp"

#include <nlohmann/json.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien {
namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  translate_errors("The resting faces cannot be saved in " + file.string(), [&] {
    if (const auto failed = make_private_folders(file.parent_path())) {
      throw std::runtime_error(failed.message());
    }
    write_file_atomically(file, text);
  });
}

}  // namespace

SavedBaselines::SavedBaselines(std::filesystem::path file, BackgroundQueue* disk)
    : file_(std::move(file)), disk_(disk) {
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) return;
  try {
    const auto json = nlohmann::json::parse(read_text_file(file_));
    for (const auto& entry : json.at("people")) {
      auto baseline = entry.at("baseline").get<NeutralBaseline>();
      people_[entry.at("name").get<std::string>()][baseline.model_id] = std::move(baseline);
    }
  } catch (const std::exception& broken) {
    people_.clear();
    auto aside = file_;
    aside += ".broken";
    std::filesystem::rename(file_, aside, error);
    problem_ = "The saved resting faces in " + file_.string() +
               " cannot be read and were renamed to " + aside.filename().string() + ": " +
               short_reason(broken) + ".";
  }
}

std::vector<std::string> SavedBaselines::names(const std::string& model_id) const {
  std::vector<std::string> names;
  for (const auto& [name, baselines] : people_) {
    if (baselines.count(model_id) != 0) names.push_back(name);
  }
  return names;
}

std::optional<NeutralBaseline> SavedBaselines::find(const std::string& name,
                                                    const std::string& model_id) const {
  const auto person = people_.find(name);
  if (person == people_.end()) return std::nullopt;
  const auto baseline = person->second.find(model_id);
  if (baseline == person->second.end()) return std::nullopt;
  return baseline->second;
}

void SavedBaselines::save(const std::string& name, NeutralBaseline baseline) {
  auto people = people_;
  const std::string model = baseline.model_id;
  people[name][model] = std::move(baseline);
  write_file(people);
  people_ = std::move(people);
}

void SavedBaselines::remove(const std::string& name) {
  auto people = people_;
  if (people.erase(name) == 0) return;
  write_file(people);
  people_ = std::move(people);
}

void SavedBaselines::write_file(const People& people) const {
  auto list = nlohmann::json::array();
  for (const auto& [name, baselines] : people) {
    for (const auto& [model, baseline] : baselines) {
      list.push_back({{"name", name}, {"baseline", baseline}});
    }
  }
  const auto text = nlohmann::json{{"version", 1}, {"people", list}}.dump(2) + "\n";
  if (disk_ == nullptr) return write(file_, text);
  disk_->run([file = file_, text, problems = problems_] {
    try {
      write(file, text);
    } catch (...) {
      problems->push_latest(describe_current_exception());
    }
  });
}

}  // namespace mien
