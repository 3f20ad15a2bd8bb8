package engine

import (
	"strings"

	"github.com/goso-project/goso/internal/check"
	"github.com/goso-project/goso/internal/wam"
)

// Registry is what a host registered: constants and classes. It is immutable once given to an engine; registering
// more means making a new one.
type Registry struct {
	// Constants by name, classes included (a class name used as a value).
	Constants map[string]wam.Value
	// Classes in order of registration, the built-in ones (Boolean, Integer, Float, String, List, Dictionary) among them.
	Classes []Class
	// Shapes are what instances point to (wam.Value.Shape). Entry 0 is unused: an instance of shape 0 has no known class.
	Shapes []Shape
	// LookupsRunCode says that looking up a field may run code of the application, which may take long and change other fields.
	LookupsRunCode bool
}

// Class is a registered class name with its ancestors.
type Class struct {
	Name string
	// Ancestors are the names of the classes this one derives from, nearest first, itself among them; registered names only.
	// Names of one type may share the slice.
	Ancestors []string
}

// Shape says to which classes an instance belongs. Ranks maps a class name to its distance: among two classes of the
// instance the one with the lower rank is more specific.
type Shape struct {
	Ranks map[string]int
}

// Class returns the class registered under a name, or nil.
func (r *Registry) Class(name string) *Class {
	for i := range r.Classes {
		if r.Classes[i].Name == name {
			return &r.Classes[i]
		}
	}
	return nil
}

// ancestors returns the ancestors of each class.
func (r *Registry) ancestors() map[string][]string {
	m := make(map[string][]string, len(r.Classes))
	for _, c := range r.Classes {
		m[c.Name] = c.Ancestors
	}
	return m
}

// knownNames are what the names of a registry mean to checks and to generated variables. They are immutable.
type knownNames struct {
	constants map[string]wam.Value
	ancestors map[string][]string // of each class
	reserved  map[string]bool     // names that a generated variable could have but must not; nil for none
}

// namesOf returns the names of a registry, which may be nil.
func namesOf(reg *Registry) *knownNames {
	if reg == nil {
		return &knownNames{}
	}
	k := &knownNames{constants: reg.Constants, ancestors: reg.ancestors()}
	for name := range reg.Constants {
		k.reserve(name)
	}
	for _, c := range reg.Classes {
		k.reserve(c.Name)
	}
	return k
}

func (k *knownNames) reserve(name string) {
	if !strings.HasPrefix(name, "_") {
		return
	}
	if k.reserved == nil {
		k.reserved = map[string]bool{}
	}
	k.reserved[name] = true
}

// world returns what checks must know of a registry.
func (k *knownNames) world() check.World {
	return check.World{
		Registered: func(name string) bool {
			if _, ok := k.constants[name]; ok {
				return true
			}
			_, ok := k.ancestors[name]
			return ok
		},
		Ancestors: func(name string) ([]string, bool) {
			list, ok := k.ancestors[name]
			return list, ok
		},
	}
}
