#pragma once
#include <lamina/lamina.hpp>

struct net : lamina::network<lamina::input<4>, lamina::dense<6>, lamina::tanh, lamina::dense<2>> {};

using data_set = lamina::dataset<lamina::values>;

data_set samples();                         // other.cpp
float train(lamina::model<net>&, data_set); // other.cpp
