package host

import (
	"errors"
	"maps"
	"reflect"
	"sync"

	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Host gives adapters and tools access to what is registered. It is safe for concurrent use.
type Host struct {
	registry *Registry

	mu      sync.Mutex
	adapter types.Adapter
	accept  bool
}

// NewHost returns the Host of a registry.
func NewHost(r *Registry) *Host { return &Host{registry: r} }

var errNoHost = errors.New("this Host was not made by NewOso")

func (h *Host) classes() (*classes, error) {
	if h == nil || h.registry == nil {
		return nil, errNoHost
	}
	return h.registry.snapshot().classes, nil
}

func (h *Host) builder() (*builder, error) {
	c, err := h.classes()
	if err != nil {
		return nil, err
	}
	return &builder{converter: &converter{classes: c, instances: &h.registry.instances}}, nil
}

// ToPolar converts a Go value to a term in its wire form. The objects in it stay reachable as long as the Host.
func (h *Host) ToPolar(v interface{}) (*types.Value, error) {
	b, err := h.builder()
	if err != nil {
		return nil, err
	}
	value, err := b.value(v)
	if err != nil {
		return nil, err
	}
	term, err := b.term(value, 0)
	if err != nil {
		return nil, err
	}
	return &term.Value, nil
}

// ToGo converts a term in its wire form to a Go value. Expressions are an *errors.UnexpectedExpressionError unless
// SetAcceptExpression allowed them.
func (h *Host) ToGo(t types.Term) (interface{}, error) {
	v, err := FromTerm(h, t)
	if err != nil {
		return nil, err
	}
	b, err := h.builder()
	if err != nil {
		return nil, err
	}
	return (&goReader{conv: b.converter, accept: h.AcceptsExpressions()}).read(v)
}

// FromTerm converts a term in its wire form to what the engine takes.
func FromTerm(h *Host, t types.Term) (wam.Value, error) {
	b, err := h.builder()
	if err != nil {
		return wam.Value{}, err
	}
	return b.wire(t, 0)
}

// SetAcceptExpression sets whether ToGo, and results of queries made later, may hold expressions.
func (h *Host) SetAcceptExpression(accept bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.accept = accept
}

// AcceptsExpressions returns what SetAcceptExpression set.
func (h *Host) AcceptsExpressions() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.accept
}

// SetDataFilteringAdapter sets the adapter; nil removes it.
func (h *Host) SetDataFilteringAdapter(adapter types.Adapter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.adapter = adapter
}

// GetAdapter returns the adapter, which may be nil.
func (h *Host) GetAdapter() *types.Adapter {
	h.mu.Lock()
	defer h.mu.Unlock()
	adapter := h.adapter
	return &adapter
}

var errNoAdapter = errors.New("you must register an adapter before filtering data: see SetDataFilteringAdapter")

// BuildQuery has the adapter build a query from a filter.
func (h *Host) BuildQuery(filter *types.Filter) (interface{}, error) {
	adapter := *h.GetAdapter()
	if adapter == nil {
		return nil, errNoAdapter
	}
	return adapter.BuildQuery(filter)
}

// ExecuteQuery has the adapter run a query that it built.
func (h *Host) ExecuteQuery(query interface{}) ([]interface{}, error) {
	adapter := *h.GetAdapter()
	if adapter == nil {
		return nil, errNoAdapter
	}
	return adapter.ExecuteQuery(query)
}

// GetClass returns the Go type of a class. An unknown name is an *errors.UnregisteredClassError.
func (h *Host) GetClass(name string) (*reflect.Type, error) {
	c, err := h.classes()
	if err != nil {
		return nil, err
	}
	k := c.byName[name]
	if k == nil {
		return nil, osoerrors.NewUnregisteredClassError(name)
	}
	t := k.typ
	return &t, nil
}

// GetFields returns a copy of the declared fields of all classes, nil for a class that declares none.
func (h *Host) GetFields() map[string]map[string]interface{} {
	all := map[string]map[string]interface{}{}
	c, err := h.classes()
	if err != nil {
		return all
	}
	for _, k := range c.order {
		all[k.name] = maps.Clone(k.fields)
	}
	return all
}

// GetField returns what is declared for a field, or nil.
func (h *Host) GetField(class, field string) interface{} {
	c, err := h.classes()
	if err != nil {
		return nil
	}
	if k := c.byName[class]; k != nil {
		return k.fields[field]
	}
	return nil
}

// GetRelationFields returns the fields that a relation compares: that of the class it starts from, and that of the other
// class. A field that is no relation is an *errors.MissingAttributeError.
func (h *Host) GetRelationFields(rel types.FilterRelation) (myField, otherField string, err error) {
	if r, ok := h.GetField(rel.FromTypeName, rel.FromFieldName).(types.Relation); ok {
		return r.MyField, r.OtherField, nil
	}
	return "", "", osoerrors.NewMissingAttributeError(rel.FromTypeName, rel.FromFieldName)
}
