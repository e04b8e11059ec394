#include "mien/analysis/model_tasks.hpp"

int main() { return mien::run_model_worker(); }
