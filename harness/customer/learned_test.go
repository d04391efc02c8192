package customer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/customer"
)

func TestLearnedValuesAreStrongOnlyWhenTheyAreHardToGuess(t *testing.T) {
	for value, want := range map[string]customer.Strength{
		"":                                     customer.Silent,
		"--":                                   customer.Silent,
		"10001":                                customer.Weak,
		"ORD-2026-10001":                       customer.Weak,
		"1764000000000":                        customer.Weak,
		"2026-11-22T10:05:00Z":                 customer.Weak,
		"confirmation":                         customer.Weak,
		"Confirmation Page":                    customer.Weak,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":     customer.Weak,
		"0000-0000-0000-0000":                  customer.Weak,
		"a1a1a1a1a1":                           customer.Weak,
		"X7K2M":                                customer.Weak,
		"8F3K2M9QX1":                           customer.Strong,
		"550e8400-e29b-41d4-a716-446655440000": customer.Strong,
		"9f86d081884c7d659a2feaa0c55ad015":     customer.Strong,
		"kx7Qp2Vm9RtLw3Zb":                     customer.Strong,
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln": customer.Strong,
	} {
		assert.Equal(t, want, customer.LearnedStrength(value), "%q carries %.0f bits", value, customer.Entropy(value))
	}
}
