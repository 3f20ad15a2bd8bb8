package oso

import (
	"context"
	stderrors "errors"
	"fmt"
	"reflect"

	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Authorize returns nil if the rule allow admits the action. Else it returns *errors.NotFoundError when the actor may not even
// read the resource, *errors.ForbiddenError when it may; or what SetNotFoundError and SetForbiddenError make. An error of the
// query is returned as it is.
func (o Oso) Authorize(actor, action, resource interface{}) error {
	return o.AuthorizeContext(context.Background(), actor, action, resource)
}

// AuthorizeContext is Authorize for queries that end with ctx.
func (o Oso) AuthorizeContext(ctx context.Context, actor, action, resource interface{}) error {
	allowed, err := o.IsAllowedContext(ctx, actor, action, resource)
	if allowed || err != nil {
		return err
	}
	if host.Same(action, o.readAction) {
		return o.notFound()
	}
	readable, err := o.IsAllowedContext(ctx, actor, o.readAction, resource)
	switch {
	case err != nil:
		return err
	case readable:
		return o.forbidden()
	default:
		return o.notFound()
	}
}

func (o Oso) forbidden() error {
	if o.forbiddenError != nil {
		if err := o.forbiddenError(); err != nil {
			return err
		}
	}
	return &errors.ForbiddenError{}
}

func (o Oso) notFound() error {
	if o.notFoundError != nil {
		if err := o.notFoundError(); err != nil {
			return err
		}
	}
	return &errors.NotFoundError{}
}

// AuthorizeRequest returns nil if the rule allow_request admits the request, else *errors.ForbiddenError or what
// SetForbiddenError makes.
func (o Oso) AuthorizeRequest(actor, request interface{}) error {
	return o.AuthorizeRequestContext(context.Background(), actor, request)
}

// AuthorizeRequestContext is AuthorizeRequest for a query that ends with ctx.
func (o Oso) AuthorizeRequestContext(ctx context.Context, actor, request interface{}) error {
	return o.enforce(ctx, "allow_request", actor, request)
}

// AuthorizeField returns nil if the rule allow_field admits the action on the field, else *errors.ForbiddenError or what
// SetForbiddenError makes.
func (o Oso) AuthorizeField(actor, action, resource, field interface{}) error {
	return o.AuthorizeFieldContext(context.Background(), actor, action, resource, field)
}

// AuthorizeFieldContext is AuthorizeField for a query that ends with ctx.
func (o Oso) AuthorizeFieldContext(ctx context.Context, actor, action, resource, field interface{}) error {
	return o.enforce(ctx, "allow_field", actor, action, resource, field)
}

func (o Oso) enforce(ctx context.Context, rule string, args ...any) error {
	allowed, err := o.QueryRuleOnceContext(ctx, rule, args...)
	if allowed || err != nil {
		return err
	}
	return o.forbidden()
}

// AuthorizedActions returns the actions that the rule allow admits for an actor and a resource. A rule that admits any action
// gives "*" if allowWildcard is true, and is an error otherwise. An action that is only constrained is an
// *errors.UnexpectedExpressionError.
func (o Oso) AuthorizedActions(actor, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error) {
	return o.AuthorizedActionsContext(context.Background(), actor, resource, allowWildcard)
}

// AuthorizedActionsContext is AuthorizedActions for a query that ends with ctx.
func (o Oso) AuthorizedActionsContext(ctx context.Context, actor, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error) {
	return o.collect(ctx, "action", allowWildcard, "allow", actor, types.Variable("action"), resource)
}

// GetAllowedActions is AuthorizedActions.
//
// Deprecated: use AuthorizedActions.
func (o Oso) GetAllowedActions(actor, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error) {
	return o.AuthorizedActions(actor, resource, allowWildcard)
}

// AuthorizedFields returns the fields that the rule allow_field admits for an actor, an action and a resource; see
// AuthorizedActions.
func (o Oso) AuthorizedFields(actor, action, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error) {
	return o.AuthorizedFieldsContext(context.Background(), actor, action, resource, allowWildcard)
}

// AuthorizedFieldsContext is AuthorizedFields for a query that ends with ctx.
func (o Oso) AuthorizedFieldsContext(ctx context.Context, actor, action, resource interface{}, allowWildcard bool) (map[interface{}]struct{}, error) {
	return o.collect(ctx, "field", allowWildcard, "allow_field", actor, action, resource, types.Variable("field"))
}

// collect gathers the distinct values of a variable over all results of a rule.
func (o Oso) collect(ctx context.Context, variable string, allowWildcard bool, rule string, args ...any) (map[any]struct{}, error) {
	query, err := o.NewQueryFromRuleContext(ctx, rule, args...)
	if err != nil {
		return nil, err
	}
	query.SetAcceptExpression(false)
	values := map[any]struct{}{}
	for result, err := range query.All() {
		if err != nil {
			return nil, err
		}
		x := result[variable]
		if _, unbound := x.(types.Variable); unbound {
			if !allowWildcard {
				return nil, fmt.Errorf("the result of %s does not limit the %s: any would be allowed. Set allow_wildcard to accept that as \"*\"", rule, variable)
			}
			x = "*"
		}
		if x != nil && !reflect.ValueOf(x).Comparable() {
			return nil, stderrors.New("the " + variable + " " + host.Text(x) + " cannot be a key of the result")
		}
		values[x] = struct{}{}
	}
	return values, nil
}
