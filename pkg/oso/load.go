package oso

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// LoadFiles loads policy files as one unit, in order, and runs their inline queries. While rules are loaded it fails with
// RuntimeError::MultipleLoadError. A name without the extension .polar is an *errors.PolarFileExtensionError, a missing
// file an *fs.PathError. A failed load leaves nothing behind, except that after a failed inline query
// (*errors.InlineQueryFailedError) the rules stay.
func (o Oso) LoadFiles(files []string) error {
	return o.loadFiles(files, (*core).load)
}

// ReplaceFiles loads policy files in place of the loaded policy. On any error, of inline queries too, the old policy
// stays. Queries under way finish on the old one.
func (o Oso) ReplaceFiles(files []string) error {
	return o.loadFiles(files, (*core).replace)
}

func (o Oso) loadFiles(files []string, load func(*core, []*diag.Source) error) error {
	c, err := o.ready()
	if err != nil || len(files) == 0 {
		return err
	}
	sources, err := c.readFiles(files, c.readFile)
	if err != nil {
		return err
	}
	return load(c, sources)
}

// LoadFile loads one file.
//
// Deprecated: use LoadFiles.
func (o Oso) LoadFile(f string) error {
	fmt.Fprintln(os.Stderr, "LoadFile is deprecated and will be removed. Use LoadFiles instead: it loads all files of a policy together.")
	return o.LoadFiles([]string{f})
}

// LoadString loads a policy from a text; see LoadFiles.
func (o Oso) LoadString(s string) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	return c.load([]*diag.Source{diag.NewSource("", s)})
}

// ReplaceString loads a text in place of the loaded policy; see ReplaceFiles.
func (o Oso) ReplaceString(s string) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	return c.replace([]*diag.Source{diag.NewSource("", s)})
}

// LoadFS loads the files of a file system that match patterns, as fs.Glob understands them, in the order of the patterns and
// by name within one. It is for policies that are embedded in the program. A pattern without a match is an
// *fs.PathError.
func (o Oso) LoadFS(fsys fs.FS, patterns ...string) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	var files []string
	for _, pattern := range patterns {
		matches, err := fs.Glob(fsys, pattern)
		if err != nil {
			return fmt.Errorf("pattern %q: %w", pattern, err)
		}
		if len(matches) == 0 {
			return &fs.PathError{Op: "open", Path: pattern, Err: fs.ErrNotExist}
		}
		slices.Sort(matches)
		for _, file := range matches {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	if len(files) == 0 {
		return nil
	}
	sources, err := c.readFiles(files, func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
	if err != nil {
		return err
	}
	return c.load(sources)
}

// ClearRules drops rules, rule types, resource blocks and pending inline queries. Classes and constants stay.
func (o Oso) ClearRules() error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	c.setSources(nil, false)
	c.engine.Clear()
	return nil
}

func (c *core) readFile(name string) ([]byte, error) {
	if c.fsys != nil {
		return fs.ReadFile(c.fsys, name)
	}
	return os.ReadFile(name)
}

func (c *core) readFiles(files []string, read func(string) ([]byte, error)) ([]*diag.Source, error) {
	sources := make([]*diag.Source, 0, len(files))
	for _, name := range files {
		if filepath.Ext(name) != ".polar" {
			return nil, errors.NewPolarFileExtensionError(name)
		}
		text, err := read(name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, diag.NewSource(name, string(text)))
	}
	return sources, nil
}

// loadInto loads into an engine. The built-in roles, if they are enabled, are checked in a session of the host.
func (c *core) loadInto(e *engine.Engine, sources []*diag.Source) error {
	s := c.registry.Acquire()
	defer c.registry.Release(s)
	warnings, err := e.Load(sources, c.loadOptions(s))
	c.showWarnings(warnings)
	return c.publicIn(s, err)
}

// loadOptions returns the options of loads whose queries ask a session.
func (c *core) loadOptions(s *host.Session) engine.LoadOptions {
	return engine.LoadOptions{NoAllowWarning: c.noAllowWarning, Start: c.starter(s)}
}

// starter returns what starts a query that loading or enabling runs.
func (c *core) starter(s *host.Session) func(*engine.Query) {
	return func(q *engine.Query) { q.Start(context.Background(), c.hostOf(s), c.options) }
}

func (c *core) load(sources []*diag.Source) error {
	if err := c.loadInto(c.engine, sources); err != nil {
		return err
	}
	c.setSources(sources, true)
	return c.runInline(c.engine)
}

// replace tries the policy, inline queries included, on an engine of its own before it takes the old one's place.
func (c *core) replace(sources []*diag.Source) error {
	for {
		trial := c.engine.Fork()
		err := c.loadInto(trial, sources)
		if err == nil {
			err = c.runInline(trial)
		}
		if err != nil {
			return err
		}
		adopted, err := c.engine.Adopt(trial)
		if err != nil {
			return c.public(err)
		}
		if adopted {
			c.setSources(sources, false)
			return nil
		}
	}
}

// setSources notes the sources of the policy, or further ones of it.
func (c *core) setSources(sources []*diag.Source, further bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if further {
		sources = append(slices.Clip(c.sources), sources...)
	}
	c.sources = sources
}

func (c *core) runInline(e *engine.Engine) error {
	s := c.registry.Acquire()
	err := c.publicIn(s, e.RunInline(context.Background(), c.hostOf(s), c.options))
	c.registry.Release(s)
	return err
}

func (c *core) showWarnings(warnings []*diag.Error) {
	for _, w := range warnings {
		c.warn(w.Error())
	}
}
