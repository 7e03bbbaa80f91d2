#pragma once
#include <array>
#include <lamina/lamina.hpp>
#include <span>

/// What a program does with a network of so many inputs: none of it adds a line to what is said about a wrong one.
template <class Net, std::size_t Inputs>
void use(const lamina::dataset<lamina::values>& data, const std::array<float, Inputs>& sample) {
  lamina::model<Net> model{lamina::seed{1}};
  lamina::trainer trainer{model, lamina::mean_squared_error{}, lamina::adam{}};
  trainer.fit(data, {.epochs = 2, .validation = &data});
  trainer.step(sample, sample);
  trainer.gradient(sample, sample)("0.weight");
  lamina::mean_loss(model, lamina::mean_squared_error{}, data);
  lamina::workspace<Net> workspace{1};
  lamina::predict(model, sample, std::span<float>{}, workspace);
  model(sample), model(std::span{sample});
  lamina::save(model, "weights.safetensors");
  lamina::load(model, "weights.safetensors");
  model.parameter("0.weight")[0] = static_cast<float>(Net::parameter_count + Net::template shape_after<0>.size());
  lamina::describe<Net>();
}
