package oso

import (
	"context"
	"reflect"
	"time"

	"github.com/goso-project/goso/internal/host"
)

// Check is one decision of many: may the actor do the action to the resource?
type Check struct {
	Actor, Action, Resource any
}

// CheckResult is the answer to a Check. When Err is not nil, Allowed is false.
type CheckResult struct {
	Allowed bool
	Err     error
}

// batchWindow is how many checks of a batch are under way at once. Each keeps a machine, some twenty kilobytes, while it waits.
const batchWindow = 1024

// IsAllowedBatch answers many checks like IsAllowedContext, each on its own: an error of one, such as a panic of a method, does
// not touch the others. What WithResolver says to ask for is gathered from all the checks that wait and asked in one call, alike
// questions once; without a Resolver the checks run one after the other. The policy is the one in force when a check begins.
func (o Oso) IsAllowedBatch(ctx context.Context, checks []Check) []CheckResult {
	results := make([]CheckResult, len(checks))
	c, err := o.ready()
	if err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	if c.resolver == nil {
		for i, k := range checks {
			results[i].Allowed, results[i].Err = c.once(ctx, "allow", k.Actor, k.Action, k.Resource)
		}
		return results
	}
	began := time.Now()
	b := batch{oso: o, ctx: orBackground(ctx), results: results}
	defer b.close() // a Resolver may end the goroutine
	for i, k := range checks {
		b.start(i, k)
		if len(b.waiting) == batchWindow {
			b.round()
		}
	}
	for len(b.waiting) > 0 {
		b.round()
	}
	if len(c.decided) > 0 {
		took := time.Since(began)
		for i, r := range results {
			k := checks[i]
			c.tell(b.ctx, Outcome{Rule: "allow", Args: []any{k.Actor, k.Action, k.Resource}, Allowed: r.Allowed, Err: r.Err, Took: took})
		}
	}
	for _, r := range results {
		c.repanic(r.Err)
	}
	return results
}

// AuthorizeMany answers many checks like AuthorizeContext: an error for each, nil where the action is allowed. Look-ups are
// gathered as in IsAllowedBatch; what is denied takes a second batch, with the read action.
func (o Oso) AuthorizeMany(ctx context.Context, checks []Check) []error {
	errs := make([]error, len(checks))
	var unclear []int
	var reads []Check
	for i, r := range o.IsAllowedBatch(ctx, checks) {
		switch k := checks[i]; {
		case r.Err != nil:
			errs[i] = r.Err
		case r.Allowed:
		case host.Same(k.Action, o.readAction):
			errs[i] = o.notFound()
		default:
			unclear = append(unclear, i)
			reads = append(reads, Check{Actor: k.Actor, Action: o.readAction, Resource: k.Resource})
		}
	}
	for n, r := range o.IsAllowedBatch(ctx, reads) {
		switch i := unclear[n]; {
		case r.Err != nil:
			errs[i] = r.Err
		case r.Allowed:
			errs[i] = o.forbidden()
		default:
			errs[i] = o.notFound()
		}
	}
	return errs
}

// batch runs checks side by side on one goroutine.
type batch struct {
	oso     Oso
	ctx     context.Context
	results []CheckResult
	waiting []member // which wait for an answer
	going   []member // which have one and are yet to go on
}

// close releases what has not come to its end.
func (b *batch) close() {
	for _, m := range b.waiting {
		m.session.Close()
	}
	for _, m := range b.going {
		m.session.Close()
	}
}

// member is a check that waits for an answer.
type member struct {
	session  *Session
	question *Question
	index    int
}

// start runs a check up to its first question.
func (b *batch) start(i int, k Check) {
	q, err := b.oso.NewQueryFromRuleContext(b.ctx, "allow", k.Actor, k.Action, k.Resource)
	s, err := newSession(q, b.oso.core.resolved, err)
	if err != nil {
		b.results[i].Err = err
		return
	}
	q.SetAcceptExpression(false)
	b.advance(s, i)
}

// advance runs a check up to its next question or its end.
func (b *batch) advance(s *Session, i int) {
	step, err := s.step()
	if err == nil && step.Question != nil {
		b.waiting = append(b.waiting, member{session: s, question: step.Question, index: i})
		return
	}
	b.results[i] = CheckResult{Allowed: err == nil && step.Result != nil, Err: err}
	s.Close()
}

// round has all open questions answered and goes on with the checks that asked them.
func (b *batch) round() {
	questions := make([]*Question, 0, len(b.waiting))
	first := make(map[sameQuestion]*Question)
	like := make(map[*Question]*Question)
	for _, m := range b.waiting {
		key, ok := keyOf(m.question)
		if leader := first[key]; ok && leader != nil {
			like[m.question] = leader
			continue
		}
		if ok {
			first[key] = m.question
		}
		questions = append(questions, m.question)
	}
	// The call may take what is left to the first of those who wait.
	ctx := b.waiting[0].session.host.session.Bounded(b.ctx)
	resolve(ctx, b.oso.core.resolver, questions)
	b.going, b.waiting = b.waiting, make([]member, 0, len(b.waiting))
	for len(b.going) > 0 {
		m := b.going[0]
		b.going = b.going[1:]
		if leader := like[m.question]; leader != nil {
			m.question.answer = leader.answer
		}
		b.advance(m.session, m.index)
	}
}

// sameQuestion is equal for questions that are alike.
type sameQuestion struct {
	kind     QuestionKind
	receiver any
	name     string
}

// keyOf returns a question's key. Only those without arguments, about a value that can be compared, have one.
func keyOf(q *Question) (sameQuestion, bool) {
	plain := q.Kind == AskAttribute || q.Kind == AskMethod && len(q.Args) == 0 && len(q.Kwargs) == 0
	if !plain || q.Receiver == nil {
		return sameQuestion{}, false
	}
	if v := reflect.ValueOf(q.Receiver); v.Kind() != reflect.Pointer && !v.Comparable() {
		return sameQuestion{}, false
	}
	return sameQuestion{q.Kind, q.Receiver, q.Name}, true
}
