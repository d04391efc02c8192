package demoshop

import (
	"crypto/sha256"
	"net/http"
)

// workers is how many workers serve the shop. What they have in common is in
// the store; a healthy shop does not notice which of them serves a request.
const workers = 4

// workerOf is which worker serves a request: the one that accepted its
// connection, as where several processes listen at one port.
//
// The ports that a system gives to one connection after another differ in their
// last digits alone. A hash that mixes those badly (FNV does, in the middle of
// its sum) would have one worker serve a hundred connections in a row.
func workerOf(r *http.Request) int {
	return int(sha256.Sum256([]byte(r.RemoteAddr))[0]) % workers
}
