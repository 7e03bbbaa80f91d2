#pragma once
#include <lamina/metric/accuracy.hpp>
#include <lamina/metric/argmax.hpp>
#include <lamina/metric/confusion_matrix.hpp>
#include <lamina/metric/mean_loss.hpp>
#include <lamina/metric/r_squared.hpp>
#include <lamina/metric/top_k_accuracy.hpp>

/// The catalogue of measures of a model on a data set.
