package mailbox_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/mailbox"
	"crosstalk/harness/match"
	"crosstalk/scenarios/demoshop"
)

// seal finds the token that a form of the demo shop carries.
var seal = regexp.MustCompile(`name="form_token" value="([0-9a-f]+)"`)

// shopper posts forms to the demo shop.
type shopper struct {
	t    *testing.T
	base string
	http *http.Client
}

func (s shopper) post(page, path string, form url.Values) {
	s.t.Helper()
	for i, to := range []string{page, path} {
		var resp *http.Response
		var err error
		if i == 0 {
			resp, err = s.http.Get(s.base + to)
		} else {
			resp, err = s.http.PostForm(s.base+to, form)
		}
		require.NoError(s.t, err)
		b := make([]byte, 1<<16)
		n, _ := io.ReadFull(resp.Body, b)
		_ = resp.Body.Close()
		require.Less(s.t, resp.StatusCode, 400)
		if m := seal.FindSubmatch(b[:n]); m != nil {
			form.Set("form_token", string(m[1]))
		}
	}
}

func TestWhatTheDemoShopSendsIsSeenWholeAndWhere(t *testing.T) {
	p := open(t, func(o *mailbox.Options) { o.Owner = mailbox.Owners(map[string]string{"c07": "zoe@shop.example"}) })
	shop, err := demoshop.New(demoshop.Options{Latency: -1, SMTP: p.Addr()})
	require.NoError(t, err)
	srv := httptest.NewServer(shop)
	defer srv.Close()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	s := shopper{t, srv.URL, &http.Client{Jar: jar}}
	form := url.Values{
		"first_name": {"Zoë"}, "last_name": {"Trembaczyk"}, "mail": {"zoe@shop.example"}, "phone_no": {"070-174 06 01"},
		"street_name": {"Björkstigen"}, "house_no": {"12"}, "zip": {"114 55"}, "town": {"Umeå"}, "country_code": {"SE"},
		"secret": {"correct horse"}, "article": {"103"}, "amount": {"2"},
		"pan": {"4242424242424242"}, "good_until": {"12/39"}, "check_no": {"123"}, "holder": {"Zoë Trembaczyk"}, "gift_text": {"gladrosvel"},
	}
	s.post("/sign-up", "/sign-up", form)
	s.post("/products/103", "/basket/add", form)
	s.post("/checkout", "/checkout", form)
	shop.Close()
	p.close(5e9)
	require.Equal(t, []string{"c07", "c07"}, p.owners())
	for i, want := range [][]string{
		{"name to quoted-printable", "name text/plain quoted-printable", "name td quoted-printable"},
		{"name to quoted-printable", "name text/plain quoted-printable", "name td quoted-printable", "name application/pdf base64 pdf", "gift application/pdf base64 pdf", "gift text/plain quoted-printable"},
	} {
		x, err := match.New([]match.Pattern{{ID: 0, Text: "Zoë Trembaczyk"}, {ID: 1, Text: "gladrosvel"}})
		require.NoError(t, err)
		var got []string
		for _, h := range x.Search(mailbox.MediaType, p.got()[i].Raw) {
			line := []string{"name", "gift"}[h.ID] + " " + regexp.MustCompile(`^.*>`).ReplaceAllString(h.Where, "")
			for _, d := range h.Decoded {
				line += " " + d
			}
			got = append(got, line)
		}
		for _, w := range want {
			require.True(t, slices.Contains(got, w), "%q is not in %q", w, got)
		}
		require.Empty(t, match.Read(mailbox.MediaType, p.got()[i].Raw).Unopened())
	}
}
