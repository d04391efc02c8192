package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// sameSecond is within which time two files get one name when that is made of
// the time in seconds.
const sameSecond = history.Moment(1_000_000)

// clashed is the cause "file clash": viewer and victim had each asked for a
// file, at the same time or within a second, and got the same one, byte for
// byte. Two files that a shop makes are never equal: the wrong content alone
// could come of a race as well.
func (c *court) clashed(q inquiry) ([]string, string) {
	if q.x == nil || q.x.body.Hash == "" || !isFile(q) {
		return nil, ""
	}
	if c.unmarked(q.x) != nil {
		return nil, ""
	}
	e := c.file(q, func(e *exchange) bool { return e.body.Hash == q.x.body.Hash })
	if e == nil {
		if near := c.file(q, func(*exchange) bool { return true }); near != nil {
			return nil, fmt.Sprintf("a file clash (%s's %s asked for a file at the same place %s)", name(near.viewer), near.id, earlier(near.start, q.x.start))
		}
		return nil, ""
	}
	return []string{fmt.Sprintf("%s (%s) and %s's %s asked for files of their own, %s apart, and both got the same one, byte for byte (%d bytes)",
		q.x.id, name(q.viewer), name(e.viewer), e.id, length(distance(e.start, q.x.start)), q.x.body.Size)}, ""
}

// file is the victim's request for a file at the same place and time, the
// nearest that will do.
func (c *court) file(q inquiry, fits func(*exchange) bool) *exchange {
	var best *exchange
	for _, e := range c.traffic.victims(q.proof).around(q.x.start-sameSecond, q.x.start+sameSecond) {
		if e.place == q.x.place && fits(e) && (best == nil || distance(e.start, q.x.start) < distance(best.start, q.x.start)) {
			best = e
		}
	}
	return best
}

// isFile says that a proof was shown in a file that the shop makes.
func isFile(q inquiry) bool {
	if q.sighting.surface == history.SurfaceDownload || q.x.resource == "download" {
		return true
	}
	files := []string{"application/pdf", "application/zip", "application/octet-stream", "application/msword", "text/csv", "application/vnd.ms-excel"}
	return slices.Contains(files, q.x.body.Type) || strings.HasPrefix(q.x.body.Type, "application/vnd.openxmlformats")
}
