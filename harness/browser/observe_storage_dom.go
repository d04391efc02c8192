package browser

import (
	"context"
	"sort"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// mostNews bounds the values that came and went between two looks, in bytes.
const mostNews = 4 << 20

// area is one localStorage, or one page's sessionStorage.
type area struct {
	key   string
	local bool
	page  proto.TargetTargetID // of a sessionStorage: pages have their own
}

func (a area) name() string {
	if a.local {
		return "localStorage"
	}
	return "sessionStorage"
}

func areaOf(t *target, key string, local bool) area {
	a := area{key: key, local: local}
	if !local {
		a.page = t.targetID
	}
	return a
}

// came notes a value that was stored; it may be gone before anybody looks.
func (k *storage) came(t *target, id *proto.DOMStorageStorageID, key, value string) {
	if id == nil || k.lost {
		return
	}
	if k.newsSize += len(key) + len(value); k.newsSize > mostNews {
		k.lost = true
		return
	}
	if k.news == nil {
		k.news = map[area][]history.Segment{}
	}
	a := areaOf(t, string(id.StorageKey), id.IsLocalStorage)
	k.news[a] = append(k.news[a], history.Segment{Where: key, Text: value})
}

// takeNews answers what came since the last look, and whether there was more.
func (k *storage) takeNews() (news map[area][]history.Segment, lost bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	news, lost = k.news, k.lost
	k.news, k.newsSize, k.lost = nil, 0, false
	return news, lost
}

// recordAreas records localStorage and sessionStorage: what stands there now,
// and what stood there for a while.
func (s *Session) recordAreas(ctx context.Context, owners []owner) (foreign bool) {
	news, lost := s.storage.takeNews()
	seen := map[area]bool{}
	for _, o := range owners {
		for _, local := range []bool{true, false} {
			a := areaOf(o.t, o.key, local)
			if seen[a] {
				continue
			}
			seen[a] = true
			items, ok := readArea(ctx, o.t, a)
			if ok {
				foreign = s.keepArea(a, items, news[a]) || foreign
				delete(news, a)
			}
		}
	}
	for a, passed := range news { // whose documents are gone
		foreign = s.keepPassed(a, passed) || foreign
	}
	if lost {
		s.miss("localStorage", "", "more values came and went than are kept")
	}
	return foreign
}

func readArea(ctx context.Context, t *target, a area) ([]history.Segment, bool) {
	var got proto.DOMStorageGetDOMStorageItemsResult
	id := &proto.DOMStorageStorageID{StorageKey: proto.DOMStorageSerializedStorageKey(a.key), IsLocalStorage: a.local}
	if t.callOnce(ctx, proto.DOMStorageGetDOMStorageItems{StorageID: id}, &got) != nil {
		return nil, false
	}
	var all []history.Segment
	for _, item := range got.Entries {
		if len(item) == 2 {
			all = append(all, history.Segment{Where: item[0], Text: item[1]})
			all = append(all, named("(key)", item[0])...)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Where < all[j].Where })
	return all, true
}

// keepArea records an area, then what passed through it since it was looked at
// last.
func (s *Session) keepArea(a area, items, news []history.Segment) bool {
	stands := map[history.Segment]bool{}
	for _, item := range items {
		stands[item] = true
	}
	var passed []history.Segment
	for _, item := range news {
		if !stands[item] {
			stands[item] = true
			passed = append(passed, item)
		}
	}
	foreign := s.keep(s.placed(a.name(), a.key), a.key, string(a.page), items)
	return s.keepPassed(a, passed) || foreign
}

// keepPassed records values that stood in an area for a while.
func (s *Session) keepPassed(a area, passed []history.Segment) bool {
	if len(passed) == 0 {
		return false
	}
	for _, item := range passed {
		passed = append(passed, named("(key)", item.Where)...)
	}
	return s.keep(s.placed(a.name(), a.key), a.key, string(a.page)+" passed", passed)
}
