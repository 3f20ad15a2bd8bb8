package oso_test

import (
	"errors"
	"fmt"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

type Page struct {
	Title  string
	Public bool
	Owner  *Reader
}

type Reader struct{ Name string }

const pages = `
allow(_: Reader, "read", page: Page) if page.Public;
allow(reader: Reader, action, page: Page) if
  action in ["read", "write"] and
  page.Owner = reader;
`

// library returns an Oso with the policy of the examples.
func library() *oso.Oso {
	o, err := oso.NewOso()
	if err == nil {
		err = errors.Join(
			o.RegisterClass(Reader{}, nil),
			o.RegisterClass(Page{}, nil),
			o.LoadString(pages),
		)
	}
	if err != nil {
		fmt.Println(err)
	}
	return &o
}

func ExampleOso_IsAllowed() {
	o := library()
	ann, bob := &Reader{"ann"}, &Reader{"bob"}
	draft := &Page{Title: "draft", Owner: ann}
	fmt.Println(o.IsAllowed(ann, "write", draft))
	fmt.Println(o.IsAllowed(bob, "write", draft))
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleOso_Authorize() {
	o := library()
	bob := &Reader{"bob"}
	err := o.Authorize(bob, "write", &Page{Public: true})
	fmt.Println(errors.Is(err, osoerrors.ErrForbidden))
	err = o.Authorize(bob, "write", &Page{Public: false})
	fmt.Println(errors.Is(err, osoerrors.ErrNotFound))
	// Output:
	// true
	// true
}

func ExampleQuery_All() {
	o := library()
	ann := &Reader{"ann"}
	query, err := o.NewQueryFromRule("allow", ann, types.Variable("action"), &Page{Owner: ann, Public: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for result, err := range query.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(result["action"])
	}
	// Output:
	// read
	// read
	// write
}

func ExampleOso_RegisterConstant() {
	o := library()
	if err := o.RegisterConstant([]string{"ann", "eve"}, "Staff"); err != nil {
		fmt.Println(err)
		return
	}
	query, err := o.NewQueryFromStr("name in Staff")
	if err != nil {
		fmt.Println(err)
		return
	}
	results, err := query.GetAllResults()
	fmt.Println(results, err)
	// Output:
	// [map[name:ann] map[name:eve]] <nil>
}

func ExampleRegisterInterface() {
	o, err := oso.New(oso.WithoutAllowWarning())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = errors.Join(
		oso.RegisterInterface[fmt.Stringer](o, "Stringer"),
		o.LoadString("shown(x) if x matches Stringer;"),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.QueryRuleOnce("shown", title("x")))
	fmt.Println(o.QueryRuleOnce("shown", 1))
	// Output:
	// true <nil>
	// false <nil>
}

type title string

func (t title) String() string { return string(t) }

func Example_errors() {
	o, err := oso.New(oso.WithoutAllowWarning())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = o.LoadString("f(x) if\n  g(x);")
	if e, ok := errors.AsType[*osoerrors.FormattedPolarError](err); ok {
		_, line, column, _ := e.Position()
		fmt.Println(e.Code(), line, column)
	}
	// Output:
	// ValidationError::UndefinedRuleCall 2 3
}
