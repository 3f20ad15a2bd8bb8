// Package osogrpc authorizes gRPC calls by a policy. An Interceptor knows the Oso, who calls, and, if one is set, how to find the resource of a
// message. A call that the policy does not clearly allow ends with the code of Code; the error itself is not sent to the client, WithLog gets it.
package osogrpc

import (
	"context"
	"errors"
	"io/fs"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// Call is what rules for allow_request get: the method's full name, as in "/package.Service/Method", and the message. A policy reads
// its fields: call.Method, call.Message.Name. When a stream is opened, Message is nil.
type Call struct {
	Method  string
	Message any
}

// ErrUnauthenticated is in the chain of errors that come from looking up the actor.
var ErrUnauthenticated = errors.New("the caller is not known")

// Interceptor decides about calls. It is safe for concurrent use.
type Interceptor struct {
	oso   oso.Oso
	actor func(context.Context) (any, error)
	find  func(context.Context, Call) (action, resource any, err error)
	log   func(context.Context, Call, error)
}

// Option changes how New sets up an Interceptor.
type Option func(*Interceptor)

// WithResource sets what tells the action and the resource of a message. Then the rule allow must admit them too. An error denies the call; a nil
// action means that allow_request alone decides.
func WithResource(find func(ctx context.Context, call Call) (action, resource any, err error)) Option {
	return func(i *Interceptor) { i.find = find }
}

// WithLog sets what gets the error of each call that is denied.
func WithLog(log func(ctx context.Context, call Call, err error)) Option {
	return func(i *Interceptor) { i.log = log }
}

// New returns an Interceptor. Actor tells who calls; an error of it denies the call.
func New(o *oso.Oso, actor func(context.Context) (any, error), options ...Option) *Interceptor {
	i := &Interceptor{actor: actor}
	if o != nil {
		i.oso = *o
	}
	for _, set := range options {
		set(i)
	}
	return i
}

type key struct{ interceptor *Interceptor }

// Actor returns the actor of a call that was let through.
func (i *Interceptor) Actor(ctx context.Context) any { return ctx.Value(key{i}) }

// Unary is a grpc.UnaryServerInterceptor: the policy's allow_request must admit the call.
func (i *Interceptor) Unary(ctx context.Context, message any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, err := i.authenticate(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	if err := i.check(ctx, Call{info.FullMethod, message}); err != nil {
		return nil, err
	}
	return handler(ctx, message)
}

// Stream is a grpc.StreamServerInterceptor: the policy's allow_request must admit the opening of the stream, with a nil message, and
// then each message that the client sends.
func (i *Interceptor) Stream(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, err := i.authenticate(stream.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	if err := i.request(ctx, Call{Method: info.FullMethod}); err != nil {
		return i.denied(ctx, Call{Method: info.FullMethod}, err)
	}
	return handler(server, &checked{stream, ctx, i, info.FullMethod})
}

// checked is a stream whose messages are decided about before the handler sees them.
type checked struct {
	grpc.ServerStream
	ctx         context.Context
	interceptor *Interceptor
	method      string
}

// Context returns the stream's context with the actor.
func (c *checked) Context() context.Context { return c.ctx }

// RecvMsg receives a message that the policy admits, or fails.
func (c *checked) RecvMsg(message any) error {
	if err := c.ServerStream.RecvMsg(message); err != nil {
		return err
	}
	return c.interceptor.check(c.ctx, Call{c.method, message})
}

func (i *Interceptor) authenticate(ctx context.Context, method string) (context.Context, error) {
	err := ErrUnauthenticated
	if i.actor != nil {
		actor, e := i.actor(ctx)
		if e == nil {
			return context.WithValue(ctx, key{i}, actor), nil
		}
		err = errors.Join(ErrUnauthenticated, e)
	}
	return nil, i.denied(ctx, Call{Method: method}, err)
}

func (i *Interceptor) request(ctx context.Context, call Call) error {
	return i.oso.AuthorizeRequestContext(ctx, i.Actor(ctx), call)
}

func (i *Interceptor) check(ctx context.Context, call Call) error {
	err := i.request(ctx, call)
	if err == nil && i.find != nil {
		var action, resource any
		if action, resource, err = i.find(ctx, call); err == nil && action != nil {
			err = i.oso.AuthorizeContext(ctx, i.Actor(ctx), action, resource)
		}
	}
	if err != nil {
		return i.denied(ctx, call, err)
	}
	return nil
}

func (i *Interceptor) denied(ctx context.Context, call Call, err error) error {
	if i.log != nil {
		i.log(ctx, call, err)
	}
	code := Code(err)
	return status.Error(code, code.String())
}

// Code returns the code for an error that denies a call: Unauthenticated for ErrUnauthenticated, PermissionDenied for ErrForbidden of package errors,
// NotFound for ErrNotFound and fs.ErrNotExist, Canceled and DeadlineExceeded for those of a context, and Internal for everything else, nil too.
func Code(err error) codes.Code {
	for _, c := range []struct {
		is   error
		code codes.Code
	}{
		{ErrUnauthenticated, codes.Unauthenticated},
		{osoerrors.ErrForbidden, codes.PermissionDenied},
		{osoerrors.ErrNotFound, codes.NotFound},
		{fs.ErrNotExist, codes.NotFound},
		{context.Canceled, codes.Canceled},
		{context.DeadlineExceeded, codes.DeadlineExceeded},
	} {
		if errors.Is(err, c.is) {
			return c.code
		}
	}
	return codes.Internal
}
