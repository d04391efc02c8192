package demoshop

import (
	"hash/fnv"
	"net/http"
)

// workers is how many workers serve the shop. What they have in common is in
// the store; a healthy shop does not notice which of them serves a request.
const workers = 4

// workerOf is which worker serves a request: the one that accepted its
// connection, as where several processes listen at one port.
func workerOf(r *http.Request) int {
	h := fnv.New64a()
	h.Write([]byte(r.RemoteAddr)) // never fails
	return int(h.Sum64() >> 32 % workers)
}
