#pragma once

#include <cmath>
#include <random>
#include <string>

#include "engine/experiment/experiment.h"

namespace nanscope {

template <class Enum>
Enum any_of(std::mt19937& random) {
  return Names<Enum>::all[random() % Names<Enum>::all.size()].first;
}

/// Settings of the Signal lab up to their extremes; `zeros`: a file that holds nothing else.
inline Experiment random_signal(std::mt19937& random, const std::string& zeros) {
  const auto uniform = [&] { return static_cast<double>(random() >> 5) * 0x1p-27; };
  const auto between = [&](double low, double high) {
    return low * std::pow(high / low, uniform());
  };
  Experiment experiment;
  NetworkSpec& network = experiment.network;
  network.model.depth = uniform() < 0.1 ? 1 : static_cast<int>(between(1, 201));
  network.model.width = static_cast<int>(between(8, 64));
  network.model.activation = any_of<Activation>(random);
  network.model.norm = any_of<Norm>(random);
  network.model.residual = uniform() < 0.3;
  network.model.bias = uniform() < 0.3;
  network.init.scheme = any_of<InitScheme>(random);
  if (uniform() < 0.5) network.init.gain = between(0.1, 10);
  if (uniform() < 0.1) network.init.gain = between(1e-6, 1e6);
  if (network.model.bias) network.init.bias_std = between(1e-3, 10);
  network.init.cut = between(0.2, 30);
  network.init.cut_reading = any_of<CutReading>(random);
  network.precision = any_of<Precision>(random);
  network.networks = uniform() < 0.1 ? 3 : 1;
  network.seed = random() % 1000;
  network.device = DeviceKind::cpu;
  const DataKind kinds[] = {DataKind::normal, DataKind::constant_norm, DataKind::digits};
  experiment.data.kind = kinds[random() % 3];
  experiment.data.batch = uniform() < 0.2 ? 1 : 16;
  if (network.model.norm == Norm::batchnorm) experiment.data.batch = 16;  // one row has no variance
  if (uniform() < 0.06) {
    experiment.data = {.kind = DataKind::file, .path = zeros, .batch = 3};
    experiment.data.header = TableHeader::no;
  }
  return experiment;
}

}  // namespace nanscope
