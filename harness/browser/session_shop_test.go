package browser

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

func TestTheEmbeddedCheckoutIsWalkedFromSignUpToCleanUp(t *testing.T) {
	oneAfterTheOther(t)
	t.Parallel()
	sc, err := scenarios.Load("checkout", os.LookupEnv)
	require.NoError(t, err)
	people, err := customer.Allocate(7, 5, sc.Customers)
	require.NoError(t, err)
	healthy, err := demoshop.New(demoshop.Options{})
	require.NoError(t, err)
	s := httptest.NewServer(healthy)
	t.Cleanup(s.Close)
	for i, j := range sc.Journeys {
		if j.Client != scenarios.Browser {
			continue
		}
		for _, part := range [][]scenarios.Step{j.Setup, j.Steps, j.Cleanup} {
			walkPart(t, s.URL, part, &people[i])
		}
	}
}

func walkPart(t *testing.T, target string, steps []scenarios.Step, who *customer.Customer) {
	w := begin(t, target)
	w.fields.Customer, w.fields.Learned = who, map[customer.Kind]string{}
	for _, st := range steps {
		out := w.do(st)
		for _, l := range out.Learned {
			w.fields.Learned[customer.Kind(l.Kind)] = l.Value
		}
	}
	w.end()
	for _, x := range w.sink.exchanges {
		if x.Body.Unseen != "" && x.Body.Unseen != history.UnseenRedirect && x.Body.Unseen != history.UnseenCancelled {
			t.Errorf("%s %s was not seen: %s", x.Method, x.URL, x.Body.Unseen)
		}
	}
}
