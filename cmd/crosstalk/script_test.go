package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"crosstalk/harness/browser"
	"crosstalk/scenarios/demoshop"
)

// sideBySide is how many parallel tests go on at once, unless -parallel says
// otherwise: runs wait half of their time, so that one more than CI has cores
// costs little.
const sideBySide = "3"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", sideBySide); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"crosstalk": func() { main() },
	})
}

func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:         passEnvironment,
		Condition:     condition,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":        cmdCode,
			"shop":        cmdShop,
			"requests":    cmdRequests,
			"until":       cmdUntil,
			"sameplan":    cmdSamePlan,
			"browsers":    cmdBrowsers,
			"killbrowser": cmdKillBrowser,
		},
	})
}

// passEnvironment lets the program find a browser as it would outside a test.
func passEnvironment(env *testscript.Env) error {
	for _, name := range []string{"CROSSTALK_BROWSER", "CROSSTALK_NO_INSTALL", "XDG_CACHE_HOME", "CI"} {
		if value, ok := os.LookupEnv(name); ok {
			env.Setenv(name, value)
		}
	}
	env.Setenv("HOME", os.Getenv("HOME"))
	env.Setenv("NO_COLOR", "1")
	return nil
}

// condition knows [browser]: there is one, or there has to be.
func condition(name string) (bool, error) {
	if name != "browser" {
		return false, errors.New("unknown condition " + name)
	}
	if strings.Contains(os.Getenv("CROSSTALK_REQUIRE"), "chromium") {
		return true, nil
	}
	_, err := browser.Provide(context.Background(), browser.Want{Log: os.Stderr})
	return err == nil, nil
}

// cmdCode runs a command that must end with this exit code:
//
//	code 3 crosstalk run nowhere.yaml
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if neg {
		ts.Fatalf("say which code is right")
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		got = exited.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

// counted is a server of a script that counts what reaches it.
type counted struct {
	handler  http.Handler
	requests atomic.Int64
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	c.handler.ServeHTTP(w, r)
}

// cmdShop serves the demo shop, or a stand-in, until the script ends:
//
//	shop URL [down | broken | no-sign-in | talkative | FAULT …]
//
// down listens no more; broken answers 500 to everything; no-sign-in answers
// 500 to whoever signs in; talkative goes on behind the end of each answer.
func cmdShop(ts *testscript.TestScript, _ bool, args []string) {
	c := &counted{}
	faults := args[1:]
	switch {
	case len(faults) == 1 && faults[0] == "broken":
		c.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "internal error", http.StatusInternalServerError)
		})
	case len(faults) == 1 && faults[0] == "down":
		c.handler = http.NotFoundHandler()
	case len(faults) == 1 && faults[0] == "talkative":
		c.handler = http.HandlerFunc(talk)
	case len(faults) == 1 && faults[0] == "no-sign-in":
		shop, err := newDemoShop(nil, demoshop.Options{})
		ts.Check(err)
		c.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && (r.URL.Path == "/sign-in" || r.URL.Path == "/api/login") {
				http.Error(w, "internal error", http.StatusInternalServerError)
				return
			}
			shop.ServeHTTP(w, r)
		})
	default:
		shop, err := newDemoShop(faults, demoshop.Options{})
		ts.Check(err)
		c.handler = shop
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], "http://"+listener.Addr().String())
	server := serve(listener, c)
	if len(faults) == 1 && faults[0] == "down" {
		ts.Check(server.stop())
		return
	}
	ts.Defer(func() { ts.Check(server.stop()) })
	counters.Store(args[0]+ts.Getenv("WORK"), c)
}

// talk sends more than it said, and closes when the client does.
func talk(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello, jane.doe@shop.test")
	_, _ = conn.Read(make([]byte, 1))
}

var counters syncMap

// cmdRequests says how many requests reached a shop: requests URL 0.
func cmdRequests(ts *testscript.TestScript, _ bool, args []string) {
	c, ok := counters.Load(args[0] + ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no shop %s", args[0])
	}
	if got := strconv.FormatInt(c.requests.Load(), 10); got != args[1] {
		ts.Fatalf("%s requests reached %s, not %s", got, args[0], args[1])
	}
}
