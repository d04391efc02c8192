package demoshop_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestTheShopRefusesADecoyThatItDoesNotHave(t *testing.T) {
	_, err := demoshop.New(demoshop.Options{Decoys: []string{"mermaid"}})
	require.ErrorContains(t, err, `unknown decoy "mermaid"`)
	assert.ErrorContains(t, err, demoshop.GiftCircle, "it says which there are")
}

func TestAllStandsForEveryDecoy(t *testing.T) {
	all, err := demoshop.ExpandDecoys([]string{demoshop.Echoes, demoshop.AllDecoys})
	require.NoError(t, err)
	assert.Len(t, all, demoshop.DecoyRows)
	one, err := demoshop.ExpandDecoys([]string{demoshop.Echoes, demoshop.Echoes})
	require.NoError(t, err)
	assert.Equal(t, []string{demoshop.Echoes}, one)
}
