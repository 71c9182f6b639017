#!/usr/bin/env bash
# Makes sure that what HiGHS needs to be built from source is here: a C++ compiler, cmake and libclang.
# What is missing comes from Debian packages where we may install them, else from PyPI wheels in
# .tools/ (nothing outside this folder is touched). Prints the environment that cargo needs, as
# NAME=value lines, so that both make and a shell can read it:
#     export $(tools/native-tools.sh)
set -euo pipefail
cd "$(dirname "$0")/.."
local_tools="$PWD/.tools"

say() { echo "native-tools: $*" >&2; }

find_libclang() {
  # The directories that a Debian, Fedora or Homebrew libclang lands in; the first with the library wins.
  # (libclang-cpp, which often stands there alone, is another library.)
  local directory
  for directory in ${LIBCLANG_PATH:-} "$local_tools"/libclang/clang/native /usr/lib/llvm-*/lib /usr/lib64 \
      /usr/lib/*-linux-gnu /opt/homebrew/opt/llvm/lib /usr/local/opt/llvm/lib; do
    if compgen -G "$directory/libclang.so*" >/dev/null || compgen -G "$directory/libclang-[0-9]*.so*" >/dev/null \
        || compgen -G "$directory/libclang.dylib" >/dev/null; then
      echo "$directory"
      return 0
    fi
  done
  return 1
}

find_cmake() {
  if [ -x "$local_tools/cmake/cmake/data/bin/cmake" ]; then
    echo "$local_tools/cmake/cmake/data/bin/cmake"
  else
    command -v cmake
  fi
}

debian_install() {
  command -v apt-get >/dev/null || return 1
  local as_root=""
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root="sudo -n"
  fi
  say "installing $* with apt-get"
  { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends "$@"; } >&2
}

wheel_install() {
  say "installing the PyPI wheel '$1' into .tools/"
  python3 -m pip install --quiet --upgrade --target "$local_tools/$1" "$1" >&2
}

command -v c++ >/dev/null || debian_install g++ || { say "no C++ compiler found: install g++ or clang++"; exit 1; }
if ! find_cmake >/dev/null; then
  debian_install cmake || wheel_install cmake || { say "no cmake: install it, or python3 with pip"; exit 1; }
fi
if ! find_libclang >/dev/null; then
  debian_install libclang-dev || wheel_install libclang || { say "no libclang: install libclang-dev, or python3 with pip"; exit 1; }
fi

echo "CMAKE=$(find_cmake)"
echo "LIBCLANG_PATH=$(find_libclang)"
# The wheel's libclang comes without the compiler's own headers (stddef.h): lend it those of the C compiler.
if [ "$(find_libclang)" = "$local_tools/libclang/clang/native" ]; then
  echo "BINDGEN_EXTRA_CLANG_ARGS=-I$(cc -print-file-name=include)"
fi
