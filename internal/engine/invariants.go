//go:build invariants

package engine

import "github.com/goso-project/goso/internal/code"

// verify checks every compiled policy and query when built with -tags invariants. A fault is a bug of the compiler.
func verify(p, policy *code.Program) error { return code.Verify(p, policy) }
