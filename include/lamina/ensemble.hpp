#pragma once
/// Many models of one data set: cross-validation, ensembles, bagging, averages of weights.
#include <lamina/ensemble/average.hpp>
#include <lamina/ensemble/bagging.hpp>
#include <lamina/ensemble/ensemble.hpp>
#include <lamina/ensemble/k_fold.hpp>
#include <lamina/ensemble/weight_average.hpp>
