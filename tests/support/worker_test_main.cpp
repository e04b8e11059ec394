#include <gmock/gmock.h>

#include "mien/models/model_process.hpp"

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  mien::models::set_model_worker(MIEN_MODEL_WORKER);
  return RUN_ALL_TESTS();
}
