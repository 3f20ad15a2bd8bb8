package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/goso-project/goso/internal/diag"
)

// The JSON form. Lines and columns count from 1, columns in characters; offsets are bytes; ends are exclusive.
type (
	document struct {
		Version     int           `json:"version"`
		Files       []string      `json:"files"`
		Summary     summary       `json:"summary"`
		Diagnostics []jsonFinding `json:"diagnostics"`
	}
	summary struct {
		Errors   int `json:"errors"`
		Warnings int `json:"warnings"`
	}
	jsonFinding struct {
		Code     diag.Kind     `json:"code"`
		Severity Severity      `json:"severity"`
		Message  string        `json:"message"`
		File     string        `json:"file,omitempty"`
		Range    *jsonRange    `json:"range,omitempty"`
		Related  []jsonRelated `json:"related,omitempty"`
		Help     string        `json:"help,omitempty"`
	}
	jsonRelated struct {
		Message string     `json:"message"`
		File    string     `json:"file,omitempty"`
		Range   *jsonRange `json:"range,omitempty"`
	}
	jsonRange struct {
		Start jsonPosition `json:"start"`
		End   jsonPosition `json:"end"`
	}
	jsonPosition struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Offset int `json:"offset"`
	}
)

func (d Diagnostic) json() jsonFinding {
	f := jsonFinding{Code: d.Kind, Severity: d.Severity, Message: d.Message, File: fileOf(d.Span), Range: rangeOf(d.Span), Help: d.Help}
	for _, r := range d.Related {
		f.Related = append(f.Related, jsonRelated{r.Message, fileOf(r.Span), rangeOf(r.Span)})
	}
	return f
}

func rangeOf(s diag.Span) *jsonRange {
	if !s.IsValid() {
		return nil
	}
	start, end := s.Position(), s.EndPosition()
	return &jsonRange{jsonPosition{start.Line, start.Column, s.Start}, jsonPosition{end.Line, end.Column, s.End}}
}

// JSON writes a report as one object on one line.
func (r *Report) JSON(w io.Writer) error {
	doc := document{Version: 1, Files: r.Files, Summary: summary{r.Count(Error), r.Count(Warning)}, Diagnostics: []jsonFinding{}}
	if doc.Files == nil {
		doc.Files = []string{}
	}
	diagnostics, _ := r.listed()
	for _, d := range diagnostics {
		doc.Diagnostics = append(doc.Diagnostics, d.json())
	}
	return encoder(w).Encode(doc)
}

// JSONLines writes each diagnostic as one object on a line.
func (r *Report) JSONLines(w io.Writer) error {
	b := bufio.NewWriter(w)
	e := encoder(b)
	diagnostics, _ := r.listed()
	for _, d := range diagnostics {
		if err := e.Encode(d.json()); err != nil {
			return err
		}
	}
	return b.Flush()
}

func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// Escapes of GitHub's workflow commands: in messages, and in properties.
var (
	escapeMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitHub writes each diagnostic as a workflow command, which GitHub shows beside the line.
func (r *Report) GitHub(w io.Writer) error {
	b := bufio.NewWriter(w)
	diagnostics, _ := r.listed()
	for _, d := range diagnostics {
		var properties []string
		set := func(name, value string) { properties = append(properties, name+"="+escapeProperty.Replace(value)) }
		if d.Span.IsValid() {
			start, end := d.Span.Position(), d.Span.EndPosition()
			set("file", d.file())
			set("line", fmt.Sprint(start.Line))
			set("endLine", fmt.Sprint(end.Line))
			set("col", fmt.Sprint(start.Column))
			if start.Line == end.Line {
				set("endColumn", fmt.Sprint(max(end.Column, start.Column+1)))
			}
		}
		set("title", string(d.Kind))
		message := d.Message
		if d.Help != "" {
			message += "\n" + d.Help
		}
		fmt.Fprintf(b, "::%s %s::%s\n", d.Severity, strings.Join(properties, ","), escapeMessage.Replace(message))
	}
	return b.Flush()
}
