package oso_test

import "testing"

// Of two values without an order, neither is less than the other nor not less. A negated comparison says so, too, when the value comes later.
func TestNegatedComparisonsOfValuesWithoutOrder(t *testing.T) {
	o := newOso(t, `
first(x, y) if z = y and not (x < z);
later(x, y) if w = [z] and touch(z) and not (x < z) and z = y and w = [_];
touch(_);
noneFirst(x, y) if not first(x, y);
noneLater(x, y) if not later(x, y);
`)
	for _, tt := range []struct {
		x, y any
		want bool
	}{{never{}, never{}, true}, {never{}, version{1}, true}, {version{1}, version{2}, false}, {version{2}, version{2}, true}, {version{2}, version{1}, true}} {
		for rule, want := range map[string]bool{"first": tt.want, "later": tt.want, "noneFirst": !tt.want, "noneLater": !tt.want} {
			if got, err := o.QueryRuleOnce(rule, tt.x, tt.y); err != nil || got != want {
				t.Errorf("%s(%T%[2]v, %T%[3]v): got %v, %v, want %v", rule, tt.x, tt.y, got, err, want)
			}
		}
	}
}
