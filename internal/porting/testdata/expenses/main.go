// Command expenses decides who may see, change and approve expenses: by attributes, by fields and by amounts.
package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/osohq/go-oso"
	osoerrors "github.com/osohq/go-oso/errors"
	"github.com/osohq/go-oso/interfaces"
)

// Money is an amount in cents of a currency. Amounts of different currencies are neither equal nor ordered.
type Money struct {
	Currency string
	Cents    int64
}

// NewMoney is the constructor that the policy uses.
func NewMoney(currency string, units float64) Money {
	return Money{Currency: currency, Cents: int64(units*100 + 0.5)}
}

// Equal implements interfaces.Comparer.
func (m Money) Equal(other interface{}) bool {
	o, ok := other.(Money)
	return ok && o == m
}

// Lt implements interfaces.Comparer.
func (m Money) Lt(other interface{}) bool {
	o, ok := other.(Money)
	return ok && o.Currency == m.Currency && m.Cents < o.Cents
}

// Plus adds amounts of one currency.
func (m Money) Plus(others ...Money) Money {
	for _, o := range others {
		m.Cents += o.Cents
	}
	return m
}

var _ interfaces.Comparer = Money{}

// Department has people; they are looked up one at a time.
type Department struct {
	Name   string
	People []*Person
	reads  int
}

// People of a department can be walked by a policy.
type Members struct{ department *Department }

// Iter implements interfaces.Iterator.
func (m Members) Iter() <-chan interface{} {
	ch := make(chan interface{})
	go func() {
		defer close(ch)
		for _, p := range m.department.People {
			ch <- p
		}
	}()
	return ch
}

var _ interfaces.Iterator = Members{}

// Members returns the people in an order that never changes.
func (d *Department) Members() Members {
	d.reads++
	return Members{d}
}

// Person works in a department.
type Person struct {
	Name    string
	Title   string
	Manager *Person
	Dept    *Department
	Limit   Money
}

// Reports tells whether a person works below another.
func (p Person) ReportsTo(boss Person) bool {
	for m := p.Manager; m != nil; m = m.Manager {
		if m.Name == boss.Name {
			return true
		}
	}
	return false
}

// Status of an expense.
type Status string

// Expense is what was paid.
type Expense struct {
	Id        int
	Owner     *Person
	Amount    Money
	Extras    []Money
	Status    Status
	Submitted time.Time
	Tags      map[string]string
}

// IsDraft is asked by the policy.
func (e Expense) IsDraft() bool { return e.Status == "draft" }

// Clock is what the policy asks for the time.
type Clock struct{ now func() time.Time }

// DaysSince counts whole days.
func (c Clock) DaysSince(t time.Time) int { return int(c.now().Sub(t).Hours() / 24) }

// Settings are constants for the policy.
type Settings struct {
	MaxDays  int
	ReadOnly bool
}

// Company answers questions about expenses.
type Company struct {
	oso      oso.Oso
	settings *Settings
	people   map[string]*Person
	expenses map[int]*Expense
}

const policy = `
allow(actor: Person, action, expense: Expense) if
  can(actor, action, expense) and not frozen(action);

frozen(action) if SETTINGS.ReadOnly and action != "read";

can(actor: Person, action, _: Expense{Owner: actor, Status: status}) if
  action in ["read", "edit", "submit"] and
  status = DRAFT;
can(actor: Person, "read", expense: Expense) if expense.Owner = actor;
can(actor: Person, "read", expense: Expense) if expense.Owner.ReportsTo(actor);
can(actor: Person, "read", expense: Expense) if
  actor.Title = "accountant" and
  colleague in expense.Owner.Dept.Members() and
  colleague.Name = actor.Name;
can(actor: Person, "approve", expense: Expense) if
  expense.Owner.ReportsTo(actor) and
  not expense.IsDraft() and
  CLOCK.DaysSince(expense.Submitted) <= SETTINGS.MaxDays and
  total(expense, sum) and
  sum <= actor.Limit and
  forall(extra in expense.Extras, extra < new Money("EUR", 50));

total(expense, sum) if sum = expense.Amount;

# Fields.
allow_field(actor, "read", expense: Expense, field) if
  allow(actor, "read", expense) and field in FIELDS.basic;
allow_field(actor: Person, "read", expense: Expense, field) if
  expense.Owner = actor and field in FIELDS.private;
allow_field(actor, "edit", expense: Expense, field) if
  allow(actor, "edit", expense) and field in FIELDS.editable;

# Requests.
allow_request(_: Person, {Path: "/status"});
allow_request(person: Person, request: Dictionary) if
  request.Path = "/reports" and person.Title in ["accountant", "director"];

?= new Money("EUR", 12.5).Cents = 1250;
?= new Money("EUR", 1) < new Money("EUR", 2);
?= not new Money("USD", 1) < new Money("EUR", 2);
?= "amount" in FIELDS.basic;
`

// NewCompany sets up policy and data. All days are counted from now.
func NewCompany(now func() time.Time) (*Company, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	c := &Company{oso: o, settings: &Settings{MaxDays: 30}, people: map[string]*Person{}, expenses: map[int]*Expense{}}
	register := []error{
		o.RegisterClass(Person{}, nil),
		o.RegisterClass(Expense{}, nil),
		o.RegisterClass(Money{}, NewMoney),
		o.RegisterClassWithName(Department{}, nil, "Dept"),
		o.RegisterConstant(c.settings, "SETTINGS"),
		o.RegisterConstant(Clock{now}, "CLOCK"),
		o.RegisterConstant(Status("draft"), "DRAFT"),
		o.RegisterConstant(map[string][]string{
			"basic": {"id", "amount", "status"}, "private": {"tags", "extras"}, "editable": {"amount", "tags"},
		}, "FIELDS"),
		o.LoadString(policy),
	}
	for _, err := range register {
		if err != nil {
			return nil, err
		}
	}
	c.fill(now())
	return c, nil
}

func (c *Company) fill(now time.Time) {
	dept := &Department{Name: "sales"}
	add := func(name, title string, manager *Person, limit float64) *Person {
		p := &Person{Name: name, Title: title, Manager: manager, Dept: dept, Limit: NewMoney("EUR", limit)}
		c.people[name] = p
		dept.People = append(dept.People, p)
		return p
	}
	dora := add("dora", "director", nil, 10000)
	mary := add("mary", "manager", dora, 500)
	sam := add("sam", "seller", mary, 0)
	add("alex", "accountant", dora, 0)
	c.people["eve"] = &Person{Name: "eve", Title: "accountant", Dept: &Department{Name: "other"}}
	c.expenses[1] = &Expense{Id: 1, Owner: sam, Amount: NewMoney("EUR", 120), Status: "draft", Tags: map[string]string{"for": "train"}}
	c.expenses[2] = &Expense{Id: 2, Owner: sam, Amount: NewMoney("EUR", 120), Status: "submitted", Submitted: now.AddDate(0, 0, -3)}
	c.expenses[3] = &Expense{Id: 3, Owner: sam, Amount: NewMoney("EUR", 900), Status: "submitted", Submitted: now}
	c.expenses[4] = &Expense{Id: 4, Owner: sam, Amount: NewMoney("EUR", 10), Status: "submitted", Submitted: now.AddDate(0, 0, -90)}
	c.expenses[5] = &Expense{Id: 5, Owner: sam, Amount: NewMoney("USD", 10), Status: "submitted", Submitted: now}
	c.expenses[6] = &Expense{Id: 6, Owner: sam, Amount: NewMoney("EUR", 10), Status: "submitted", Submitted: now, Extras: []Money{NewMoney("EUR", 60)}}
}

// Can describes the outcome of a question in a word.
func (c *Company) Can(person, action string, expense int) (string, error) {
	err := c.oso.Authorize(c.people[person], action, c.expenses[expense])
	var notFound *osoerrors.NotFoundError
	var forbidden *osoerrors.ForbiddenError
	switch {
	case err == nil:
		return "yes", nil
	case errors.As(err, &notFound):
		return "not found", nil
	case errors.As(err, &forbidden):
		return "no", nil
	}
	return "", err
}

// Fields lists the fields a person may use.
func (c *Company) Fields(person, action string, expense int) (string, error) {
	set, err := c.oso.AuthorizedFields(c.people[person], action, c.expenses[expense], false)
	if err != nil {
		return "", err
	}
	names := []string{}
	for field := range set {
		names = append(names, fmt.Sprint(field))
	}
	sort.Strings(names)
	return strings.Join(names, " "), nil
}

func main() {
	c, err := NewCompany(time.Now)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, person := range []string{"sam", "mary", "dora", "alex", "eve"} {
		for id := 1; id <= len(c.expenses); id++ {
			answer, err := c.Can(person, "approve", id)
			fmt.Println(person, "approves", id, answer, err)
		}
	}
}
