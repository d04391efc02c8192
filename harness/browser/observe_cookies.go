package browser

import (
	"context"
	"encoding/json"
	"sort"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// recordCookies records the jar when it differs from what was recorded last.
func (s *Session) recordCookies(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	var jar proto.StorageGetCookiesResult
	if err := s.driver.call(ctx, proto.StorageGetCookies{BrowserContextID: s.contextID}, &jar); err != nil {
		return // the next look reads the same jar
	}
	all := make([]history.Segment, 0, len(jar.Cookies))
	for _, c := range jar.Cookies {
		all = append(all, history.Segment{Where: c.Name, Text: c.Value})
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].Where < all[j].Where || all[i].Where == all[j].Where && all[i].Text < all[j].Text
	})
	text, err := json.Marshal(all)
	if err != nil || string(text) == s.cookies || s.cookies == "" && len(all) == 0 {
		return
	}
	s.cookies = string(text)
	s.sight(history.SurfaceCookie, s.watch.address(), all)
}
