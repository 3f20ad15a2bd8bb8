//go:build !goso_reflect && !race

package oso_test

import (
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

// Ticket is asked about in three ways: plain fields, methods found by reflection, and accessors.
type Ticket struct {
	Number  int
	Title   string
	Open    bool
	Owner   *Reader
	Labels  []string
	Readers []Reader
}

func (c *Ticket) Numbered() int              { return c.Number }
func (c *Ticket) Titled() string             { return c.Title }
func (c *Ticket) IsOpen() bool               { return c.Open }
func (c *Ticket) OwnedBy() *Reader           { return c.Owner }
func (c *Ticket) Called(title string) bool   { return c.Title == title }
func (c *Ticket) Owns(r *Reader, n int) bool { return c.Owner == r && n == c.Number }

// tickets answers the same four questions about a ticket in three ways.
func tickets(t testing.TB) *oso.Oso {
	t.Helper()
	o := newOso(t, `
		fields(c: Ticket, r: Reader) if c.Number = 7 and c.Title = "leak" and c.Open and c.Owner = r;
		methods(c: Ticket, r: Reader) if c.Numbered() = 7 and c.Titled() = "leak" and c.IsOpen() and c.OwnedBy() = r;
		accessors(c: Ticket, r: Reader) if c.number = 7 and c.title = "leak" and c.open and c.owner = r;
		typed_methods(c: Ticket, r: Reader) if c.numbered() = 7 and c.called("leak") and c.owns(r, 7) and c.open() = true;
		lists(c: Ticket, r: Reader) if "urgent" in c.labels and x in c.readers and x.Name = r.Name;
		pattern(c: Ticket{title: "leak", open: true}, r: Reader) if r = c.owner;`)
	must(t, o.RegisterClass(Ticket{}, nil))
	must(t, o.RegisterClass(Reader{}, nil))
	must(t, o.RegisterAccessors(
		oso.Field("number", func(c *Ticket) int { return c.Number }),
		oso.Field("title", func(c *Ticket) string { return c.Title }),
		oso.Field("open", func(c *Ticket) bool { return c.Open }),
		oso.Field("owner", func(c *Ticket) *Reader { return c.Owner }),
		oso.Field("labels", func(c *Ticket) []string { return c.Labels }),
		oso.Field("readers", func(c *Ticket) []Reader { return c.Readers }),
		oso.Method0("numbered", (*Ticket).Numbered),
		oso.Method0("open", (*Ticket).IsOpen),
		oso.Method1("called", (*Ticket).Called),
		oso.Method2("owns", (*Ticket).Owns),
	))
	return o
}

// leak is a ticket for which all of them hold.
func leak() (*Ticket, *Reader) {
	ann := &Reader{Name: "ann"}
	return &Ticket{Number: 7, Title: "leak", Open: true, Owner: ann, Labels: []string{"later", "urgent"}, Readers: []Reader{{Name: "bob"}, *ann}}, ann
}

func TestAccessorsAllocateNothing(t *testing.T) {
	o := tickets(t)
	c, ann := leak()
	for _, rule := range []string{"fields", "accessors", "typed_methods", "lists", "pattern"} {
		t.Run(rule, func(t *testing.T) {
			n := testing.AllocsPerRun(200, func() {
				if ok, err := o.QueryRuleOnce(rule, c, ann); !ok || err != nil {
					t.Fatal(ok, err)
				}
			})
			if n != 0 {
				t.Errorf("%v allocations a query", n)
			}
		})
	}
}

func BenchmarkMembers(b *testing.B) {
	o := tickets(b)
	c, ann := leak()
	for _, rule := range []string{"fields", "accessors", "typed_methods", "methods"} {
		b.Run(rule, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ok, err := o.QueryRuleOnce(rule, c, ann); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
