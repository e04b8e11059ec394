#include "mien/base/interruption.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "mien/system/signals.hpp"

namespace mien::base {
namespace {

using namespace std::chrono_literals;

// Each in a process of its own: a signal is for the whole of one.

TEST(InterruptionDeathTest, WithoutOneASignalEndsTheProcessAndSaysSo) {
  for (const int signal : {SIGINT, SIGTERM}) {
    EXPECT_EXIT(
        {
          system::install_signal_handlers();
          std::raise(signal);
        },
        ::testing::KilledBySignal(signal), "mien: Interrupted");
  }
}

TEST(InterruptionDeathTest, TheFirstIsARequestAndTheSecondEnds) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EXIT(
        {
          system::install_signal_handlers();
          std::atomic<int> told{0};
          std::atomic<int> woken{0};
          Interruption interruption([&] { ++told; });
          const Interruption::Watch watch(interruption, [&] { ++woken; });
          if (interruption.asked()) ::_exit(1);
          std::raise(signal);
          while (told != 1 || woken != 1) std::this_thread::sleep_for(1ms);
          if (!interruption.asked()) ::_exit(2);
          const Interruption::Watch late(interruption, [&] { ++woken; });
          if (woken != 2) ::_exit(3);
          std::raise(signal);
          ::_exit(4);
        },
        ::testing::KilledBySignal(signal), "");
  }
}

TEST(InterruptionDeathTest, AnotherOneBeginsAnew) {
  EXPECT_EXIT(
      {
        system::install_signal_handlers();
        {
          const Interruption first;
          std::raise(SIGTERM);
        }
        const Interruption second;
        if (second.asked()) ::_exit(1);
        std::raise(SIGTERM);
        ::_exit(second.asked() ? 0 : 2);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(InterruptionDeathTest, AClosedTerminalStaysIgnored) {
  EXPECT_EXIT(
      {
        std::signal(SIGHUP, SIG_IGN);
        system::install_signal_handlers();
        const Interruption interruption;
        std::raise(SIGHUP);
        std::raise(SIGHUP);
        ::_exit(interruption.asked() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(InterruptionDeathTest, AnIgnoredInterruptIsHeard) {
  // As a shell leaves it for a job in the background.
  EXPECT_EXIT(
      {
        std::signal(SIGINT, SIG_IGN);
        system::install_signal_handlers();
        const Interruption interruption;
        std::raise(SIGINT);
        ::_exit(interruption.asked() ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace mien::base
