#include "mien/analysis/model_worker.hpp"

int main() { return mien::run_model_worker(); }
