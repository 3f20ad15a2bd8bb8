// Package oso lists the signatures of go-oso's documented API, but for data filtering. The tests give the functions bodies.
package oso

import (
	"github.com/osohq/go-oso/internal/host"
	"github.com/osohq/go-oso/types"
)

type Oso struct{}

func NewOso() (Oso, error)

func (o *Oso) GetHost() *host.Host
func (o *Oso) SetReadAction(readAction interface{})
func (o *Oso) SetForbiddenError(f func() error)
func (o *Oso) SetNotFoundError(f func() error)
func (o Oso) LoadFiles(files []string) error
func (o Oso) LoadFile(f string) error
func (o Oso) LoadString(s string) error
func (o Oso) ClearRules() error
func (o Oso) RegisterClass(cls, ctor interface{}) error
func (o Oso) RegisterClassWithName(cls, ctor interface{}, name string) error
func (o Oso) RegisterClassWithNameAndFields(cls, ctor interface{}, name string, fields map[string]interface{}) error
func (o Oso) RegisterConstant(value interface{}, name string) error
func (o Oso) QueryStr(q string) (<-chan map[string]interface{}, <-chan error)
func (o Oso) QueryRule(name string, args ...interface{}) (<-chan map[string]interface{}, <-chan error)
func (o Oso) QueryRuleOnce(name string, args ...interface{}) (bool, error)
func (o Oso) NewQueryFromStr(q string) (*Query, error)
func (o Oso) NewQueryFromRule(name string, args ...interface{}) (*Query, error)
func (o Oso) IsAllowed(actor, action, resource interface{}) (bool, error)
func (o Oso) Authorize(actor, action, resource interface{}) error
func (o Oso) AuthorizeRequest(actor, request interface{}) error
func (o Oso) AuthorizeField(actor, action, resource, field interface{}) error
func (o Oso) AuthorizedActions(actor, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error)
func (o Oso) GetAllowedActions(actor, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error)
func (o Oso) AuthorizedFields(actor, action, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error)
func (o Oso) SetDataFilteringAdapter(adapter types.Adapter)
func (o Oso) Repl() error

type Polar struct{}

type Query struct{}

func (q *Query) Next() (*map[string]interface{}, error)
func (q *Query) GetAllResults() ([]map[string]interface{}, error)
func (q *Query) Cleanup()
func (q *Query) SetAcceptExpression(accept bool)
func (q *Query) Bind(name string, value *types.Term) error
