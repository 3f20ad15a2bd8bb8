package code

import (
	"fmt"
	"testing"
)

func TestNamesAreNumberedInOrder(t *testing.T) {
	var x nameIndex
	var names []string
	if n := x.find(names, "a"); n != -1 {
		t.Errorf("an empty index finds %d", n)
	}
	name := func(i int) string { return fmt.Sprint("name ", i%5000) }
	for i := range 20_000 {
		if n := x.add(&names, name(i)); n != i%5000 {
			t.Fatalf("%q has number %d, want %d", name(i), n, i%5000)
		}
		if i == 2000 { // what a copy adds is its own
			y, more := x.clone(), append([]string(nil), names...)
			if n := y.add(&more, "other"); n != len(names) || x.find(names, "other") != -1 {
				t.Errorf("the copy numbers %d", n)
			}
		}
	}
	for i := range 5000 {
		if n := x.find(names, name(i)); n != i || names[n] != name(i) {
			t.Fatalf("%q is found at %d", name(i), n)
		}
	}
	if n := x.find(names, ""); n != -1 || len(names) != 5000 {
		t.Errorf("the empty name is found at %d; %d names", n, len(names))
	}
}
