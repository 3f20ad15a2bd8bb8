package host

import (
	"math"
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

func TestFieldsLookedUpBeforeAreReadAtOnce(t *testing.T) {
	s := testSession(t, Config{})
	u := newUser()
	v, err := s.Value(u)
	if err != nil {
		t.Fatal(err)
	}
	var got wam.Value
	if s.ReadField(u, v.Shape(), "Name", &got) {
		t.Error("a field nobody looked up is known")
	}
	lookup(t, s, u, "Name")
	if !s.ReadField(u, v.Shape(), "Name", &got) || show(got) != `"ann"` {
		t.Errorf("got %s", show(got))
	}
	for name, object := range map[string]any{"a value": *u, "nil": nil, "another type": &grant{}} {
		if s.ReadField(object, v.Shape(), "Name", &got) {
			t.Errorf("%s: read as the field of a pointer to a user", name)
		}
	}
	if s.ReadField(u, shapeUnknown, "Name", &got) {
		t.Error("an unknown shape has fields")
	}
	lookup(t, s, u, "Huge")
	u.Huge = math.MaxUint64
	if s.ReadField(u, v.Shape(), "Huge", &got) {
		t.Error("a value that cannot be converted was read")
	}
}
