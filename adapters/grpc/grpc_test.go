package osogrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	osogrpc "github.com/goso-project/goso/adapters/grpc"
	"github.com/goso-project/goso/pkg/oso"
)

// The service of these tests is gRPC's own health service: Check is unary, Watch a stream.
const policy = `
allow_request(user, call) if call.Method = "/grpc.health.v1.Health/Check" and user != "guest";
allow_request("eve", call) if call.Broken;
allow_request("ann", call) if call.Method = "/grpc.health.v1.Health/Watch" and watches(call.Message);
watches(nil);
watches(message) if message != nil and message.Service = "open";
allow("ann", "check", _service);
allow("bob", "check", "open");
allow("bob", "read", "closed");
`

func caller(ctx context.Context) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if names := md.Get("user"); len(names) == 1 {
		return names[0], nil
	}
	return nil, errors.New("no user")
}

func service(_ context.Context, call osogrpc.Call) (action, resource any, err error) {
	message, ok := call.Message.(*grpc_health_v1.HealthCheckRequest)
	switch {
	case !ok:
		return nil, nil, errors.New("another message")
	case message.Service == "missing":
		return nil, nil, fs.ErrNotExist
	}
	return "check", message.Service, nil
}

// client starts a server and returns a client of it, and what stops both.
func client(options ...osogrpc.Option) (grpc_health_v1.HealthClient, func(), error) {
	o, err := oso.New()
	if err != nil {
		return nil, nil, err
	}
	if err := o.LoadString(policy); err != nil {
		return nil, nil, err
	}
	interceptor := osogrpc.New(o, caller, options...)
	server := grpc.NewServer(grpc.UnaryInterceptor(interceptor.Unary), grpc.StreamInterceptor(interceptor.Stream))
	services := health.NewServer()
	for _, name := range []string{"open", "closed"} {
		services.SetServingStatus(name, grpc_health_v1.HealthCheckResponse_SERVING)
	}
	grpc_health_v1.RegisterHealthServer(server, services)
	listener := bufconn.Listen(1 << 16)
	go func() { _ = server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///test", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		server.Stop()
		return nil, nil, err
	}
	return grpc_health_v1.NewHealthClient(conn), func() { _ = conn.Close(); server.Stop() }, nil
}

func as(ctx context.Context, user string) context.Context {
	if user == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "user", user)
}

func TestOnlyAClearYesIsLetThrough(t *testing.T) {
	logged := make(chan error, 100)
	c, stop, err := client(osogrpc.WithResource(service), osogrpc.WithLog(func(_ context.Context, _ osogrpc.Call, err error) { logged <- err }))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	denials := 0
	for _, tt := range []struct {
		user, service string
		check, watch  codes.Code
	}{
		{"ann", "open", codes.OK, codes.OK},
		{"ann", "closed", codes.OK, codes.PermissionDenied},
		{"bob", "open", codes.OK, codes.PermissionDenied},
		{"bob", "closed", codes.PermissionDenied, codes.PermissionDenied},
		{"carl", "open", codes.NotFound, codes.PermissionDenied},
		{"ann", "missing", codes.NotFound, codes.PermissionDenied},
		{"guest", "open", codes.PermissionDenied, codes.PermissionDenied},
		{"", "open", codes.Unauthenticated, codes.Unauthenticated},
	} {
		ctx := as(t.Context(), tt.user)
		message := &grpc_health_v1.HealthCheckRequest{Service: tt.service}
		_, err := c.Check(ctx, message)
		if got := status.Code(err); got != tt.check {
			t.Errorf("%s checks %s: got %v", tt.user, tt.service, err)
		}
		stream, err := c.Watch(ctx, message)
		if err == nil {
			_, err = stream.Recv()
		}
		if got := status.Code(err); got != tt.watch {
			t.Errorf("%s watches %s: got %v", tt.user, tt.service, err)
		}
		for _, code := range []codes.Code{tt.check, tt.watch} {
			if code != codes.OK {
				denials++
			}
		}
	}
	if len(logged) != denials {
		t.Errorf("%d errors are logged, %d calls denied", len(logged), denials)
	}
}

func TestErrorsOfThePolicyDenyAndAreNotSent(t *testing.T) {
	c, stop, err := client()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	stream, err := c.Watch(as(t.Context(), "eve"), &grpc_health_v1.HealthCheckRequest{Service: "open"})
	if err == nil {
		_, err = stream.Recv()
	}
	if s := status.Convert(err); s.Code() != codes.Internal || s.Message() != "Internal" {
		t.Errorf("got %v", err)
	}
	for _, i := range []*osogrpc.Interceptor{osogrpc.New(nil, caller), osogrpc.New(&oso.Oso{}, nil)} {
		_, err := i.Unary(t.Context(), nil, &grpc.UnaryServerInfo{}, func(context.Context, any) (any, error) { return nil, errors.New("let through") })
		if got := status.Code(err); got != codes.Unauthenticated {
			t.Errorf("got %v", err)
		}
	}
}

func TestCodes(t *testing.T) {
	for err, want := range map[error]codes.Code{
		context.Canceled: codes.Canceled, context.DeadlineExceeded: codes.DeadlineExceeded, errors.New("x"): codes.Internal, nil: codes.Internal,
	} {
		if got := osogrpc.Code(err); got != want {
			t.Errorf("%v: got %v", err, got)
		}
	}
}

func Example() {
	c, stop, err := client()
	if err != nil {
		panic(err)
	}
	defer stop()
	for _, user := range []string{"ann", "guest"} {
		_, err := c.Check(as(context.Background(), user), &grpc_health_v1.HealthCheckRequest{Service: "open"})
		fmt.Println(user, status.Code(err))
	}
	// Output:
	// ann OK
	// guest PermissionDenied
}
