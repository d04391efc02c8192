package browser

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// mostCaches and mostCached bound the caches of an origin, and the
	// responses in each, that are read.
	mostCaches = 30
	mostCached = 300
	// largestCached is how much of one response is recorded, and cachedInAll
	// how much a session's are in all, in bytes.
	largestCached = 8 << 20
	cachedInAll   = 64 << 20
)

// recordCaches records what an origin's caches keep: each response once.
func (s *Session) recordCaches(ctx context.Context, o owner) (foreign bool) {
	var got proto.CacheStorageRequestCacheNamesResult
	if o.t.callOnce(ctx, proto.CacheStorageRequestCacheNames{StorageKey: o.key}, &got) != nil {
		return false // a document that may have none
	}
	for i, c := range got.Caches {
		if i == mostCaches {
			s.miss(s.placed("Cache Storage", o.key), o.key, fmt.Sprintf("cut off: more than %d caches", mostCaches))
			break
		}
		foreign = s.recordCache(ctx, o, c) || foreign
	}
	return foreign
}

func (s *Session) recordCache(ctx context.Context, o owner, c *proto.CacheStorageCache) (foreign bool) {
	name := "Cache Storage " + template(c.CacheName)
	size, skip := mostCached, 0
	var got proto.CacheStorageRequestEntriesResult
	err := o.t.callOnce(ctx, proto.CacheStorageRequestEntries{CacheID: c.CacheID, SkipCount: &skip, PageSize: &size}, &got)
	if err != nil {
		s.miss(s.placed(name, o.key), o.key, "could not be read: "+rootText(err))
		return false
	}
	if int(got.ReturnCount) > mostCached {
		s.miss(s.placed(name, o.key), o.key, fmt.Sprintf("cut off: more than %d responses", mostCached))
	}
	heads := named("(name)", c.CacheName)
	for _, e := range got.CacheDataEntries {
		at := string(history.PlaceOf(e.RequestMethod, e.RequestURL, s.targetHost))
		heads = append(heads, history.Segment{Where: at, Text: e.RequestURL})
		for _, h := range e.ResponseHeaders {
			heads = append(heads, history.Segment{Where: at + " " + strings.ToLower(h.Name), Text: h.Value})
		}
		foreign = s.recordCached(ctx, o, c, e, s.placed(name+" "+at, o.key)) || foreign
	}
	return s.keep(s.placed(name, o.key), o.key, c.CacheName, heads) || foreign
}

// recordCached records the body of one response in a cache.
func (s *Session) recordCached(ctx context.Context, o owner, c *proto.CacheStorageCache, e *proto.CacheStorageDataEntry, place history.Place) bool {
	id := string(c.CacheID) + " " + e.RequestMethod + " " + e.RequestURL + " " + strconv.FormatFloat(e.ResponseTime, 'f', -1, 64)
	if s.storage.cached[id] {
		return false
	}
	x := s.sighting(history.SurfaceStorage, e.RequestURL)
	x.Place = place
	x.Body.Type = mediaType(headerOf(e.ResponseHeaders, "content-type"))
	body, unseen := s.readCached(ctx, o, c, e)
	if ctx.Err() == nil {
		s.storage.cached[id] = true
	}
	x.Body.Unseen = unseen
	return s.spec.Sink.Sighting(x, body)
}

func (s *Session) readCached(ctx context.Context, o owner, c *proto.CacheStorageCache, e *proto.CacheStorageDataEntry) ([]byte, string) {
	size, _ := strconv.Atoi(headerOf(e.ResponseHeaders, "content-length"))
	if size > largestCached || s.storage.kept > cachedInAll {
		return nil, "too large: the caches keep more than is read"
	}
	var got proto.CacheStorageRequestCachedResponseResult
	request := proto.CacheStorageRequestCachedResponse{CacheID: c.CacheID, RequestURL: e.RequestURL, RequestHeaders: e.RequestHeaders}
	if request.RequestHeaders == nil {
		request.RequestHeaders = []*proto.CacheStorageHeader{}
	}
	if err := o.t.callOnce(ctx, request, &got); err != nil || got.Response == nil {
		return nil, "could not be read from the cache"
	}
	s.storage.kept += len(got.Response.Body)
	if len(got.Response.Body) > largestCached {
		return nil, "too large: the caches keep more than is read"
	}
	return got.Response.Body, ""
}

func headerOf(all []*proto.CacheStorageHeader, name string) string {
	for _, h := range all {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// originOf is the origin of an address, as storage keys write it.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host + "/"
}

// pathTemplate is the path of an address without what is personal in it.
func pathTemplate(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(string(history.PlaceOf("GET", address, u.Host)), "GET ")
}
