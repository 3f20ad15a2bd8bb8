// Package osogin authorizes requests of gin with an osohttp.Guard. A request that the policy does not clearly allow is aborted with the status of
// osohttp.Status; the error goes to the context's Errors, where gin's logger finds it, and not to the client. WithDenied of
// the Guard does not apply.
package osogin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/goso-project/goso/pkg/oso/osohttp"
)

// Request returns a handler that goes on with what the policy's allow_request admits. The actor is in the request's context then.
func Request(g *osohttp.Guard) gin.HandlerFunc {
	return func(c *gin.Context) { goOn(c)(g.CheckRequest(c.Request)) }
}

// Resource returns a handler that goes on with what the policy's allow admits for an action on the resource that load finds. The
// resource is in the request's context then.
func Resource(g *osohttp.Guard, action any, load func(*gin.Context) (any, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		goOn(c)(g.CheckResource(c.Request, action, func(*http.Request) (any, error) { return load(c) }))
	}
}

func goOn(c *gin.Context) func(*http.Request, error) {
	return func(r *http.Request, err error) {
		if err != nil {
			_ = c.AbortWithError(osohttp.Status(err), err)
			return
		}
		c.Request = r
		c.Next()
	}
}
