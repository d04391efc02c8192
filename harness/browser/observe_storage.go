package browser

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// storageLimit is how long reading what is kept may take after a step.
	storageLimit = 1500 * time.Millisecond
	// mostOwners is how many frames are asked what is kept for them.
	mostOwners = 60
	// largestArea is how much of one area or store is recorded, in bytes.
	largestArea = 8 << 20
)

// storage is what a session's documents keep in the client. News come from the
// event loop; the rest is for the goroutine that performs steps.
type storage struct {
	whole bool // the next look reads everything, changed or not

	mu       sync.Mutex
	news     map[area][]history.Segment // values that came since the last look
	newsSize int
	lost     bool               // there were more news than are kept
	changed  map[string]changes // storage keys whose databases or caches changed
	workers  registrations

	keys   map[string]string            // frame and document → storage key
	told   map[string]*target           // storage key → who reports its changes
	read   map[string]bool              // storage keys that were read once
	last   map[string][sha256.Size]byte // what was recorded, by place
	cached map[string]bool              // responses in caches that were recorded
	kept   int                          // bytes of those
}

// changes are what changed under a storage key.
type changes struct{ databases, caches bool }

// owner is a frame whose document may keep things under a storage key: an
// origin, and for a frame in another site's page that site too.
type owner struct {
	t     *target
	frame proto.PageFrameID
	key   string
}

// storageOrders has a target tell what is kept.
func (s *Session) storageOrders(t *target) []order {
	switch {
	case t.page():
		return []order{orderOf(proto.DOMStorageEnable{}), orderOf(proto.ServiceWorkerEnable{})}
	case t.kind == iframeTarget:
		return []order{orderOf(proto.DOMStorageEnable{})}
	}
	return nil
}

// stored takes the news that something is kept, or no longer.
func (s *Session) stored(t *target, m *rod.Message) {
	if t == nil {
		return
	}
	k := &s.storage
	k.mu.Lock()
	defer k.mu.Unlock()
	switch m.Method {
	case "DOMStorage.domStorageItemAdded":
		handled(m, func(e *proto.DOMStorageDomStorageItemAdded) { k.came(t, e.StorageID, e.Key, e.NewValue) })
	case "DOMStorage.domStorageItemUpdated":
		handled(m, func(e *proto.DOMStorageDomStorageItemUpdated) { k.came(t, e.StorageID, e.Key, e.NewValue) })
	case "Storage.indexedDBContentUpdated":
		handled(m, func(e *proto.StorageIndexedDBContentUpdated) { k.change(e.StorageKey, changes{databases: true}) })
	case "Storage.indexedDBListUpdated":
		handled(m, func(e *proto.StorageIndexedDBListUpdated) { k.change(e.StorageKey, changes{databases: true}) })
	case "Storage.cacheStorageContentUpdated":
		handled(m, func(e *proto.StorageCacheStorageContentUpdated) { k.change(e.StorageKey, changes{caches: true}) })
	case "Storage.cacheStorageListUpdated":
		handled(m, func(e *proto.StorageCacheStorageListUpdated) { k.change(e.StorageKey, changes{caches: true}) })
	case "ServiceWorker.workerRegistrationUpdated", "ServiceWorker.workerVersionUpdated":
		k.workers.take(m)
	}
}

func (k *storage) change(key string, c changes) {
	if k.changed == nil {
		k.changed = map[string]changes{}
	}
	old := k.changed[key]
	k.changed[key] = changes{databases: old.databases || c.databases, caches: old.caches || c.caches}
}

// due answers what of a storage key is to be read, and takes it as read.
func (k *storage) due(key string) changes {
	k.mu.Lock()
	defer k.mu.Unlock()
	c := k.changed[key]
	delete(k.changed, key)
	if !k.read[key] || k.whole {
		c = changes{databases: true, caches: true}
	}
	k.read[key] = true
	return c
}

// recordStorage pours what is kept into the sink, where it has changed.
func (s *Session) recordStorage(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, storageLimit)
	defer cancel()
	stop := context.AfterFunc(s.ctx, cancel) //nolint:contextcheck // the session may end before the step
	defer stop()
	s.storage.begin()
	owners := s.owners(ctx)
	foreign := s.recordAreas(ctx, owners)
	seen := map[string]bool{}
	for _, o := range owners {
		if seen[o.key] {
			continue
		}
		seen[o.key] = true
		s.follow(ctx, o)
		due := s.storage.due(o.key)
		if due.databases {
			foreign = s.recordDatabases(ctx, o) || foreign
		}
		if due.caches {
			foreign = s.recordCaches(ctx, o) || foreign
		}
	}
	s.storage.whole = false
	if s.recordWorkers() || foreign {
		s.shoot(ctx)
	}
}

func (k *storage) begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys, k.told, k.read = map[string]string{}, map[string]*target{}, map[string]bool{}
		k.last, k.cached = map[string][sha256.Size]byte{}, map[string]bool{}
	}
}

// follow has the browser say when something changes under a storage key.
func (s *Session) follow(ctx context.Context, o owner) {
	if s.storage.told[o.key] == o.t {
		return
	}
	s.storage.told[o.key] = o.t
	// Without its word, what changed is read when the session signs out or ends.
	_ = o.t.callOnce(ctx, proto.StorageTrackIndexedDBForStorageKey{StorageKey: o.key}, nil)
	_ = o.t.callOnce(ctx, proto.StorageTrackCacheStorageForStorageKey{StorageKey: o.key}, nil)
}

// owners are the frames of all pages, in order, that may keep things.
func (s *Session) owners(ctx context.Context) []owner {
	var all []owner
	fresh := map[string]string{}
	for _, t := range s.viewed() {
		var tree proto.PageGetFrameTreeResult
		if t.callOnce(ctx, proto.PageGetFrameTree{}, &tree) != nil {
			continue // it is going
		}
		for _, f := range framesOf(tree.FrameTree, nil) {
			if len(all) >= mostOwners {
				break
			}
			if key := s.storageKey(ctx, t, f, fresh); key != "" {
				all = append(all, owner{t, f.ID, key})
			}
		}
	}
	s.storage.keys = fresh
	return all
}

func framesOf(tree *proto.PageFrameTree, all []*proto.PageFrame) []*proto.PageFrame {
	if tree == nil || tree.Frame == nil || len(all) >= mostOwners {
		return all
	}
	all = append(all, tree.Frame)
	for _, below := range tree.ChildFrames {
		all = framesOf(below, all)
	}
	return all
}

// storageKey is what a frame's document keeps things under; empty for one that
// can keep nothing.
func (s *Session) storageKey(ctx context.Context, t *target, f *proto.PageFrame, fresh map[string]string) string {
	id := string(f.ID) + " " + string(f.LoaderID)
	key, known := s.storage.keys[id]
	if !known {
		var got proto.StorageGetStorageKeyForFrameResult
		if t.callOnce(ctx, proto.StorageGetStorageKeyForFrame{FrameID: f.ID}, &got) == nil {
			key = string(got.StorageKey)
		}
	}
	fresh[id] = key
	return key
}

// hostOf is the host that a storage key belongs to.
func hostOf(key string) string {
	origin, _, _ := strings.Cut(key, "^")
	u, err := url.Parse(origin)
	if err != nil {
		return origin
	}
	return u.Host
}

// addressOf is the address of a storage key's origin.
func addressOf(key string) string {
	origin, _, _ := strings.Cut(key, "^")
	return origin
}

// placed is a place of what is kept under a storage key.
func (s *Session) placed(name, key string) history.Place {
	if host := hostOf(key); !strings.EqualFold(host, s.targetHost) {
		name += " " + host
	}
	return history.Place(name)
}

// keep pours what is kept at a place into the sink, unless it was recorded
// last at the same place. slot tells places apart that are called the same.
func (s *Session) keep(place history.Place, key, slot string, all []history.Segment) bool {
	content, sum := encode(all)
	id := string(place) + "\x00" + key + "\x00" + slot
	if before, had := s.storage.last[id]; had && before == sum || !had && len(all) == 0 {
		return false
	}
	s.storage.last[id] = sum
	x := s.sighting(history.SurfaceStorage, addressOf(key))
	x.Place = place
	if len(content) > largestArea {
		x.Body.Unseen = "too large: more than 8 MB are kept there"
		return s.spec.Sink.Sighting(x, nil)
	}
	x.Body.Type = history.SegmentsType
	return s.spec.Sink.Sighting(x, content)
}

// miss records that what is kept at a place could not be read.
func (s *Session) miss(place history.Place, key, reason string) {
	x := s.sighting(history.SurfaceStorage, addressOf(key))
	x.Place = place
	x.Body.Unseen = reason
	s.spec.Sink.Sighting(x, nil)
}

func encode(all []history.Segment) (content []byte, sum [sha256.Size]byte) {
	if all == nil {
		all = []history.Segment{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(all) // segments are strings: they always encode
	return b.Bytes(), sha256.Sum256(b.Bytes())
}

// template is a name without what is personal in it, as places write it.
func template(name string) string {
	const before = "GET /"
	place := string(history.PlaceOf("GET", "http://x/"+url.PathEscape(name), "x"))
	plain, err := url.PathUnescape(strings.TrimPrefix(place, before))
	if err != nil {
		return name
	}
	return plain
}

// named are names of things that say something themselves: they are searched
// like what stands under them.
func named(what string, names ...string) []history.Segment {
	var all []history.Segment
	for _, n := range names {
		if template(n) != n {
			all = append(all, history.Segment{Where: what, Text: n})
		}
	}
	return all
}
