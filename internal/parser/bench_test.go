package parser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
)

// BenchmarkPolicy parses policies of ordinary rules.
func BenchmarkPolicy(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "allow(user: User{id: %d}, \"read\", repo: Repo) if user.name = repo.owner.name and not repo.private == true; # %d\n", i, i)
		}
		src := diag.NewSource("", text.String())
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(src.Text)))
			for b.Loop() {
				if file, err := Policy(src); err != nil || len(file.Items) != n {
					b.Fatal(err)
				}
			}
		})
	}
}
