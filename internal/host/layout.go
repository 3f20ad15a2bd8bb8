package host

import (
	"reflect"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/wam"
)

// Planner lets the machine read fields and elements where they lie in memory.
func (s *Session) Planner() wam.Planner { return s.conv.classes }

// Sequence makes a list of elements that the machine has reached by plan.
func (s *Session) Sequence(elem *wam.Plan, items access.Slice) wam.Sequence {
	list := s.memory.list()
	list.conv, list.elem, list.items = &s.conv, elem.Host.(*plan), items
	return list
}

// PlanField returns the way to a field of a pointer's target.
func (c *classes) PlanField(object any, shape int, name string) (wam.FieldPlan, bool) {
	if object == nil {
		return wam.FieldPlan{}, false
	}
	p := c.planOfObject(object, shape)
	if _, ok := p.access.Target(object); !ok {
		return wam.FieldPlan{}, false
	}
	if p.reads[name] != nil {
		return wam.FieldPlan{Owner: p.access, Value: leftToHost}, true
	}
	f := p.fields[name]
	if f == nil || !f.direct {
		return wam.FieldPlan{}, false
	}
	return wam.FieldPlan{Owner: p.access, Way: f.way, Value: c.layout(f.get(c))}, true
}

// leftToHost is the plan of fields that code of the application reads.
var leftToHost = &wam.Plan{Kind: wam.PlanNone}

// layout returns how values of a type lie in memory, as far as fromPlace makes terms of them that need no more than a look.
func (c *classes) layout(p *plan) *wam.Plan {
	if l := p.layout.Load(); l != nil {
		return l
	}
	l := &wam.Plan{Number: p.kind, Host: p}
	switch p.cat {
	case catBool:
		l.Kind = wam.PlanBool
	case catInt:
		l.Kind = wam.PlanInt
	case catUint:
		l.Kind = wam.PlanUint
	case catFloat:
		l.Kind = wam.PlanFloat
	case catString:
		l.Kind = wam.PlanString
	case catPointer:
		if target := p.elem.get(c); target.cat == catInstance {
			l.Kind, l.Target, l.Shape, l.Nil = wam.PlanPointer, target.access, target.shape, shapeNil
		}
	case catInstance:
		if p.standsIn() {
			l.Kind, l.Target, l.Shape = wam.PlanInstance, p.access, p.borrowed
		}
	case catList:
		if p.kind == reflect.Slice && p.err == nil && !p.needsScan {
			l.Kind, l.Items, l.Elem = wam.PlanList, p.items, c.layout(p.elem.get(c))
		}
	}
	p.layout.Store(l) // whoever made it at the same time made an equal one
	return l
}
