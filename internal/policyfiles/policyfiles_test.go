package policyfiles

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.polar", "b.txt", "sub/c.polar", "sub/deep/er/d.polar", ".hidden/e.polar", "sub/.f.polar", "vendor/g.polar",
		"node_modules/h.polar", "sub/[x].polar"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("empty", 0o777); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		args  []string
		want  []string
		wrong bool
	}{
		{name: "a file", args: []string{"a.polar"}, want: []string{"a.polar"}},
		{name: "the same file twice", args: []string{"./a.polar", "sub/../a.polar"}, want: []string{"a.polar"}},
		{name: "a directory", args: []string{"."}, want: []string{"a.polar", "sub/[x].polar", "sub/c.polar", "sub/deep/er/d.polar"}},
		{name: "in sorted order", args: []string{"sub/c.polar", "a.polar"}, want: []string{"a.polar", "sub/c.polar"}},
		{name: "an empty directory", args: []string{"empty"}},
		{name: "a file named directly may be hidden", args: []string{".hidden/e.polar"}, want: []string{".hidden/e.polar"}},
		{name: "a directory named directly may be left out otherwise", args: []string{"vendor"}, want: []string{"vendor/g.polar"}},
		{name: "a pattern", args: []string{"*.polar"}, want: []string{"a.polar"}},
		{name: "a pattern with any directories", args: []string{"**/*.polar"}, want: []string{"a.polar", "sub/[x].polar", "sub/c.polar", "sub/deep/er/d.polar"}},
		{name: "directories in the middle", args: []string{"sub/**/d.polar"}, want: []string{"sub/deep/er/d.polar"}},
		{name: "a class of characters", args: []string{"sub/[a-c].polar"}, want: []string{"sub/c.polar"}},
		{name: "a file whose name looks like a pattern", args: []string{"sub/[x].polar"}, want: []string{"sub/[x].polar"}},
		{name: "another extension", args: []string{"b.txt"}, wrong: true},
		{name: "nothing there", args: []string{"nowhere"}, wrong: true},
		{name: "a pattern without match", args: []string{"sub/*.txt"}, wrong: true},
		{name: "a pattern in no directory", args: []string{"nowhere/*.polar"}, wrong: true},
		{name: "a malformed pattern", args: []string{"[.polar"}, wrong: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Find(tt.args)
			if (err != nil) != tt.wrong {
				t.Fatalf("error %v", err)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}
