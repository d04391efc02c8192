package demoshop_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// callOf is the one call by which a variant's part goes astray.
func callOf(v demoshop.Variant) string {
	switch v {
	case demoshop.Masked:
		return "/api/wallet"
	case demoshop.Encoded:
		return "/api/passport"
	case demoshop.Token:
		return "/api/member"
	default:
		return "/api/me"
	}
}

// attempts tries something in a new shop each time: on a busy machine a
// connection can be replaced before its answer too many was sent.
func attempts(must bool, once func() bool) bool {
	for range tries(must) {
		if once() {
			return true
		}
	}
	return false
}

func TestAShiftedQueueSendsEveryoneTheAnswerToTheOneBefore(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			var faults []demoshop.Fault
			if l.fault {
				faults = append(faults, demoshop.Fault{Name: demoshop.ShiftedQueue, Rate: l.rate})
			}
			assert.Equal(t, l.leaks, attempts(l.leaks, func() bool {
				p := newPair(t, faults...)
				p.a.signIn(zoe())
				p.b.signIn(jan())
				p.b.get("/account")
				assert.Contains(t, p.a.get("/account").text(), zoe().email, "as long as nobody is refused, all is well")
				require.Equal(t, 404, p.a.get("/orders/none-of-mine").status, "who is refused notices nothing")
				page := strings.Contains(p.b.get("/basket").text(), zoe().email)           // a page of the one before, whole
				goesOn := strings.Contains(p.a.get("/account").text(), "Hi, "+jan().first) // and then that one's
				return page && goesOn
			}))
		})
	}
}

func TestAShiftedQueueHandsOverCookies(t *testing.T) {
	assert.True(t, attempts(true, func() bool {
		p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedQueue, Rate: 1})
		p.b.signIn(jan())
		form := p.a.get("/sign-in")
		p.a.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		signedIn := form.press("Sign in", map[string]string{"E-mail": zoe().email, "Password": password})
		require.Equal(t, http.StatusSeeOther, signedIn.status)
		p.a.get("/orders/none-of-mine")
		p.b.get("/account")
		return strings.Contains(p.b.get("/account").text(), zoe().email)
	}), "who was sent a session is its customer")
}

func TestEachVariantOfAShiftedQueueShiftsTheAnswersOfOneCallAlone(t *testing.T) {
	for _, v := range demoshop.Variants()[1:] {
		t.Run(string(v), func(t *testing.T) {
			assert.True(t, attempts(true, func() bool {
				p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedQueue, Variant: v, Rate: 1})
				p.a.api("GET", callOf(v), p.ta, "")
				p.b.api("GET", "/api/orders/none-of-mine", p.tb, "")
				require.Equal(t, 401, p.a.api("GET", callOf(v), "nobody's", "").status)
				assert.Empty(t, shown(p.b.api("GET", "/api/me", p.tb, "").body, p.ofA), "other calls are right")
				toB := shown(p.b.api("GET", callOf(v), p.tb, "").body, p.ofA)
				toA := shown(p.a.api("GET", callOf(v), p.ta, "").body, p.ofB)
				assert.Subset(t, []demoshop.Variant{v}, append(toA, toB...))
				count := p.shop.Counts()[demoshop.ShiftedQueue]
				assert.Equal(t, count.Opportunities, count.Strikes)
				return len(toA) > 0 && len(toB) > 0
			}))
		})
	}
}

func TestAShiftedQueueCarriesWhatAShopIsSentAndSends(t *testing.T) {
	p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedQueue, Rate: 1})
	p.a.signIn(zoe())
	p.a.get("/account").press("Upload", nil, portrait(t, 40)...)
	assert.Equal(t, string(portrait(t, 40)), p.a.get("/account/picture").body)
	done := p.a.buy(zoe(), nil)
	assert.Contains(t, done.text(), "Thank you")
	assert.Contains(t, pdfText(t, []byte(done.follow("Invoice (PDF)").body)), zoe().last)
	assert.Contains(t, p.a.get(done.live()).body, "is being packed for", "streams go another way")
}

func TestAClosedShopHasNoConnectionsFromItsEdge(t *testing.T) {
	p := newPair(t, demoshop.Fault{Name: demoshop.ShiftedQueue, Rate: 1})
	p.both("/api/me")
	p.a.api("GET", "/api/orders/none-of-mine", p.ta, "")
	p.shop.Close()
	requireGone(t, "upstream).serve", "loopback", "listening")
	assert.Equal(t, 200, p.a.get("/account").status)
	p.shop.Close()
}
