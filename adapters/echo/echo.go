// Package osoecho authorizes requests of echo with an osohttp.Guard. A request that the policy does not clearly allow ends with an
// *echo.HTTPError of the status of osohttp.Status; its Internal is the error, which is not sent to the client. WithDenied of the
// Guard does not apply.
package osoecho

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/goso-project/goso/pkg/oso/osohttp"
)

// Request returns middleware that goes on with what the policy's allow_request admits. The actor is in the request's context then.
func Request(g *osohttp.Guard) echo.MiddlewareFunc {
	return middleware(func(c echo.Context) (*http.Request, error) { return g.CheckRequest(c.Request()) })
}

// Resource returns middleware that goes on with what the policy's allow admits for an action on the resource that load finds. The
// resource is in the request's context then.
func Resource(g *osohttp.Guard, action any, load func(echo.Context) (any, error)) echo.MiddlewareFunc {
	return middleware(func(c echo.Context) (*http.Request, error) {
		return g.CheckResource(c.Request(), action, func(*http.Request) (any, error) { return load(c) })
	})
}

func middleware(check func(echo.Context) (*http.Request, error)) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r, err := check(c)
			if err != nil {
				return echo.NewHTTPError(osohttp.Status(err)).SetInternal(err)
			}
			c.SetRequest(r)
			return next(c)
		}
	}
}
