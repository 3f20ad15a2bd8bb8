package oso_test

import "github.com/goso-project/goso/pkg/oso/types"

func variable(name string) types.Variable { return types.Variable(name) }
