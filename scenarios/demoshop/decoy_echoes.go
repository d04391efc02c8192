package demoshop

import (
	"net/http"
	"sync"
	"time"
)

// apiReach says whether a carrier comes to a place, and repeats what it was
// asked.
func (o *origin) apiReach(w http.ResponseWriter, r *http.Request) {
	zip, town := r.FormValue(o.of("zip")), r.FormValue(o.of("town"))
	if zip+town != "" {
		o.extras.gave(Echoes)
	}
	o.reply(w, http.StatusUnprocessableEntity, obj{
		"error": "no bicycle goes to " + zip + " " + town + " yet", "sent": obj{"zip": zip, "town": town},
	})
}

// apiTip gives a client a tip now and then. Who asks too often is told so, in
// words that are the same for all.
func (o *origin) apiTip(w http.ResponseWriter, r *http.Request) {
	if !o.extras.limit.lets(o.sessionCookie(r), o.extras.now()) {
		o.extras.gave(Echoes)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusTooManyRequests)
		send(w, []byte("<!doctype html><title>Slow down</title><h1>One tip at a time</h1><p>Come back later. Reference c41d7b02f9aa4be3.</p>\n"))
		return
	}
	o.reply(w, http.StatusOK, obj{"tip": "Wool wants air more than it wants water."})
}

// limiter lets each client through once in a while.
type limiter struct {
	mu   *sync.Mutex
	last map[string]time.Time
}

const betweenTips = 20 * time.Second

func newLimiter() limiter { return limiter{&sync.Mutex{}, map[string]time.Time{}} }

func (l limiter) lets(client string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.last[client]; ok && now.Sub(last) < betweenTips {
		return false
	}
	if len(l.last) >= mostHeld {
		clear(l.last)
	}
	l.last[client] = now
	return true
}

func (l limiter) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.last)
}

func echoesDecoy() Decoy {
	return Decoy{
		Name:  Echoes,
		Row:   7,
		Looks: "an error shows the customer's own data where nobody expects it, and all who ask too often get one and the same page",
		Is:    "an answer that repeats what it was asked, and a limit for each client",
	}
}
