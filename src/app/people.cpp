#include "people.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien::app {
namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  base::translate_errors("The resting faces cannot be saved in " + file.string(), [&] {
    if (const auto failed = base::make_private_folders(file.parent_path())) {
      throw std::runtime_error(failed.message());
    }
    base::write_file_atomically(file, text);
  });
}

}  // namespace

SavedBaselines::SavedBaselines(std::filesystem::path file, base::BackgroundQueue* disk)
    : file_(std::move(file)), disk_(disk) {
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) return;
  try {
    const auto json = nlohmann::json::parse(base::read_text_file(file_));
    for (const auto& entry : json.at("people")) {
      auto baseline = entry.at("baseline").get<emotions::NeutralBaseline>();
      people_[entry.at("name").get<std::string>()][baseline.model_id] = std::move(baseline);
    }
  } catch (const std::exception& broken) {
    people_.clear();
    auto aside = file_;
    aside += ".broken";
    std::filesystem::rename(file_, aside, error);
    problem_ = "The saved resting faces in " + file_.string() +
               " cannot be read and were renamed to " + aside.filename().string() + ": " +
               base::short_reason(broken) + ".";
  }
}

std::vector<std::string> SavedBaselines::names(const std::string& model_id) const {
  std::vector<std::string> names;
  for (const auto& [name, baselines] : people_) {
    if (baselines.count(model_id) != 0) names.push_back(name);
  }
  return names;
}

std::optional<emotions::NeutralBaseline> SavedBaselines::find(
    const std::string& name, const std::string& model_id) const {
  const auto person = people_.find(name);
  if (person == people_.end()) return std::nullopt;
  const auto baseline = person->second.find(model_id);
  if (baseline == person->second.end()) return std::nullopt;
  return baseline->second;
}

void SavedBaselines::save(const std::string& name, emotions::NeutralBaseline baseline) {
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
      problems->push_latest(base::describe_current_exception());
    }
  });
}

People::People(std::filesystem::path kept, base::BackgroundQueue* disk,
               analysis::LiveSession& live, ui::ViewModel& view)
    : kept_(std::move(kept), disk), live_(live), view_(view) {
  if (!kept_.problem().empty()) {
    view_.notices.push_back({base::Notice::Level::warning, kept_.problem()});
  }
}

void People::handle(const ui::action::NamePerson& action) {
  auto& names = view_.replay ? replayed_names_ : names_;
  if (action.name.empty()) {
    names.erase(action.person);
  } else {
    names[action.person] = action.name;
  }
}

void People::handle(const ui::action::SetNeutral& action) {
  live_.request({.baselines = {{.kind = analysis::BaselineRequest::Kind::begin,
                                .person = action.person}}});
}

void People::handle(const ui::action::ClearNeutral& action) {
  live_.request({.baselines = {{.kind = analysis::BaselineRequest::Kind::clear,
                                .person = action.person}}});
}

void People::handle(const ui::action::SaveNeutral& action) {
  auto baseline = live_.snapshot().baseline(action.person);
  if (!baseline) {
    view_.notices.push_back({base::Notice::Level::warning,
                             "There is no resting face of “" + action.name +
                                 "” to save yet; set neutral first, and stay in view."});
    return;
  }
  kept_.save(action.name, std::move(*baseline));
  view_.notices.push_back({base::Notice::Level::info, "Saved the resting face of “" +
                                                          action.name + "” on this computer."});
}

void People::handle(const ui::action::LoadNeutral& action) {
  if (auto baseline = kept_.find(action.name, view_.status.baseline_model)) {
    live_.request({.baselines = {{.kind = analysis::BaselineRequest::Kind::use,
                                  .person = action.person,
                                  .baseline = std::move(*baseline)}}});
  }
}

void People::handle(const ui::action::DeleteNeutral& action) {
  kept_.remove(action.name);
  view_.notices.push_back(
      {base::Notice::Level::info, "Deleted the saved resting face of “" + action.name + "”."});
}

void People::poll() {
  if (auto problem = kept_.take_problem()) {
    view_.notices.push_back({base::Notice::Level::error, std::move(*problem)});
  }
  view_.kept_people = kept_.names(view_.status.baseline_model);
  if (!view_.replay) {
    view_.names = names_;
    return;
  }
  const auto& session = view_.replay->session;
  if (replayed_.lock() != session) {
    replayed_ = session;
    replayed_names_ = session->names;
    std::erase_if(replayed_names_, [](const auto& entry) { return entry.second.empty(); });
  }
  view_.names = replayed_names_;
}

}  // namespace mien::app
