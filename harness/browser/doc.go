// Package browser walks journeys in Chromium and records what its sessions
// are shown. It knows how to find, install, start and hold a browser, and how
// to perform steps and observe pages in contexts of their own; it alone
// imports rod. It must not know customers' markers, schedules or verdicts: it
// pours what it saw into a history.Sink and leaves the judging to others.
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
