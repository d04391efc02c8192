package leak

import "crosstalk/harness/history"

// issue is a cookie that a session was given: the first of this value.
type issue struct {
	token *token
	by    *exchange
}

type issueKey struct {
	token   *token
	session *session
}

func (l *ledger) issue(t *token, x *exchange) {
	key := issueKey{t, x.session}
	if !l.given[key] {
		l.given[key] = true
		l.issues[t.name] = append(l.issues[t.name], issue{t, x})
	}
}

// returning is how the values of a cookie's name come back.
type returning int

const (
	never  returning = iota
	mostly           // in the rounds most are values that others had, and that others came between
	pooled           // and they are few in all, each time in an answer of its own
)

// returns tells names whose values come from a small stock, such as those of
// the backends behind a load balancer that is new to us. In a short run, and
// with about as many backends as early visitors, each early value has one owner
// there too; but then they come round again. A credential is fresh for each
// session: a cache can hand one on to the next visitors, a race to whoever asks
// at the same moment, but neither brings it back after others have had theirs
// from the same address.
func (l *ledger) returns(name string) returning {
	if known, ok := l.pools[name]; ok {
		return known
	}
	l.pools[name] = weighReturns(l.issues[name])
	return l.pools[name]
}

// fewestReturns is of how many values it takes: one that comes back is a leak.
const fewestReturns = 2

func weighReturns(all []issue) returning {
	last, values, back := map[issueAt]int{}, map[*token]bool{}, map[*token]bool{}
	late, returned, fresh := 0, 0, true
	for i, one := range all {
		values[one.token] = true
		round := one.by.session.round()
		if round {
			late++
		}
		at := issueAt{one.token, one.by.url}
		k, before := last[at]
		last[at] = i
		if !before || !cameBack(all[k:i+1]) {
			continue
		}
		back[one.token] = true
		then, now := all[k].by.copy.date, one.by.copy.date
		fresh = fresh && then != "" && now != "" && then != now
		if round {
			returned++
		}
	}
	switch {
	case len(back) < fewestReturns || 2*returned < late:
		return never
	case fresh && 3*len(values) <= len(all):
		return pooled
	}
	return mostly
}

// issueAt is a value from one address.
type issueAt struct {
	token *token
	url   string
}

// cameBack says whether the last of these issues gives the first one's value to
// another owner, and no copy of its answer, after the same address has given
// out another value in between, apart from both in time.
func cameBack(all []issue) bool {
	first, last := all[0].by, all[len(all)-1].by
	if ownerOf(first.viewer, first.session.ID) == ownerOf(last.viewer, last.session.ID) {
		return false
	}
	if _, isCopy := copied(first, last); isCopy {
		return false
	}
	for _, other := range all[1 : len(all)-1] {
		if other.token != all[0].token && other.by.url == first.url && wellApart(first, other.by) && wellApart(other.by, last) {
			return true
		}
	}
	return false
}

// breather is how long one must have ended before the other begins: what is
// asked for at the same moment can be mixed up.
const breather = history.Moment(20_000)

func wellApart(a, b *exchange) bool { return a.end+breather <= b.start }
