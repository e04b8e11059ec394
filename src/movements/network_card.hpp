#pragma once

#include <string>

#include "mien/models/model_card.hpp"

namespace mien::movements {

/// What the loaders of the networks of this room ask of a card. All of it throws Error with
/// one sentence: "The landmarks model face-mesh cannot be used: ...".
class NetworkCard {
 public:
  /// `card` outlives this.
  NetworkCard(const models::ModelCard& card, models::ModelCard::Task task);

  /// `why` ends the sentence.
  [[noreturn]] void refuse(const std::string& why) const;
  /// Unless it is of the task.
  void require_task() const;
  /// Unless it came with the program: its network runs within it, not in a process of its own.
  void require_shipped() const;

 private:
  const models::ModelCard& card_;
  models::ModelCard::Task task_;
};

}  // namespace mien::movements
