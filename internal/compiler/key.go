package compiler

import (
	"math"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/code"
)

// patternKey is equal for specializers of equal structure: variable names count, numbers compare by value.
func patternKey(p *code.Program, pt *code.Pattern) string {
	k := keyWriter{p: p}
	k.pattern(pt)
	return k.b.String()
}

// keyWriter writes what specializers of equal structure have in common.
type keyWriter struct {
	p *code.Program
	b strings.Builder
}

func (k *keyWriter) pattern(pt *code.Pattern) {
	k.b.WriteString(strconv.Itoa(int(pt.Kind)))
	k.b.WriteString(pt.Tag)
	switch pt.Kind {
	case code.PTerm, code.PVar:
		k.template(pt.Term)
	case code.PList:
		k.b.WriteByte('[')
		for _, x := range pt.Items {
			k.pattern(x)
			k.b.WriteByte(',')
		}
		if pt.Rest != nil {
			k.template(pt.Rest)
		}
		k.b.WriteByte(']')
	default:
		k.b.WriteByte('{')
		for _, f := range pt.Fields {
			k.b.WriteString(strconv.Quote(f.Key))
			k.pattern(f.Pattern)
			k.b.WriteByte(',')
		}
		k.b.WriteByte('}')
	}
}

func (k *keyWriter) template(t *code.Template) {
	switch t.Kind {
	case code.TConst:
		if t.Label != "" { // a registered constant equals no literal
			k.b.WriteString("=" + t.Label)
			return
		}
		k.cell(t.Cell)
	case code.TVar:
		k.b.WriteString("v" + t.Label)
	case code.TList:
		k.b.WriteByte('[')
		for _, x := range t.Items {
			k.template(x)
			k.b.WriteByte(',')
		}
		if t.Rest != nil {
			k.b.WriteByte('*')
			k.template(t.Rest)
		}
		k.b.WriteByte(']')
	case code.TDict:
		k.b.WriteByte('{')
		for i, x := range t.Items {
			k.cell(t.Keys[i])
			k.template(x)
			k.b.WriteByte(',')
		}
		k.b.WriteByte('}')
	}
}

// cell writes a constant. An integer and the float of the same value are written alike.
func (k *keyWriter) cell(c code.Cell) {
	switch c.Tag() {
	case code.INT:
		k.b.WriteString(strconv.FormatInt(c.Int(), 10))
	case code.BIG:
		k.b.WriteString(strconv.FormatInt(int64(k.pool(c.Index())), 10))
	case code.FLT:
		k.b.WriteString(floatKey(code.BitsFloat(k.pool(c.Index()))))
	case code.CLIST:
		k.b.WriteByte('[')
		for i := c.Index(); k.p.Pool[i] != code.ListEnd; i++ {
			k.cell(k.p.Pool[i])
			k.b.WriteByte(',')
		}
		k.b.WriteByte(']')
	case code.DICT:
		at := c.Index() &^ code.PoolBit
		n := int(k.p.Pool[at])
		k.b.WriteByte('{')
		for i := range n {
			k.cell(k.p.Pool[at+1+i])
			k.b.WriteByte(':')
			k.cell(k.p.Pool[at+1+n+i])
			k.b.WriteByte(',')
		}
		k.b.WriteByte('}')
	default:
		k.b.WriteByte('#')
		k.b.WriteString(strconv.FormatUint(uint64(c), 16))
	}
}

func (k *keyWriter) pool(i int) code.Cell { return k.p.Pool[i&^code.PoolBit] }

func floatKey(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
