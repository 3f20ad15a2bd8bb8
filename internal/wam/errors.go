package wam

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// place returns where an instruction comes from.
func (m *Machine) place(pc int) code.SpanEntry {
	prog := m.prog
	if pc >= code.QueryBase {
		prog = m.query
	}
	if prog == nil || pc < code.PCStart {
		return code.SpanEntry{}
	}
	s, _ := prog.Place(pc)
	return s
}

// source returns the text of the condition an instruction belongs to, for messages.
func (m *Machine) source(pc int) string {
	if s := m.place(pc).Span.Text(); s != "" {
		return s
	}
	return "a generated condition"
}

func (m *Machine) unsupported(pc int, format string, args ...any) error {
	return diag.New(diag.Unsupported, m.place(pc).Span, "Not supported: %s (%s)", m.source(pc), fmt.Sprintf(format, args...))
}

func (m *Machine) typeError(pc int, format string, args ...any) error {
	e := diag.New(diag.TypeError, m.place(pc).Span, "Type error: "+format, args...)
	e.Trace = m.Backtrace(pc)
	return e
}

func (m *Machine) tooDeep(format string, args ...any) status {
	return m.throw(m.deepError(format, args...))
}

func (m *Machine) deepError(format string, args ...any) error {
	return diag.New(diag.StackOverflow, diag.Span{}, "the query goes deeper or needs more memory than allowed: "+format, args...)
}

// describe names a value in a message, shortly; host objects are not asked.
func (m *Machine) describe(c Cell) string {
	c = m.deref(c)
	switch c.Tag() {
	case code.INT, code.BIG:
		i, _ := m.integer(c)
		return strconv.FormatInt(i, 10)
	case code.FLT:
		return strconv.FormatFloat(m.float(c), 'g', -1, 64)
	case code.ATOM, code.STR:
		s := m.text(c)
		if r := []rune(s); len(r) > 40 {
			s = string(r[:40]) + "…"
		}
		return strconv.Quote(s)
	case code.BOOL:
		return strconv.FormatBool(c == code.True)
	case code.NIL, code.LST, code.CLIST, code.SLICE:
		return "a list"
	case code.DICT:
		return "a dictionary"
	case code.HOST:
		return "a host object"
	}
	return "an unbound variable"
}

// maxTrace bounds the lines of a trace.
const maxTrace = 100

// Backtrace describes the conditions under evaluation, outermost first, ending with the one at pc. Conditions whose
// environment a last call has replaced are missing; one line of dots stands for each gap.
func (m *Machine) Backtrace(pc int) string {
	places := []code.SpanEntry{m.place(pc)}
	rule := places[0].Rule
	e, cp := m.e, m.cp
	// The environment belongs to the rule of pc if that rule has one; its continuation is where the rule was called from.
	for len(places) < maxTrace {
		if e >= 0 && m.ownsFrame(pc) {
			cp = int(m.st[e+envCP])
			e = int(m.st[e+envCE]) - 1
		}
		if cp < code.PCStart {
			break
		}
		pc = cp - 1
		s := m.place(pc)
		in := m.instr(pc)
		if in.Op == code.OpCall && pc < code.QueryBase+(1<<29) && int(in.Imm) < len(m.prog.Preds) && m.prog.Preds[in.Imm].Name != rule {
			places = append(places, code.SpanEntry{PC: -1})
		}
		places = append(places, s)
		rule = s.Rule
	}
	var b strings.Builder
	b.WriteString("trace (most recent evaluation last):\n")
	for i := len(places) - 1; i >= 0; i-- {
		s := places[i]
		if s.PC < 0 {
			b.WriteString("  …\n")
			continue
		}
		fmt.Fprintf(&b, "  %03d: %s\n", i, strings.ReplaceAll(s.Span.Text(), "\n", " "))
		if s.Span.IsValid() {
			where := "query"
			if s.Rule != "" {
				where = "rule " + s.Rule
			}
			pos := s.Span.Position()
			fmt.Fprintf(&b, "    in %s at line %d, column %d", where, pos.Line, pos.Column)
			if s.Span.Source.Name != "" {
				b.WriteString(" of file " + s.Span.Source.Name)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// ownsFrame reports whether the clause of an address has pushed the current environment: it allocates one before that
// address, and has not dropped it. Only a return or last call follows where one is dropped.
func (m *Machine) ownsFrame(pc int) bool {
	switch {
	case pc >= code.QueryBase:
		return true
	case pc >= code.FactBase: // a fact, or a condition of a parameter: the head comes before the environment
		return false
	case pc <= code.PCStart || m.code[pc-1].Op == code.OpDealloc:
		return false
	}
	for start := m.clauseStart(pc); pc >= start; pc-- {
		if m.code[pc].Op == code.OpAllocate {
			return true
		}
	}
	return false
}

// clauseStart returns the address of the clause that an address belongs to.
func (m *Machine) clauseStart(pc int) int {
	start := code.PCStart
	for _, pr := range m.prog.Preds {
		for _, cl := range pr.Clauses {
			if cl.Head() <= pc {
				start = max(start, cl.Head())
			}
		}
	}
	return start
}
