package report

import (
	"errors"
	"fmt"
	"io"

	"github.com/goso-project/goso/internal/diag"
)

// Failure writes why something asked for did not work, for people: an error with a kind as a report would, with the trace
// of the query if there is one; any other error as a line.
func Failure(w io.Writer, err error, style Style) error {
	var e *diag.Error
	if !errors.As(err, &e) {
		_, err := fmt.Fprintf(w, "%s: %s\n", style.paint(red, "error"), indent(err.Error()))
		return err
	}
	severity := Error
	if e.Kind.IsWarning() {
		severity = Warning
	}
	place := style
	place.NoSummary = true
	if !e.Span.IsValid() {
		color := red
		if severity == Warning {
			color = yellow
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", style.paint(color, fmt.Sprintf("%s[%s]", severity, e.Kind)), indent(e.Message)); err != nil {
			return err
		}
		if e.Help != "" {
			fmt.Fprintf(w, "  help: %s\n", indent(e.Help))
		}
	} else if err := New(nil, []Diagnostic{{e, severity}}).Human(w, place); err != nil {
		return err
	}
	if e.Trace != "" {
		_, err := fmt.Fprintf(w, "  %s\n", indent(e.Trace))
		return err
	}
	return nil
}
