#pragma once

#include <variant>

#include "mien/ui/actions.hpp"

namespace mien::app {

template <typename Owner, typename SomeAction>
concept Handles = requires(Owner& owner, const SomeAction& action) {
  owner.handle(action);
};

/// Gives an action to each of `owners` that has a handle() for it, in their order. An action
/// that none of them handles does not compile.
template <typename... Owners>
void dispatch(const ui::Action& action, Owners&... owners) {
  std::visit(
      [&]<typename SomeAction>(const SomeAction& one) {
        static_assert((Handles<Owners, SomeAction> || ...), "nobody handles this action");
        const auto give = [&one](auto& owner) {
          if constexpr (requires { owner.handle(one); }) owner.handle(one);
        };
        (give(owners), ...);
      },
      action);
}

}  // namespace mien::app
