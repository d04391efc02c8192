// Package browser walks journeys in Chromium and records what its sessions
// are shown. It knows how to find, install, start and hold a browser, and how
// to perform steps and observe pages in contexts of their own; it alone
// imports rod. It must not know customers' markers, schedules or verdicts: it
// pours what it saw into a history.Sink and leaves the judging to others.
//
// # Which file sees what
//
// Steps are performed in session_steps.go, act*.go, session_nav.go and shows.go;
// after each, look.go has recorded what there is to see, one surface after the
// other:
//
//	page, field     observe_frames.go (which documents, in which order),
//	                observe_page.go (how one is read), observe_snapshot*.go (as
//	                the browser writes it down), observe_page.js (its beginning,
//	                where it is too large or too slow for that)
//	  what flashes  observe_flash.go and .js (a feed of what changes);
//	                observe_hooks*.js (what is drawn on a canvas)
//	markup          observe_markup.go
//	notice          observe_notice.go; notifications: observe_hooks*.js
//	console         observe_console.go, observe_logged.go (objects)
//	response,       observe.go (what network events lead to), observe_network.go
//	header          and observe_flight.go (a request and its redirects),
//	                observe_body.go, observe_record.go (into the history);
//	                assets.go (files that need not be read again)
//	socket          observe_socket.go, observe_stream.go (answers without end)
//	cookie          observe_cookies.go (the jar); Set-Cookie lines as headers
//	storage         observe_storage.go, and _dom, _cache, _idb, _worker beside it
//	download        download.go, download_events.go
//
// The browser's times become ours in observe_clock.go, frames' addresses are
// known in observe_homes.go, and observe_refused.go remembers which answer was
// the reason for a step that failed.
//
// session_driver.go begins sessions, session_end.go ends them; session_wire.go
// makes their calls and queues their events. A session is one context with
// pages, and below them frames of other sites and workers; each that has a
// protocol channel of its own is a target (session_target.go). Targets are held
// at their birth, made ready and let go (session_events.go, session_hold.go,
// session_prepare.go); another page may take a page's place
// (session_handover.go, session_ahead.go). session_guard.go refuses hosts. What
// one session may take of the browser that it shares with others is bounded in
// session_bounds.go and session_shed.go. Each place says of what it leaves out
// that it is unseen.
//
// A browser is found, brought and started in find.go, install.go and launch.go;
// selfcheck*.go proves that its contexts cannot see each other.
//
// # Words
//
//   - To look is to record what is there now: after a step, and once more when
//     the session ends.
//   - Told is what a target says of its own accord between two looks
//     (observe_told.go); the next look takes it. A flash is a text that a page
//     told: it may be gone by then.
//   - A notice is what stands beside the page: a box, a notification.
//   - Pushed is what comes without being looked for: flashes, notices, the
//     console, parts of open streams. Kept is what the client keeps: cookies and
//     storage.
//   - A hop is one request and its answer; a flight is a request with all the
//     hops that redirects made of it.
//   - A part of observation (bodies, pages, …) is what can be left out to
//     measure its cost: Parts lists them.
//
// # Losing a browser
//
// Every call that goes to the browser ends: it succeeds, it fails by its
// deadline, or its error wraps history.ErrLost because the tab or the whole
// browser is gone. Protocol calls are made through do or doOnce, which see to
// that. Whoever waits for events of rod's must also watch Browser.Lost: rod
// ends such waits without an error when the browser dies.
//
// # Environment
//
// CROSSTALK_BROWSER names the browser where Want.Path is empty.
// CROSSTALK_NO_INSTALL=1 forbids Provide to download or install one.
package browser
