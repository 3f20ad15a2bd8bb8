package host

import (
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

type distinctPlain struct{ ID int }

type distinctOwn struct{ ID int }

func (a distinctOwn) Equal(distinctOwn) bool { return true }

func TestDistinctLeavesToTheApplicationWhatItDecides(t *testing.T) {
	one, two := &distinctPlain{1}, &distinctPlain{2}
	for _, tc := range []struct {
		shows  string
		config Config
		a, b   any
		want   bool
	}{
		{"other contents", Config{}, one, two, true},
		{"another object with the same contents", Config{}, one, &distinctPlain{1}, false},
		{"the same object", Config{}, one, one, false},
		{"an equality of the type", Config{}, &distinctOwn{1}, &distinctOwn{2}, false},
		{"other types", Config{}, one, &distinctOwn{1}, false},
		{"nil", Config{}, nil, one, false},
		{"equality of underlying values", Config{UnderlyingEquality: true}, one, two, false},
	} {
		s := NewRegistry(tc.config, nil).Acquire()
		if got := s.Distinct(wam.InstanceValue(tc.a, 0), wam.InstanceValue(tc.b, 0)); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.shows, got, tc.want)
		}
	}
}
