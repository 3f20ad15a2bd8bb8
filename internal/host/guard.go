package host

import (
	"runtime/debug"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// guard runs code of the application. A panic becomes an application error that wraps *errors.HostPanicError. Nothing
// else in the library recovers. runtime.Goexit cannot be stopped: the goroutine ends, its deferred calls run.
func guard(run func()) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil {
			err = applicationError(&errors.HostPanicError{Value: value, Stack: debug.Stack()})
		}
	}()
	run()
	returned = true
	return nil
}

// applicationError makes an error of the application one that the engine reports at the place of the call.
func applicationError(cause error) error {
	return &engine.ApplicationError{Message: cause.Error(), Cause: cause}
}
