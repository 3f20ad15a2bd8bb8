package engine

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// brokenSources remembers what the lines of a policy that could not be parsed seem to define, so that checks of the rest
// do not complain about its absence. A nil one holds nothing.
type brokenSources struct {
	rules, types map[string]bool
	inBlock      bool
	permissions  bool // has_permission is mentioned
}

// add takes in a source with parse errors and what could be read of it.
func (b *brokenSources) add(src *diag.Source, file *ast.File, errors []*diag.Error) {
	if b.rules == nil {
		b.rules, b.types = map[string]bool{}, map[string]bool{}
	}
	for _, item := range file.Items {
		block, ok := item.(*ast.Block)
		for _, e := range errors {
			if ok && block.At.Start <= e.Span.Start && e.Span.Start < block.At.End {
				b.inBlock = true
			}
		}
	}
	b.scan(src)
}

// scan notes the names of all heads in a source: a name before "(" that begins a line or follows the end of one.
func (b *brokenSources) scan(src *diag.Source) {
	sc := lexer.NewScanner(src)
	var previous, name lexer.Token
	begins := false // whether name can be that of a head
	for {
		tok, err := sc.Next()
		if tok.Kind == lexer.EOF && err == nil {
			return
		}
		if tok.Kind == lexer.Ident && src.Text[tok.Start:tok.End] == "has_permission" {
			b.permissions = true
		}
		if tok.Kind == lexer.LParen && name.Kind == lexer.Ident && begins {
			b.rules[src.Text[name.Start:name.End]] = true
			if previous.Kind == lexer.Type {
				b.types[src.Text[name.Start:name.End]] = true
			}
		}
		previous, name = name, tok
		switch previous.Kind {
		case lexer.Semicolon, lexer.RBrace, lexer.Type:
			begins = true
		default:
			begins = beginsLine(src.Text, tok.Start)
		}
	}
}

// beginsLine reports whether only blanks stand between an offset and the start of its line.
func beginsLine(text string, offset int) bool {
	for offset > 0 && (text[offset-1] == ' ' || text[offset-1] == '\t') {
		offset--
	}
	return offset == 0 || text[offset-1] == '\n' || text[offset-1] == '\r'
}

// callsHasPermission reports whether a broken source may call has_permission.
func (b *brokenSources) callsHasPermission() bool { return b != nil && b.permissions }

// hasRule reports whether a broken source seems to define a rule.
func (b *brokenSources) hasRule(name string) bool { return b != nil && b.rules[name] }

// hasType reports whether a broken source seems to hold a rule type.
func (b *brokenSources) hasType(name string) bool { return b != nil && b.types[name] }

// blocks reports whether a block has a parse error.
func (b *brokenSources) blocks() bool { return b != nil && b.inBlock }
