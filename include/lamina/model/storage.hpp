#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>

/// Where a block of numbers lives: a policy of the model, never of the network.
namespace lamina {

inline constexpr std::size_t block_alignment = 64;

/// A zeroed block on the heap, allocated once.
template <class T> class aligned_block {
public:
  aligned_block() = default;
  explicit aligned_block(std::size_t size) : size_{size} {
    if (!size) return;
    data_ = static_cast<T*>(::operator new(size * sizeof(T), std::align_val_t{block_alignment}));
    std::memset(static_cast<void*>(data_), 0, size * sizeof(T));
  }
  aligned_block(const aligned_block& other) : aligned_block(other.size_) {
    if (size_) std::memcpy(static_cast<void*>(data_), other.data_, size_ * sizeof(T));
  }
  aligned_block(aligned_block&& other) noexcept
      : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
  aligned_block& operator=(aligned_block other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~aligned_block() {
    if (data_) ::operator delete(data_, size_ * sizeof(T), std::align_val_t{block_alignment});
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The block is allocated once, at construction (the default).
struct heap {
  template <class T, std::size_t Size> class block {
  public:
    T* data() { return memory_.data(); }
    const T* data() const { return memory_.data(); }

  private:
    aligned_block<T> memory_{Size};
  };
};

/// The block is a member: the model lives on the stack, in a static, or in another object, and never touches the heap.
struct in_place {
  template <class T, std::size_t Size> class block {
  public:
    T* data() { return memory_; }
    const T* data() const { return memory_; }

  private:
    alignas(block_alignment) T memory_[Size]{};
  };
};

/// The block is the caller's: `model<net, float, external> m{seed{1}, buffer}`; it must outlive the model and be
/// aligned to 64 bytes. A copy of such a model shares the buffer. Errors: argument_error where the buffer is too small
/// or not aligned.
struct external {
  template <class T, std::size_t Size> class block {
  public:
    explicit block(std::span<T> buffer) : memory_{buffer.data()} {
      if (buffer.size() < Size)
        throw argument_error(
            expected_got("buffer of a model", detail::joined_text({Size, " elements"}), buffer.size()));
      if (std::bit_cast<std::uintptr_t>(memory_) % block_alignment)
        throw argument_error(expected_got("buffer of a model", "an address aligned to 64 bytes", "one that is not"));
    }
    T* data() { return memory_; }
    const T* data() const { return memory_; }

  private:
    T* memory_;
  };
};

} // namespace lamina
