package wam

import (
	"context"
	"math"
	"time"
	"unicode/utf8"
	"weak"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// Cell is one word of a term.
type Cell = code.Cell

// Machine runs one query at a time. It is for one goroutine; Reset prepares it for the next query.
type Machine struct {
	snap  *Snapshot
	prog  *code.Program
	query *code.Program // the query's own code, nil for a rule query
	code  []code.Instr
	qcode []code.Instr

	// Registers.
	p     int // next instruction
	cp    int // continuation
	e     int // environment, -1 for none
	b0    int // number of choice points when the current rule was called
	hb    int // heap top at the newest choice point: older variables must be trailed
	eb    int // end of the environments that the newest choice point protects
	depth int // logical call depth
	wk    int // wake continuation: what runs when a woken constraint is done
	att   int // newest entry of the chain of constrained variables, 0 for none
	x     []Cell

	// Areas. None holds a Go pointer but the side tables.
	h    []Cell
	st   []Cell
	tr   []Cell
	ch   []choice
	as   []Cell  // saved argument registers of choice points
	cs   []int32 // candidate lists of choice points
	nots []notFrame

	// Side tables of the query.
	strs   []string
	hosts  []any
	shapes []int32
	seqs   []hostList
	// How far the tables have reached; backtracking shortens them.
	maxStrs, maxHosts, maxSeqs int

	iters []Iteration

	// What an instruction was doing when it stopped.
	work  []item
	wakes []wake
	pend  pending
	ev    Event
	err   error
	next  status // what Run begins with
	steps int    // work done since the last instruction

	keys []Cell  // what the rows of a table must equal, 0 for anything
	row  *madeUp // a row as a clause

	selections []selection // what calls selected, for the snapshot selFor
	selFor     weak.Pointer[Snapshot]
	callKeys   [selectionKeys]Cell // of the call that is being made

	allBound bool // the arguments that the last call tested are bound, or as good as bound

	later   int // the class that the next dot has to test, plus one, 0 for none
	laterPC int // the class test that was put off

	guard guardState // what guards have read
	sends bool       // the query itself calls methods or constructors

	paths     paths
	questions []question // what a class test still has to ask
	pendClass int        // the class it adds then
	pendPC    int        // the instruction it belongs to

	// Names of query variables.
	vars []queryVar
	late bool // some have come up behind a choice point, in answers of the host

	limits    *Limits
	maxDepth  int // limits.Depth, or no bound
	nextCheck int // number of calls at which budgets are looked at
	ctx       context.Context
	start     time.Time
	ticks     uint
	calls     int
	nodes     int   // nodes copied for the current result
	unnamed   bool  // variables without a name of their own are copied without one
	scratch   []int // variables of the constraint that is looked at

	trace   Tracer
	watched bool   // by a tracer that wants to see every condition
	tries   int    // see TraceEvent
	marks   []mark // of the choice points, while there is a tracer
	without Features
	mixed   bool // a list of the host may hold objects
	plain   bool // no tracer, and short ways are allowed
	merges  bool // fields are compared where they lie
	closed  bool // calls go straight to what renamings lead to
	hops    bool // clauses that go to another object by a field read that at once
	fields  FieldReader
	field   Value   // what the reader has just read
	argv    []Value // arguments of the event

	failed   failures
	runs     int     // how often Run was called
	probes   probes  // of the scan under way
	planner  Planner // of the reader; nil when fields are not read by plan
	slots    *[fieldSlots]fieldSlot
	hopped   *[hopSlots]hopSlot
	slotsOf  Planner // what slots hold for
	slotsFor weak.Pointer[Snapshot]
	unknown  unknown    // of the call that is being made
	tickets  uint64     // selections made
	picked   *selection // what led to the hop that comes next; nil if that is not known
}

// queryVar is a variable of the query or of its arguments.
type queryVar struct {
	Name string
	Cell Cell
}

// hidden reports whether results leave the variable out.
func (v queryVar) hidden() bool { return v.Name == "" || v.Name[0] == '_' }

// Limits bound a query; the engine has filled in defaults. A bound below zero is none.
type Limits struct {
	Depth   int
	Heap    int // cells
	Stack   int // words of each stack
	Steps   int // calls
	Timeout time.Duration
}

// unlimited holds until Configure.
var unlimited = Limits{Depth: -1, Heap: -1, Stack: -1}

// Settings are how a machine runs. Queries may share them: they do not change while one runs.
type Settings struct {
	Limits  Limits
	Trace   Tracer   // nil for none
	Without Features // optimisations left out
}

// status is how an operation ended.
type status uint8

const (
	ok   status = iota
	fail        // backtrack
	stop        // leave Run: an event or an error
)

// Release forgets the query: no object of the host stays reachable. The areas of a machine that grew large are dropped: to clear
// them would take long.
func (m *Machine) Release() {
	for _, it := range m.iters {
		if it != nil {
			it.Close()
		}
	}
	if m.large() {
		*m = Machine{limits: &unlimited}
		return
	}
	m.mark()
	clear(m.iters)
	clear(m.hosts[:m.maxHosts])
	clear(m.strs[:m.maxStrs])
	clear(m.seqs[:m.maxSeqs])
	m.maxStrs, m.maxHosts, m.maxSeqs = 0, 0, 0
	clear(m.vars)
	for i := 1; i < len(m.ch); i++ {
		m.ch[i].cand = nil
	}
	m.iters = m.iters[:0]
	m.hosts = m.hosts[:0]
	m.shapes = m.shapes[:0]
	m.strs = m.strs[:0]
	m.seqs = m.seqs[:0]
	m.vars = m.vars[:0]
	m.work = clearItems(m.work)
	m.questions, m.row = nil, nil
	m.releaseGuards()
	if m.argv != nil {
		m.argv = forget(m.argv)
	}
	m.plainEvent(0)
	m.pend.kind, m.pend.it.pat = pdNone, nil
	m.fields, m.planner = nil, nil
	m.failed.end()
	m.probes.release()
	if m.field.Kind != 0 {
		m.field = Value{}
	}
	if !m.start.IsZero() {
		m.start = time.Time{}
	}
	m.limits = &unlimited
	m.err, m.ctx, m.trace, m.snap, m.prog, m.query, m.code, m.qcode = nil, nil, nil, nil, nil, nil, nil, nil
}

// forget empties arguments; many of them, which are rare, are left to the collector.
func forget(args []Value) []Value {
	args = args[:cap(args)]
	if len(args) > 64 {
		return nil
	}
	clear(args)
	return args[:0]
}

func clearItems(w []item) []item {
	clear(w[:cap(w)])
	return w[:0]
}

// keepCells bounds the areas of a machine that is worth keeping, in words: 1 Mi cells are 8 MB. What holds pointers has to be
// cleared, and is kept if it is smaller.
const (
	keepCells    = 1 << 20
	keepPointers = keepCells / 8
)

// large reports whether the machine's areas have grown past what a pool should keep.
func (m *Machine) large() bool {
	return cap(m.h) > keepCells || cap(m.st) > keepCells || cap(m.tr) > keepCells || cap(m.as) > keepCells || cap(m.cs) > keepCells ||
		cap(m.ch)*choiceWords > keepPointers || cap(m.work)*itemWords > keepPointers || cap(m.hosts)*2 > keepPointers || cap(m.strs)*2 > keepPointers || cap(m.seqs)*2 > keepPointers
}

// Reset prepares the machine for a query on a snapshot.
func (m *Machine) Reset(s *Snapshot) {
	m.snap, m.prog, m.code = s, s.Prog, s.Prog.Instrs
	m.query, m.qcode, m.sends, m.picked = nil, nil, false, nil
	m.h = append(m.h[:0], 0) // address 0 means "none"
	m.rewind()
	m.limits, m.trace = &unlimited, nil // until Configure
	m.e, m.b0, m.depth, m.wk, m.att = -1, 0, 0, 0, 0
	m.late, m.mixed, m.later = false, false, 0
	m.calls, m.ticks, m.err, m.next = 0, 0, nil, ok
	m.tries = 0
	m.growX(s.Prog.MaxX)
	if m.selFor != s.self {
		for i := range m.selections {
			m.selections[i].pred = 0
		}
		m.selFor = s.self
	}
	m.hb, m.eb = 1, 0
}

// rewind empties the stacks. Each is a statement of its own: so only lengths are written.
func (m *Machine) rewind() {
	m.tr = m.tr[:0]
	m.as = m.as[:0]
	m.cs = m.cs[:0]
	m.nots = m.nots[:0]
	m.wakes = m.wakes[:0]
	m.marks = m.marks[:0]
	if cap(m.ch) == 0 {
		m.ch = append(m.ch, choice{kind: chAlt, p: code.PCHalt, e: -1, h: 1})
	}
	m.ch = m.ch[:1] // the lowest ends the query; nothing changes it
}

func (m *Machine) growX(n int) {
	if len(m.x) < n+8 {
		m.x = append(m.x, make([]Cell, n+8-len(m.x))...)
	}
}

// StartQuery prepares a compiled query: an environment with a fresh variable for each of its variables.
func (m *Machine) StartQuery(q *code.Program) {
	m.query, m.qcode, m.sends = q, q.Instrs, sends(q)
	m.growX(q.MaxX)
	m.strs = append(m.strs[:0], q.Strings...)
	slots := int(q.Instrs[0].Imm)
	m.cp = code.PCSolution
	m.allocate(slots)
	for i, name := range q.Vars {
		v := m.newVar()
		m.st[m.e+envHeader+i] = v
		m.addVar(name, v)
	}
	m.p = code.QueryBase + 1
}

// SetVar gives variable i of a query that StartQuery has just prepared a value.
func (m *Machine) SetVar(i int, v Value) error {
	c, err := m.cellOf(v)
	if err != nil {
		return err
	}
	m.bind(m.st[m.e+envHeader+i].Index(), c)
	return nil
}

// StartRule makes a call of a predicate whose arguments have been put into registers by SetArg. To find the clauses of it may take long:
// the context ends that as it ends a Run.
func (m *Machine) StartRule(ctx context.Context, pred int) {
	m.cp = code.PCSolution
	m.p = code.PCHalt
	if pred < 0 {
		m.next = fail
		return
	}
	m.ctx = ctx
	m.next = m.call(pred)
}

// SetArg puts a value into an argument register.
func (m *Machine) SetArg(i int, v Value) error {
	c, err := m.cellOf(v)
	if err != nil {
		return err
	}
	m.growX(i + 1)
	if c.Tag() == code.REF {
		m.touch(c)
	}
	m.x[i] = c
	return nil
}

// ArgOf returns what SetArg put into an argument register.
func (m *Machine) ArgOf(i int) (Value, error) { return m.Value(m.x[i]) }

// SetText puts a string into an argument register. It reports false, and does nothing, if the text is not valid UTF-8: a
// policy has no such strings.
func (m *Machine) SetText(i int, s string) bool {
	m.growX(i + 1)
	if a := m.prog.Atom(s); a >= 0 {
		m.x[i] = code.Make(code.ATOM, a)
		return true
	}
	if !utf8.ValidString(s) {
		return false
	}
	m.strs = append(m.strs, s)
	m.x[i] = code.Make(code.STR, len(m.strs)-1)
	return true
}

// SetInstance puts a host object of a known shape into an argument register.
func (m *Machine) SetInstance(i int, object any, shape int) {
	m.growX(i + 1)
	m.hosts = append(m.hosts, object)
	m.shapes = append(m.shapes, int32(shape))
	m.x[i] = code.Make(code.HOST, len(m.hosts)-1)
}

// addVar names a variable.
func (m *Machine) addVar(name string, c Cell) { m.vars = append(m.vars, queryVar{name, c}) }

// NamedVar returns the variable of a name, a new one if the query has none.
func (m *Machine) NamedVar(name string) Cell {
	for _, v := range m.vars {
		if v.Name == name {
			return v.Cell
		}
	}
	c := m.newVar()
	m.addVar(name, c)
	m.late = m.late || len(m.ch) > 1
	return c
}

// dropLate forgets the variables that a host has named since the choice point that the machine goes back to.
func (m *Machine) dropLate() {
	for n := len(m.vars); n > 0 && m.vars[n-1].Cell.Index() >= len(m.h); n-- {
		m.vars = m.vars[:n-1]
	}
}

// Bind unifies a query variable with a value before the query runs.
func (m *Machine) Bind(name string, v Value) error {
	c, err := m.cellOf(v)
	if err != nil {
		return err
	}
	x := m.NamedVar(name)
	if m.unbound(m.deref(x)) {
		m.bind(m.deref(x).Index(), c)
	}
	return nil
}

// Run executes until the next event, which Event describes; false means an error, which Err returns. After an event
// that asks something, one of the Resume methods must be called first; after a result Run looks for the next.
func (m *Machine) Run(ctx context.Context) bool {
	m.ctx = ctx
	if m.look() != ok {
		return false
	}
	m.runs++
	s := m.next
	m.next = ok
	for s == fail {
		s = m.backtrack()
	}
	if s == ok {
		m.loop()
	}
	if m.trace != nil && m.err == nil {
		m.tellEvent()
	}
	return m.err == nil
}

// Err returns the error that ended the query.
func (m *Machine) Err() error { return m.err }

// Calls returns the number of rule calls so far.
func (m *Machine) Calls() int { return m.calls }

// throw ends the query with an error.
func (m *Machine) throw(err error) status {
	m.err = err
	return stop
}

// tick counts work that no call counts, and looks at the clock now and then. No choice point is added or moved by it.
func (m *Machine) tick() status {
	if m.ticks++; m.ticks&0x3ff == 0 {
		return m.checkWork()
	}
	return ok
}

// spend counts work of n steps at once.
func (m *Machine) spend(n int) status {
	before := m.ticks
	if m.ticks += uint(n); m.ticks>>10 != before>>10 {
		return m.checkWork()
	}
	return ok
}

func (m *Machine) checkWork() status {
	if s := m.check(); s != ok {
		return s
	}
	return m.makeWorkRoom()
}

// interrupted looks at the budgets in a loop over much that is no call, at every lookEvery-th step i. If it is true, the query has
// ended: what the loop makes must be dropped.
func (m *Machine) interrupted(i int) bool { return i&(lookEvery-1) == lookEvery-1 && m.check() != ok }

// lookEvery steps of a loop, at some ten nanoseconds each, take less than a tenth of a millisecond.
const lookEvery = 4096

// failing is the status of a search that found nothing: perhaps because it was interrupted.
func (m *Machine) failing() status {
	if m.err != nil {
		return stop
	}
	return fail
}

// check tests the budgets that are not tested elsewhere.
func (m *Machine) check() status {
	if len(m.h)+2*(len(m.strs)+len(m.hosts)+len(m.seqs)+len(m.iters)) > m.limits.Heap && m.limits.Heap >= 0 {
		return m.throw(diag.New(diag.StackOverflow, diag.Span{}, "the query needs more memory than its limit of %d heap cells", m.limits.Heap))
	}
	if m.limits.Stack >= 0 && (len(m.tr) > m.limits.Stack || m.envTop() > m.limits.Stack || len(m.ch)*choiceWords > m.limits.Stack || len(m.as) > m.limits.Stack || len(m.cs) > m.limits.Stack) {
		return m.throw(diag.New(diag.StackOverflow, diag.Span{}, "the query needs more memory than its limit of %d words of stack", m.limits.Stack))
	}
	if s := m.look(); s != ok {
		return s
	}
	if m.limits.Timeout > 0 {
		// The clock starts at the first look at it: most queries end before, and reading it costs as much as they do.
		if m.start.IsZero() {
			m.start = time.Now()
		} else if d := time.Since(m.start); d > m.limits.Timeout {
			return m.throw(diag.New(diag.QueryTimeout, diag.Span{}, "Query timeout: the query ran for %d ms; its limit is %d ms, which POLAR_TIMEOUT_MS can change",
				d.Milliseconds(), m.limits.Timeout.Milliseconds()))
		}
	}
	return ok
}

// Configure sets how the query runs, and the reader of fields, which may be nil, before it does.
func (m *Machine) Configure(s *Settings, fields FieldReader) {
	m.limits, m.trace, m.fields, m.without = &s.Limits, s.Trace, fields, s.Without
	m.plain = s.Trace == nil && s.Without&(Shortcuts|CompiledHeads|Indexes) == 0
	m.bound()
	if s.Without&InlineFields != 0 {
		m.fields = nil
	}
	if m.fields != nil {
		m.usePlanner(m.fields.Planner())
	}
	m.merges = m.planner != nil && s.Trace == nil && s.Without&Merges == 0
	m.hops = m.planner != nil && s.Trace == nil && s.Without&(Hops|CompiledHeads) == 0
	m.watched = false
	if s.Trace != nil {
		if _, counts := s.Trace.(Counter); !counts {
			m.watched = true
			m.without |= Guards | FieldIndexes
		}
	}
	m.closed = !m.watched && s.Limits.Steps <= 0 && m.without&(Closures|Guards|Scans) == 0
}

// bound prepares the budgets that every call is held to.
func (m *Machine) bound() {
	m.maxDepth = m.limits.Depth
	if m.maxDepth < 0 {
		m.maxDepth = math.MaxInt
	}
	m.scheduleCheck()
}

// Features are optimisations that can be left out one by one: answers are the same without them, which tests hold.
type Features uint16

// The optimisations.
const (
	CompiledHeads Features = 1 << iota // run heads once, as compiled, where the two phases of a call cannot be told apart
	Indexes                            // find clauses by hashing a literal, or by the kind of an argument
	Selections                         // remember what calls selected
	InlineFields                       // read plain fields without stopping
	Scans                              // skip elements of host lists that the conditions behind an "in" will refuse
	Shortcuts                          // go straight to the only clause that can match; leave class tests to the look-up that gives the value
	Guards                             // leave out clauses whose first conditions fail
	FieldIndexes                       // find clauses by hashing a field
	Columns                            // look through tables of facts by column
	Failures                           // remember which calls failed
	Merges                             // compare fields where they lie
	Closures                           // go straight to what clauses lead to that only rename a literal
	Decisions                          // answer queries for facts without running them
	Hops                               // go straight to the object that a rule between finds in a field
)

// FieldReader reads plain fields of host objects within the machine, so that it need not stop for them. ReadField must neither
// block nor run code of the application; where it reports false, the machine stops and asks.
type FieldReader interface {
	ReadField(object any, shape int, name string, into *Value) bool
	// Planner gives plans by which the machine reads fields itself; nil if it must not.
	Planner() Planner
	// Sequence makes a list of elements that have a plan.
	Sequence(elem *Plan, items access.Slice) Sequence
}

// Check tests the budgets, for the engine to call beside callbacks that may take long; the first call starts the clock.
// A budget that is used up ends the query: Check returns the error.
func (m *Machine) Check() error {
	if m.check() != ok {
		return m.err
	}
	return nil
}

// Place returns the span of an instruction.
func (m *Machine) Place(pc int) diag.Span { return m.place(pc).Span }
