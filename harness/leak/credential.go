package leak

import "regexp"

// secretWords are in the names of what proves who one is, in any shop: a value
// under them is no thing's id. (A nonce is none: every copy of a page has the
// page's.)
var secretWords = regexp.MustCompile(`(?i)token|csrf|xsrf|sess(ion)?|sid$|bearer|jwt|secret`)

func secret(name string) bool { return secretWords.MatchString(lastStep(name)) }

// fewestOwners must have been seen early for a name to hold credentials; as most
// values must have had one each, they are nearly as many values.
const fewestOwners = 3

// Where two customers are all there are, to reproduce a leak, two will do for
// what its name calls a secret, if not one value of it had both of them, and so
// many were seen. Fewer are worth a suspicion.
const (
	fewestOfTwo = 2
	enoughOfTwo = 4
)

// credential says whether what stands under a name is minted for one owner
// each, as the baseline, sign-up and solo showed it.
//
// What an owner had as a stored copy of an answer to another is left out of
// account: a session cookie that a cache handed on in solo would otherwise
// launder itself, its name would be one whose values are shared.
//
// Cookies and headers are then judged by their values: a clear majority (two of
// three) must have had one owner, for a cache need not leave signs of itself. A
// load balancer's cookie has as many values as backends, each with many owners,
// and so stays silent; so does a build id, with its one value.
//
// Names in bodies, addresses and storages that do not call it a secret are judged
// by all their values: ids of things that customers happen to own stand there as
// well, and two customers can own the same thing.
func (l *ledger) credential(name string) bool {
	owners, single, total := map[string]bool{}, 0, 0
	for _, t := range l.names[name] {
		early := l.earlyOwners(t)
		for _, owner := range early {
			owners[owner] = true
		}
		switch {
		case len(early) == 0:
			continue
		case len(early) == 1:
			single++
		case t.source >= inAddress && !secret(name):
			return false
		}
		total++
	}
	if len(owners) == fewestOfTwo && single == total {
		return secret(name)
	}
	return len(owners) >= fewestOwners && (3*single >= 2*total || l.ownAlone(name))
}

// sharedAlone says whether two who walked alone were given a cookie's value: a
// session's that only those share who came beside each other is no default.
func (l *ledger) sharedAlone(t *token) bool {
	first := ""
	for _, one := range l.issues[t.name] {
		owner := ownerOf(one.by.viewer, one.by.session.ID)
		switch {
		case one.token != t || !one.by.session.solo() && !one.by.session.baseline():
		case first == "":
			first = owner
		case first != owner:
			return true
		}
	}
	return false
}

// ownAlone says of a cookie that whoever walked alone was given one of their own.
// Customers sign up beside each other, and ids that are made twice are shared there
// already: that must not make them innocent. A cookie that is not called like a
// session's must have been mixed up, too.
func (l *ledger) ownAlone(name string) bool {
	holder, owners := map[*token]string{}, map[string]*token{}
	for _, one := range l.issues[name] {
		owner := ownerOf(one.by.viewer, one.by.session.ID)
		if !one.by.session.solo() {
			continue
		}
		if was, known := holder[one.token]; known && was != owner {
			return false
		}
		holder[one.token], owners[owner] = owner, one.token
	}
	return len(owners) >= fewestOwners && (sessionName.MatchString(name) || l.mixedUp(name, holder, owners))
}

// fewestMixedUp is how many must have been given another's.
const fewestMixedUp = 2

// mixedUp says of a cookie of any name that customers to whom one was given alone
// were given another's later on, and that whoever merely visits has none. What a
// shop keeps of a customer's kind (their price list, tax zone or language, as a
// digest) is shared by many too, but whoever has one always has the same; and which
// backend answers is settled at the first visit.
func (l *ledger) mixedUp(name string, holder map[*token]string, alone map[string]*token) bool {
	mixed := map[string]bool{}
	for _, one := range l.issues[name] {
		if one.by.method == "GET" || one.by.method == "HEAD" {
			return false
		}
		owner := ownerOf(one.by.viewer, one.by.session.ID)
		if theirs := holder[one.token]; one.by.session.round() && theirs != "" && theirs != owner && alone[owner] != nil {
			mixed[owner] = true
		}
	}
	return len(mixed) >= fewestMixedUp
}

// scarce says that of a name so little was seen before the rounds that what it
// holds may be no credential after all.
func (l *ledger) scarce(name string) bool {
	owners, values := map[string]bool{}, 0
	for _, t := range l.names[name] {
		early := l.earlyOwners(t)
		for _, owner := range early {
			owners[owner] = true
		}
		values += min(len(early), 1)
	}
	return len(owners) < fewestOwners && values < enoughOfTwo
}

// plainNumber is a session's number that is too short to be a credential, and
// is one all the same.
var plainNumber = regexp.MustCompile(`^[A-Za-z]{0,4}[-_]?[0-9A-Fa-f]{6,24}$`)

// credentialCookie says whether a cookie can be a credential: it looks like one,
// or is called like a session's and has a number for a value.
func credentialCookie(c cookie) bool {
	if innocentCookie(c.name) {
		return false
	}
	return looksMinted(c.value) || sessionName.MatchString(c.name) && plainNumber.MatchString(c.value)
}

// earlyOwners are the owners to whom a token was given before the rounds.
func (l *ledger) earlyOwners(t *token) []string {
	var early []string
	for _, r := range t.owners {
		if r.early && (len(early) == 0 || !l.storedCopy(t, r)) {
			early = append(early, r.owner)
		}
	}
	return early
}

// storedCopy says whether an owner had the token from a stored copy of an
// answer to somebody else.
func (l *ledger) storedCopy(t *token, r *reception) bool {
	if r.setBy == nil {
		return false
	}
	for _, earlier := range t.owners {
		if earlier.setBy != nil && earlier != r && earlier.setBy.url == r.setBy.url {
			if _, ok := copied(earlier.setBy, r.setBy); ok {
				return true
			}
		}
	}
	return false
}

// common says that a value is what many have by default (the digest of an
// empty basket): a good part of the owners were given it, and each freshly. A
// cached credential reaches many as well, but as a stored copy. What is called a
// secret, or a cookie, of which hardly anybody had a default as long as they
// walked alone, has none: then, that many have one value is what we look for.
func (l *ledger) common(t *token, holders int) bool {
	if len(t.owners) <= 2 || 4*len(t.owners) <= holders {
		return false
	}
	if (t.source <= inHeader || secret(t.name)) && len(l.earlyOwners(t)) <= 2 {
		return false
	}
	if t.cookie && sessionName.MatchString(t.name) && !l.sharedAlone(t) {
		return false
	}
	for _, r := range t.owners[1:] {
		if l.storedCopy(t, r) {
			return false
		}
	}
	return true
}

// holders counts the owners who ever had something under a name.
func (l *ledger) holders(name string) int {
	who := map[string]bool{}
	for _, t := range l.names[name] {
		for _, r := range t.owners {
			who[r.owner] = true
		}
	}
	return len(who)
}
