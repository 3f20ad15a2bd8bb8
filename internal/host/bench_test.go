package host

import (
	"context"
	"reflect"
	"testing"
)

func BenchmarkStringArguments(b *testing.B) {
	r := NewRegistry(Config{}, nil)
	args := []any{"alice", "read", "doc:1"}
	b.ReportAllocs()
	for b.Loop() {
		s := r.Acquire()
		for _, arg := range args {
			if _, err := s.Value(arg); err != nil {
				b.Fatal(err)
			}
		}
		r.Release(s)
	}
}

func BenchmarkObjectArguments(b *testing.B) {
	r := NewRegistry(Config{}, nil)
	if _, err := r.RegisterClass(reflect.TypeFor[user](), nil, "User", nil); err != nil {
		b.Fatal(err)
	}
	u := newUser()
	b.ReportAllocs()
	for b.Loop() {
		s := r.Acquire()
		if _, err := s.Value(u); err != nil {
			b.Fatal(err)
		}
		r.Release(s)
	}
}

func BenchmarkFields(b *testing.B) {
	s := testSession(b, Config{})
	v, err := s.Value(newUser())
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"Name", "ID", "Manager", "Best", "Roles"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			ctx := context.Background()
			for b.Loop() {
				if _, err := s.Lookup(ctx, v, name); err != nil {
					b.Fatal(err)
				}
				s.memory.lists.used = 0
			}
		})
	}
}

func BenchmarkElements(b *testing.B) {
	s := testSession(b, Config{})
	seq, _ := sequenceOf(lookup(b, s, newUser(), "Roles"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := seq.At(1); err != nil {
			b.Fatal(err)
		}
	}
}
