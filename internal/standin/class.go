package standin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// Class declares a class by its name and those it derives from.
type Class struct {
	Name  string
	Bases []string
}

// ParseClass reads "Name" or "Name:Base1,Base2".
func ParseClass(text string) (Class, error) {
	name, bases := text, ""
	// The colon that matters stands alone: names may contain "::".
	for i := 0; i < len(text); i++ {
		if text[i] != ':' {
			continue
		}
		if strings.HasPrefix(text[i:], "::") {
			i++
			continue
		}
		name, bases = text[:i], text[i+1:]
		break
	}
	c := Class{Name: strings.TrimSpace(name)}
	for base := range strings.SplitSeq(bases, ",") {
		if base = strings.TrimSpace(base); base != "" {
			c.Bases = append(c.Bases, base)
		}
	}
	for _, n := range append([]string{c.Name}, c.Bases...) {
		if !isClassName(n) {
			return Class{}, fmt.Errorf("%q is not the name of a class; write Name or Name:Base1,Base2", n)
		}
	}
	return c, nil
}

func isClassName(s string) bool {
	return s != "" && !strings.ContainsAny(s, " \t\n\r()[]{}*+-/=<>!|.;\"'`#?,@$&%^~\\") && !strings.HasPrefix(s, ":") && !strings.HasSuffix(s, ":") &&
		(s[0] < '0' || s[0] > '9')
}

// builtins are the classes every host has.
var builtins = []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"}

// registry builds what an engine must know of the classes. Bases that are not declared are added as classes of their own.
func registry(classes []Class) (*engine.Registry, map[string]int, error) {
	all := slices.Clone(classes)
	known := map[string]bool{}
	for _, name := range builtins {
		known[name] = true
	}
	for _, c := range classes {
		if c.Name == "Actor" || c.Name == "Resource" {
			return nil, nil, fmt.Errorf("%s is reserved for the classes declared in blocks; choose another name", c.Name)
		}
		if known[c.Name] {
			return nil, nil, fmt.Errorf("class %s is declared twice", c.Name)
		}
		known[c.Name] = true
	}
	for _, c := range classes {
		for _, base := range c.Bases {
			if !known[base] {
				known[base] = true
				all = append(all, Class{Name: base})
			}
		}
	}
	orders := linearizer{classes: map[string]*Class{}, done: map[string][]string{}}
	for i := range all {
		orders.classes[all[i].Name] = &all[i]
	}

	reg := &engine.Registry{Constants: map[string]wam.Value{"nil": wam.InstanceValue(Nil{}, 0)}, Shapes: make([]engine.Shape, 1)}
	shapes := map[string]int{}
	add := func(name string, ancestors []string) {
		reg.Classes = append(reg.Classes, engine.Class{Name: name, Ancestors: ancestors})
		instance, constant := map[string]int{}, map[string]int{}
		for rank, ancestor := range ancestors {
			instance[ancestor] = rank
			constant[ancestor] = 0 // a class as a value belongs to its ancestors, none of them nearer than another
		}
		shapes[name] = len(reg.Shapes)
		reg.Shapes = append(reg.Shapes, engine.Shape{Ranks: instance}, engine.Shape{Ranks: constant})
		reg.Constants[name] = wam.InstanceValue(ClassValue{name}, shapes[name]+1)
	}
	for _, name := range builtins {
		add(name, []string{name})
	}
	for i := range all {
		ancestors, err := orders.of(all[i].Name, nil)
		if err != nil {
			return nil, nil, err
		}
		add(all[i].Name, ancestors)
	}
	return reg, shapes, nil
}

// linearizer finds the order of ancestors of each class: the class, then its bases depth first, each once.
type linearizer struct {
	classes map[string]*Class
	done    map[string][]string
}

// of returns the order of a class; below are the classes on the way to it.
func (l *linearizer) of(name string, below []string) ([]string, error) {
	if order := l.done[name]; order != nil {
		return order, nil
	}
	if slices.Contains(below, name) {
		return nil, fmt.Errorf("class %s derives from itself", name)
	}
	order := []string{name}
	if c := l.classes[name]; c != nil { // a built-in class has no bases
		for _, base := range c.Bases {
			more, err := l.of(base, append(below, name))
			if err != nil {
				return nil, err
			}
			for _, n := range more {
				if !slices.Contains(order, n) {
					order = append(order, n)
				}
			}
		}
	}
	l.done[name] = order
	return order, nil
}
