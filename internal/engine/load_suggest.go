package engine

// maxSuggestions bounds how many names of one load are looked up, since each look-up goes through all names.
const maxSuggestions = 20

// suggester finds names of rules that are alike.
type suggester struct {
	rules func() []string // their names, in order
	names []string
	asked int
}

// suggest returns a rule's name that differs from name by one or two letters, or "".
func (s *suggester) suggest(name string) string {
	if s.asked++; s.asked > maxSuggestions {
		return ""
	}
	if s.names == nil {
		s.names = s.rules()
	}
	limit := 2
	if len(name) < 5 {
		limit = 1
	}
	best, found := limit+1, ""
	for _, other := range s.names {
		if d := distance(name, other, best); d < best && other != name {
			best, found = d, other
		}
	}
	return found
}

// distance returns the number of characters to insert, drop or replace to make b out of a, or limit if that is less.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 64 || len(b) > 64 {
		return limit
	}
	var row [65]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return min(row[len(b)], limit)
}
