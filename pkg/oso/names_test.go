package oso_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/interfaces"
	"github.com/goso-project/goso/pkg/oso/types"
)

type (
	results_ = <-chan map[string]interface{}
	errors_  = <-chan error
	set_     = map[interface{}]struct{}
)

// ported lists the methods of an Oso that programs written for the reference library use. NewOso's value has them all.
type ported interface {
	SetReadAction(interface{})
	SetForbiddenError(func() error)
	SetNotFoundError(func() error)
	LoadFiles([]string) error
	LoadFile(string) error
	LoadString(string) error
	ClearRules() error
	RegisterClass(interface{}, interface{}) error
	RegisterClassWithName(interface{}, interface{}, string) error
	RegisterClassWithNameAndFields(interface{}, interface{}, string, map[string]interface{}) error
	RegisterConstant(interface{}, string) error
	QueryStr(string) (results_, errors_)
	QueryRule(string, ...interface{}) (results_, errors_)
	QueryRuleOnce(string, ...interface{}) (bool, error)
	NewQueryFromStr(string) (*oso.Query, error)
	NewQueryFromRule(string, ...interface{}) (*oso.Query, error)
	IsAllowed(_, _, _ interface{}) (bool, error)
	Authorize(_, _, _ interface{}) error
	AuthorizeRequest(_, _ interface{}) error
	AuthorizeField(_, _, _, _ interface{}) error
	AuthorizedActions(_, _ interface{}, _ bool) (set_, error)
	GetAllowedActions(_, _ interface{}, _ bool) (set_, error)
	AuthorizedFields(_, _, _ interface{}, _ bool) (set_, error)
	SetDataFilteringAdapter(types.Adapter)
	GetHost() *oso.Host
	Repl() error
}

// added lists what programs may use beyond that.
type added interface {
	LoadFS(fs.FS, ...string) error
	ReplaceFiles([]string) error
	ReplaceString(string) error
	QueryStrContext(context.Context, string) (results_, errors_)
	QueryRuleContext(context.Context, string, ...interface{}) (results_, errors_)
	QueryRuleOnceContext(context.Context, string, ...interface{}) (bool, error)
	NewQueryFromStrContext(context.Context, string) (*oso.Query, error)
	NewQueryFromRuleContext(context.Context, string, ...interface{}) (*oso.Query, error)
	IsAllowedContext(_ context.Context, _, _, _ interface{}) (bool, error)
	AuthorizeContext(_ context.Context, _, _, _ interface{}) error
	AuthorizeRequestContext(_ context.Context, _, _ interface{}) error
	AuthorizeFieldContext(_ context.Context, _, _, _, _ interface{}) error
	AuthorizedActionsContext(_ context.Context, _, _ interface{}, _ bool) (set_, error)
	AuthorizedFieldsContext(_ context.Context, _, _, _ interface{}, _ bool) (set_, error)
	NewSession(context.Context, string, ...interface{}) (*oso.Session, error)
	NewSessionFromStr(context.Context, string) (*oso.Session, error)
	IsAllowedBatch(context.Context, []oso.Check) []oso.CheckResult
	AuthorizeMany(context.Context, []oso.Check) []error
	Record(context.Context, string, ...interface{}) (bool, *oso.Recording, error)
}

type recording interface {
	json.Marshaler
	json.Unmarshaler
	fmt.Stringer
	Replay(context.Context) (bool, error)
	Outcome() (bool, string)
}

type session interface {
	Step() (oso.Step, error)
	Close()
}

type question interface {
	Answer(any)
	Missing()
	Fail(error)
	Pass()
}

type query interface {
	Next() (*map[string]interface{}, error)
	GetAllResults() ([]map[string]interface{}, error)
	Cleanup()
	SetAcceptExpression(bool)
	Bind(string, *types.Term) error
	All() iter.Seq2[map[string]any, error]
}

type host interface {
	GetRelationFields(types.FilterRelation) (string, string, error)
	GetAdapter() *types.Adapter
	GetFields() map[string]map[string]interface{}
	GetField(string, string) interface{}
	ToPolar(interface{}) (*types.Value, error)
	ToGo(types.Term) (interface{}, error)
	SetAcceptExpression(bool)
	SetDataFilteringAdapter(types.Adapter)
	BuildQuery(*types.Filter) (interface{}, error)
	ExecuteQuery(interface{}) ([]interface{}, error)
}

var (
	_ ported                = (*oso.Oso)(nil)
	_ added                 = (*oso.Oso)(nil)
	_ query                 = (*oso.Query)(nil)
	_ host                  = (*oso.Host)(nil)
	_ recording             = (*oso.Recording)(nil)
	_ session               = (*oso.Session)(nil)
	_ question              = (*oso.Question)(nil)
	_ oso.Resolver          = oso.ResolverFunc(nil)
	_ interfaces.Comparer   = bomb{}
	_ interfaces.Iterator   = chanIter{}
	_ oso.Polar             = oso.Polar{}
	_ func(oso.Option) bool = func(o oso.Option) bool { return o == nil }
)

// Every option is accepted, also together and as nil.
func TestOptions(t *testing.T) {
	o, err := oso.New(nil, oso.WithTimeout(0), oso.WithMaxSteps(1_000_000), oso.WithLimits(oso.Limits{}), oso.WithMessageHandler(nil),
		oso.WithMessageHandler(func(oso.Message) {}), oso.WithFS(nil), oso.WithPanicPropagation(), oso.WithUnderlyingEquality(),
		oso.WithErrorResults(), oso.WithoutAllowWarning(), oso.WithResolver(nil), oso.WithTimeout(time.Minute))
	must(t, err)
	must(t, o.LoadString("f(1);"))
	if got := results(t, o, "f(x)"); got != "x:1" {
		t.Errorf("got %q", got)
	}
}
