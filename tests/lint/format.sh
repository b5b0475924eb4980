#!/bin/sh
# Every C file is as the formatter writes it.
. "$(dirname "$0")/lib.sh"
need clang-format
files '*.c' '*.h' | xargs clang-format --dry-run --Werror
