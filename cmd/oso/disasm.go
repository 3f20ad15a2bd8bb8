package main

import (
	"context"
	"fmt"
)

// disasm prints the instructions of a policy.
func (p *program) disasm(ctx context.Context, args []string) error {
	f := p.newFlags("disasm")
	files, err := f.parse(args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = []string{"."}
	}
	sources, err := readSources(files)
	if err != nil {
		return err
	}
	pol, err := p.load(ctx, f, sources, false, exitFailed)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, pol.engine.Disassemble())
	return err
}
