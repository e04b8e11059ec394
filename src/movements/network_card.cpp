#include "network_card.hpp"

#include "mien/base/error.hpp"
#include "mien/models/model_library.hpp"

namespace mien::movements {

NetworkCard::NetworkCard(const models::ModelCard& card, models::ModelCard::Task task)
    : card_(card), task_(task) {}

void NetworkCard::refuse(const std::string& why) const {
  throw base::Error(std::string("The ") + models::to_string(task_) + " model " + card_.id +
                    " cannot be used: " + why + ".");
}

void NetworkCard::require_task() const {
  if (card_.task == task_) return;
  refuse(std::string("its card is of task \"") + models::to_string(card_.task) + "\", not \"" +
         models::to_string(task_) + '"');
}

void NetworkCard::require_shipped() const {
  if (models::is_shipped(card_)) return;
  refuse(std::string("only ") + models::to_string(task_) +
         " models that come with the program can be used");
}

}  // namespace mien::movements
