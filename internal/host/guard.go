package host

import (
	"fmt"
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

// applicationError makes an error of the application one that the engine reports at the place of the call. Its text is made by
// code of the application too: that of a nil pointer in an error often panics.
func applicationError(cause error) error {
	e := &engine.ApplicationError{Cause: cause}
	if guard(func() { e.Message = cause.Error() }) != nil {
		e.Message = fmt.Sprintf("an error of type %T, which cannot tell its text", cause)
	}
	return e
}
