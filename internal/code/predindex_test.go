package code

import (
	"fmt"
	"testing"
)

// Predicates are found by name and number of parameters, also where a hash is that of another one.
func TestPredicatesAreFound(t *testing.T) {
	x := newPredIndex()
	var preds []*Pred
	for i := range 300 {
		p := &Pred{Name: fmt.Sprintf("rule_%d", i/3), Arity: i % 3}
		x.set(predKey{p.Name, p.Arity}, i)
		preds = append(preds, p)
	}
	check := func() {
		t.Helper()
		for i, p := range preds {
			if got := x.find(preds, p.Name, p.Arity); got != i {
				t.Errorf("%s/%d is %d, not %d", p.Name, p.Arity, got, i)
			}
		}
		for _, k := range []predKey{{"rule_1", 3}, {"rule", 1}, {"", 0}} {
			if got := x.find(preds, k.name, k.arity); got != -1 {
				t.Errorf("%v is %d", k, got)
			}
		}
	}
	check()
	for h := range x.quick {
		x.quick[h] = 0
	}
	x.quick[predKey{"rule", 1}.hash()] = 0
	check()
}
