package scenarios_test

import (
	"testing"

	"crosstalk/scenarios"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const listening = `
name: s
h2c: true
journeys:
  app:
    client: api
    customer: one
    steps:
      - listen: /api/events
      - listen: {url: "/live?q={{name}}", socket: true, protocol: graphql-ws, bearer: "{{email}}", headers: {Origin: "${HOST}"}, as: live}
      - listen: {url: "wss://${HOST}/chat", expect: 101}
      - send: "hello {{first}}"
      - send: {json: {to: "{{email}}", n: "{{basket.0.quantity}}"}, on: live}
      - hear:
      - hear: {json: $.type, is: order, text: "{{first}}", event: news, on: live}
        timeout: 3s
      - remember: {order: {json: $.order}}
      - hear: {json: $.paid}
      - hang_up: live
      - hang_up:
      - shows: [first]
      - request:
          method: POST
          url: /api/profile
          multipart: {note: "{{gift_note}}", empty: "", picture: "{{avatar}}", cat: {file: cat.jpg, name: "{{first}}.jpg", type: image/jpeg}, plain: {file: "{{avatar}}"}}
`

func listeningSteps(t *testing.T) []scenarios.Step {
	t.Helper()
	sc, err := scenarios.Parse("dir/s.yaml", []byte(listening), environment)
	require.NoError(t, err)
	assert.True(t, sc.H2C)
	return sc.Journeys[0].Steps
}

func TestStreamsAreReadAsWritten(t *testing.T) {
	steps := listeningSteps(t)
	assert.Equal(t, &scenarios.Stream{Call: scenarios.Call{Method: "GET", URL: "/api/events"}}, steps[0].Listen)
	assert.Equal(t, "live", steps[1].Listen.Name)
	assert.Equal(t, "graphql-ws", steps[1].Listen.Protocol)
	assert.Equal(t, 101, steps[2].Listen.Call.Expect)
	assert.Equal(t, &scenarios.Message{Text: "hello {{first}}"}, steps[3].Send)
	assert.Equal(t, &scenarios.Hearing{}, steps[5].Hear)
	assert.Equal(t, &scenarios.Hearing{Text: "{{first}}", JSON: "$.type", Is: "order", Event: "news", On: "live"}, steps[6].Hear)
	assert.Equal(t, "live", steps[9].Name)
	var got []string
	for _, st := range steps {
		got = append(got, st.String())
	}
	assert.Equal(t, []string{
		"listen to /api/events",
		"listen to /live?q={{name}}",
		"listen to wss://$HOST/chat",
		`send "hello {{first}}"`,
		"send json on live",
		"hear a message",
		`hear event news, text "{{first}}", $.type is "order" on live`,
		"remember order from $.order",
		"hear $.paid",
		"hang up live",
		"hang up",
		"shows first",
		"request POST /api/profile",
	}, got)
}

func TestStreamsAreExpandedToAbsoluteAddressesOfTheirKind(t *testing.T) {
	steps, fields := listeningSteps(t), zoe()
	events, err := fields.Stream(*steps[0].Listen)
	require.NoError(t, err)
	assert.Equal(t, "http://shop.example:8080/api/events", events.Call.URL)
	assert.False(t, events.Socket)
	live, err := fields.Stream(*steps[1].Listen)
	require.NoError(t, err)
	assert.Equal(t, "ws://shop.example:8080/live?q=Zo%C3%AB+%C3%85ker%C3%B6", live.Call.URL)
	assert.Equal(t, "zoe+1@shop.example", live.Call.Bearer)
	assert.Equal(t, map[string]string{"Origin": "staging.example"}, live.Call.Headers)
	chat, err := fields.Stream(*steps[2].Listen)
	require.NoError(t, err)
	assert.Equal(t, "wss://staging.example/chat", chat.Call.URL)
	assert.True(t, chat.Socket)
	fields.Target = "https://shop.example"
	live, err = fields.Stream(*steps[1].Listen)
	require.NoError(t, err)
	assert.Contains(t, live.Call.URL, "wss://shop.example/live")
	for _, bad := range []string{"javascript:alert(1)", "ftp://shop.example/", "http://[::1", "{{nobody}}", "http:///x"} {
		_, err := fields.Stream(scenarios.Stream{Call: scenarios.Call{URL: bad}})
		assert.Error(t, err, bad)
	}
}

func TestMessagesAndHearingsAreExpanded(t *testing.T) {
	steps := listeningSteps(t)
	m, err := zoe().Message(*steps[4].Send)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"to": "zoe+1@shop.example", "n": int64(2)}, m.JSON)
	h, err := zoe().Hearing(*steps[6].Hear)
	require.NoError(t, err)
	assert.Equal(t, "Zoë", h.Text)
	_, err = scenarios.Fields{}.Hearing(*steps[6].Hear)
	require.Error(t, err)
	_, err = scenarios.Fields{}.Message(*steps[3].Send)
	require.Error(t, err)
}

func TestPartsAreTextsFilesAndTheCustomersPicture(t *testing.T) {
	steps := listeningSteps(t)
	c, err := zoe().Call(*steps[12].Request)
	require.NoError(t, err)
	assert.Equal(t, []scenarios.Part{
		{Name: "note"},
		{Name: "empty"},
		{Name: "picture", File: "{{avatar}}", FileName: "avatar.png", Content: []byte("png")},
		{Name: "cat", File: "dir/cat.jpg", FileName: "Zoë.jpg", Type: "image/jpeg"},
		{Name: "plain", File: "{{avatar}}", FileName: "avatar.png", Content: []byte("png")},
	}, c.Multipart)
	assert.Nil(t, steps[12].Request.Multipart[2].Content, "the template is left as it was")
	_, err = scenarios.Fields{Target: "http://shop.example"}.Call(*steps[12].Request)
	assert.Error(t, err, "nobody has no picture")
}
