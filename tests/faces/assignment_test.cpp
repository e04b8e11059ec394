#include "assignment.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace mien::faces {
namespace {

double cost_of(const CostTable& table, const std::vector<std::size_t>& columns) {
  double sum = 0;
  for (std::size_t row = 0; row < columns.size(); ++row) sum += table.at(row, columns[row]);
  return sum;
}

/// By trying every order of the columns.
double smallest_cost(const CostTable& table) {
  std::vector<std::size_t> order(table.columns);
  std::iota(order.begin(), order.end(), 0U);
  double best = std::numeric_limits<double>::infinity();
  do {
    best = std::min(
        best, cost_of(table, {order.begin(), order.begin() + static_cast<long>(table.rows)}));
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Assign, GivesUpTheNearestPairForTheBestWhole) {
  EXPECT_EQ(assign({2, 2, {1, 2, 2, 9}}), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(assign({1, 3, {3, 1, 2}}), (std::vector<std::size_t>{1}));
  EXPECT_TRUE(assign({0, 4, {}}).empty());
}

TEST(Assign, IsAsGoodAsTryingEverything) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> cost(0, 10);
  for (int round = 0; round < 200; ++round) {
    CostTable table{1 + random() % 4, 0, {}};
    table.columns = table.rows + random() % 3;
    for (std::size_t i = 0; i < table.rows * table.columns; ++i) {
      table.cost.push_back(random() % 5 == 0 ? 1000 : cost(random));
    }
    const auto columns = assign(table);
    auto sorted = columns;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
    EXPECT_NEAR(cost_of(table, columns), smallest_cost(table), 1e-9);
  }
}

}  // namespace
}  // namespace mien::faces
