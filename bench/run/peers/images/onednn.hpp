#pragma once
#include "peer.hpp"
#include <dnnl.hpp>
#include <unordered_map>

/// What oneDNN's inference and training share.
namespace peers::images::onednn {

using dnnl::memory;

/// Primitives with their arguments, made once and run in this order.
class program {
public:
  void then(dnnl::primitive p, std::unordered_map<int, memory> arguments) {
    steps_.emplace_back(std::move(p), std::move(arguments));
  }
  /// The memory in another format: itself where it is in that format already.
  memory as(const memory& m, const memory::desc& wanted) {
    if (m.get_desc() == wanted) return m;
    const memory to(wanted, engine());
    copy(m, to);
    return to;
  }
  void copy(const memory& from, const memory& to) {
    then(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  }
  void run() {
    for (const auto& [primitive, arguments] : steps_) primitive.execute(stream_, arguments);
    stream_.wait();
  }
  /// At once: numbers in a plain format into memory of any format.
  void load(const float* from, const memory::desc& plain, memory& to) {
    memory given(plain, engine(), const_cast<float*>(from));
    dnnl::reorder(given, to).execute(stream_, given, to);
    stream_.wait();
  }
  /// One for all: programs share memory.
  static const dnnl::engine& engine() {
    static const dnnl::engine cpu{dnnl::engine::kind::cpu, 0};
    return cpu;
  }
  dnnl::stream& stream() { return stream_; }

private:
  dnnl::stream stream_{engine()};
  std::vector<std::pair<dnnl::primitive, std::unordered_map<int, memory>>> steps_;
};

inline memory::desc desc(memory::dims dims, memory::format_tag tag) {
  return {std::move(dims), memory::data_type::f32, tag};
}
inline memory::desc any(memory::dims dims) { return desc(std::move(dims), memory::format_tag::any); }
/// Row-major, of one, two or four dimensions.
inline memory::desc plain(memory::dims dims) {
  const auto tag = dims.size() == 1   ? memory::format_tag::a
                   : dims.size() == 2 ? memory::format_tag::ab
                                      : memory::format_tag::abcd;
  return desc(std::move(dims), tag);
}
/// What images are kept in: what oneDNN likes best, or channels last.
inline memory::desc images(memory::dims dims, bool channels_last) {
  return desc(std::move(dims), channels_last ? memory::format_tag::nhwc : memory::format_tag::any);
}
inline memory::dims shape(const node& n, int batch) { return {batch, n.channels, n.height, n.width}; }
/// Of a convolution's weight; a dense layer's has as many dimensions as what it reads.
inline memory::dims weight_shape(const network& net, const node& n, const memory::desc& source) {
  if (source.dims().size() == 2) return {n.channels, net.depth(n)};
  return {n.channels, net.before(n).channels, n.kernel, n.kernel};
}
inline dnnl::primitive_attr with(const dnnl::post_ops& after) {
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  return attributes;
}
inline void append_relu(dnnl::post_ops& after) { after.append_eltwise(1.f, dnnl::algorithm::eltwise_relu, 0.f, 0.f); }

} // namespace peers::images::onednn
