// Package host lists the methods of what GetHost returns. Programs can use it but not name it.
package host

import (
	"reflect"

	"github.com/osohq/go-oso/types"
)

type Host struct{}

func (h *Host) GetRelationFields(rel types.FilterRelation) (myField, otherField string, err error)
func (h *Host) GetAdapter() *types.Adapter
func (h *Host) GetFields() map[string]map[string]interface{}
func (h *Host) GetClass(name string) (*reflect.Type, error)
func (h *Host) GetField(class, field string) interface{}
func (h *Host) ToPolar(v interface{}) (*types.Value, error)
func (h *Host) ToGo(v types.Term) (interface{}, error)
func (h *Host) SetAcceptExpression(accept bool)
func (h *Host) SetDataFilteringAdapter(adapter types.Adapter)
func (h *Host) BuildQuery(filter *types.Filter) (interface{}, error)
func (h *Host) ExecuteQuery(query interface{}) ([]interface{}, error)
