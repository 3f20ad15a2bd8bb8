package oso_test

import (
	"errors"
	"fmt"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

func ExampleOso_EnableRoles() {
	o, err := oso.NewOso()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := o.EnableRoles(); err != nil {
		fmt.Println(err)
		return
	}
	const assigned = `
		allow(actor, action, resource) if role_allows(actor, action, resource);
		actor_has_role_for_resource("ann", "editor", "handbook");
		actor_has_role_for_resource("bob", "reader", "handbook");`

	err = o.LoadString(assigned + `resource(_: String, "book", ["read", "read"], {});`)
	if invalid, ok := errors.AsType[*osoerrors.RolesValidationError](err); ok {
		fmt.Println(invalid.Code()+":", invalid)
	}

	err = o.LoadString(assigned + `
		resource(_: String, "book", ["read", "write"], {
		  reader: {permissions: ["read"]},
		  editor: {permissions: ["write"], implies: ["reader"]}
		});`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"ann", "bob"} {
		may, err := o.IsAllowed(name, "write", "handbook")
		fmt.Println(name, may, err)
	}
	// Output:
	// RolesValidation: Duplicate action read for String.
	// ann true <nil>
	// bob false <nil>
}
