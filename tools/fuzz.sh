#!/usr/bin/env bash
# Runs each fuzz target for the time given, 20s by default. A failure prints the input, which stays in testdata/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-20s}

grep -rl '^func Fuzz' --include='*_test.go' internal pkg cmd | sort | while read -r file; do
  dir=$(dirname "$file")
  grep -o '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //' | while read -r target; do
    echo "$target in $dir for $time"
    if out=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "./$dir" </dev/null 2>&1); then
      echo "$out" | { grep '^fuzz: elapsed' || true; } | tail -n 1
      continue
    fi
    input=$(echo "$out" | sed -n 's/.*Failing input written to \(testdata[^ ]*\).*/\1/p' | tr -d '\r')
    if [ -z "$input" ] && ! echo "$out" | grep -qE 'panic|FAIL:.*seed|failure while testing seed' && echo "$out" | grep -q 'context deadline exceeded'; then
      echo "  the time was up while an input was running"
      continue
    fi
    echo "$out"
    if [ -n "$input" ]; then
      echo "input $dir/$input:"
      cat "$dir/$input"
    fi
    exit 1
  done
done
