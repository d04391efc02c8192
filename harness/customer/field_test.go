package customer_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
)

func TestFieldsAreWhatStepsCanName(t *testing.T) {
	c := allocate(t, 42, 1, customer.Constraints{})[0]
	for _, name := range customer.FieldNames() {
		value, ok := c.Field(name)
		assert.True(t, ok, name)
		assert.NotEmpty(t, value, name)
		assert.True(t, customer.IsField(name), name)
	}
	name, _ := c.Field("name")
	assert.Equal(t, c.First+" "+c.Last, name)
	for _, name := range []string{"", "Name", "basket", "basket.0", "basket.99.product", "basket.-1.product", "basket.0.price", "order"} {
		_, ok := c.Field(name)
		assert.False(t, ok, name)
	}
}

func TestEveryFieldOfTheRecordCanBeNamed(t *testing.T) {
	record, err := json.Marshal(allocate(t, 42, 1, customer.Constraints{})[0])
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(record, &fields))
	for name := range fields {
		if !slices.Contains([]string{"basket", "shared", "pooled"}, name) {
			assert.True(t, customer.IsField(name), name)
		}
	}
}

func TestNamesAndAddressesAreSpelledInBothOrders(t *testing.T) {
	for _, c := range allocate(t, 42, 5, customer.Constraints{}) {
		assert.Equal(t, []string{c.First + " " + c.Last, c.Last + " " + c.First}, c.Spellings(customer.Name))
		assert.ElementsMatch(t, []string{c.Street + " " + c.House, c.House + " " + c.Street}, c.Spellings(customer.Address))
		assert.Equal(t, c.Address, c.Spellings(customer.Address)[0])
		assert.Equal(t, []string{c.Email}, c.Spellings(customer.Email))
		assert.Empty(t, c.Spellings("order"))
	}
}
