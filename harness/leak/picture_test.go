package leak_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// What a shop shows of a customer is not always called what it is.
func TestPicturesAndTextsAreFoundWhateverTheyAreCalled(t *testing.T) {
	people, err := customer.Allocate(22, 3, customer.Constraints{})
	require.NoError(t, err)
	victim := people[0]
	inline := base64.StdEncoding.EncodeToString(victim.Avatar)
	cases := []struct {
		name, mediaType string
		body            string
		kind            customer.Kind
	}{
		{"a picture", "image/png", string(victim.Avatar), customer.Avatar},
		{"a picture that is called bytes", "application/octet-stream", string(victim.Avatar), customer.Avatar},
		{"a picture without a type", "", string(victim.Avatar), customer.Avatar},
		{"a picture in an answer", "application/json", `{"a":"data:image/gif;base64,AAAA","me":"data:image/png;base64,` + inline + `"}`, customer.Avatar},
		{"a picture with slashes escaped", "application/json", `{"me":"data:image/png;base64,` + strings.ReplaceAll(inline, "/", `\/`) + `"}`, customer.Avatar},
		{"a picture in a page", "text/html", `<img src="data:image/png;base64,` + inline + `">`, customer.Avatar},
		{"an account that is called a picture", "image/png", `{"email":"` + victim.Email + `"}`, customer.Email},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			w, err := leak.NewWatch(people)
			require.NoError(t, err)
			require.Empty(t, w.Foreign(victim.ID, one.mediaType, []byte(one.body)))
			glimpses := w.Foreign(people[1].ID, one.mediaType, []byte(one.body))
			require.Len(t, glimpses, 1)
			require.Equal(t, one.kind, glimpses[0].Kind)
			require.Equal(t, victim.ID, glimpses[0].Victim)

			findings := shownOnce(t, people, people[1].ID, one.mediaType, one.body)
			require.Len(t, findings, 1)
			require.Equal(t, string(one.kind), findings[0].Kind)
			require.Equal(t, victim.ID, findings[0].Victim)
			require.Equal(t, leak.Proof, findings[0].Strength)
		})
	}
}

// shownOnce are the findings of a run in which one body was shown to one
// customer.
func shownOnce(t *testing.T, people []customer.Customer, viewer, mediaType, body string) []leak.Finding {
	tr := readTranscript(t, "")
	tr.customers = people
	session := tr.session("relay", viewer)
	tr.add(history.Event{Exchange: &history.Exchange{
		ID: "x1", Session: session, Viewer: viewer, Method: "GET", URL: "http://shop.test/me.png", Place: "GET /me.png", Resource: "xhr", Status: 200,
		Start: tr.now, Response: tr.now + 1, End: tr.now + 2, Body: history.Body{Hash: tr.bodies.Put([]byte(body)), Size: int64(len(body)), Type: mediaType},
	}})
	return judge(t, tr, nil).Findings
}
