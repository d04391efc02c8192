package zoo

import (
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// Expectations has one row for each fault of the demo shop, in its order.
func Expectations() []Expectation {
	const (
		page, field, markup = history.SurfacePage, history.SurfaceField, history.SurfaceMarkup
		response, header    = history.SurfaceResponse, history.SurfaceHeader
		cookie, socket      = history.SurfaceCookie, history.SurfaceSocket
		download, mail      = history.SurfaceDownload, history.SurfaceMail
	)
	const (
		relay, burst, mingle = history.PhaseRelay, history.PhaseBurst, history.PhaseMingle
		abort, swap, herd    = history.PhaseAbort, history.PhaseSwap, history.PhaseHerd
	)
	return []Expectation{
		{demoshop.EdgeCache, []string{relay, mingle, burst}, 2, leak.CauseSharedCache, sights(response, page, markup)},
		{demoshop.PrefilledCheckout, []string{relay, mingle}, 2, leak.CauseSharedCache, sights(field, response, page, markup)},
		{demoshop.FragmentCache, []string{relay, mingle}, 2, leak.CauseSharedCache, sights(page, response, markup)},
		{demoshop.InlineState, []string{relay, mingle}, 2, leak.CauseSharedCache, sights(response, markup)},
		{demoshop.CachedCookie, []string{relay, mingle}, 2, leak.CauseCachedSetCookie, sessions(cookie, response, page)},
		{demoshop.CookielessCache, []string{relay, mingle, burst}, 2, leak.CauseSharedCache, sights(response)},
		{demoshop.CoalescedRequest, []string{burst, herd}, 2, leak.CauseCoalesced, sights(response, cookie, page, markup)},
		{demoshop.WrongVariant, []string{relay, mingle}, 2, leak.CauseSharedCache, map[demoshop.Variant]Sight{
			demoshop.Plain: {[]string{leak.RuleVariant}, []history.Surface{response, page, header}, leak.Suspicion},
		}},
		{demoshop.SharedVariable, []string{burst, herd}, 2, leak.CauseRace, sights(response, page, markup)},
		{demoshop.RecycledRequest, []string{abort, burst}, 2, leak.CauseSwappedSession, sessions(cookie, response, page)},
		{demoshop.ShiftedReplies, []string{abort}, 3, leak.CauseShiftedReplies, sights(response, page, markup)},
		{demoshop.ShiftedQueue, []string{abort, mingle}, 2, leak.CauseShiftedReplies, sights(response, page, markup)},
		{demoshop.WorkerSingleton, []string{relay, mingle}, 2, leak.CauseWorkerResidue, sights(response, page, markup)},
		{demoshop.ThreadIdentity, []string{abort, relay}, 2, leak.CauseWorkerResidue, sights(response, page)},
		{demoshop.PooledTenant, []string{relay, burst}, 2, leak.CauseWorkerResidue, sights(response, page)},
		{demoshop.ProcessLoader, []string{relay, mingle}, 2, leak.CauseWorkerResidue, sights(response, page, markup)},
		{demoshop.PooledBuffer, []string{burst, herd}, 4, leak.CauseRace, sights(header, response, download)},
		{demoshop.SessionCollision, []string{burst, herd}, 2, leak.CauseSwappedSession, sessions(cookie, response, page)},
		{demoshop.WrongRoom, []string{burst, herd}, 2, leak.CauseBroadcast, sights(socket, page)},
		{demoshop.FileClash, []string{burst, herd}, 2, leak.CauseFileClash, sights(download, response)},
		{demoshop.ReusedMailer, []string{mingle, burst, relay}, 2, leak.CauseMailMixUp, sights(mail)},
		{demoshop.SharedThumbnail, []string{relay, mingle}, 2, leak.CauseSharedCache, sights(response)},
		{demoshop.KeptDraft, []string{swap}, 2, leak.CauseClientStorage, inherited(response, page, field)},
		{demoshop.OfflineCopy, []string{swap}, 2, leak.CauseClientStorage, inherited(response, page, history.SurfaceStorage)},
		{demoshop.ColdStart, []string{herd}, 3, leak.CauseRace, sights(response, page, markup)},
	}
}

// sessions are the variants of a fault that hands over cookies: the session's
// own, and with it everything, or one that only says something of the customer.
func sessions(surfaces ...history.Surface) map[demoshop.Variant]Sight {
	all := sights(surfaces...)
	plain := all[demoshop.Plain]
	plain.Rules = append(plainly(), leak.RuleSharedToken)
	return with(all, demoshop.Plain, plain)
}

// inherited are the variants of a fault that shows the next customer at one
// client who used it before.
func inherited(surfaces ...history.Surface) map[demoshop.Variant]Sight {
	all := sights(surfaces...)
	for v, s := range all {
		s.Rules = append(s.Rules, leak.RulePredecessor)
		all[v] = s
	}
	return all
}
