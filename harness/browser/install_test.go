package browser

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"
)

const aptInstall = "apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "

func TestThePackageManagerIsAskedAsTheUserMay(t *testing.T) {
	apt := map[string]string{"apt-get": "/usr/bin/apt-get"}
	update := "apt-get -q -o DPkg::Lock::Timeout=120 update"
	cases := map[string]struct {
		machine *fakeMachine
		want    Want
		user    bool
		how     string
		done    []string
	}{
		"the shell is preferred":    {&fakeMachine{programs: apt, installs: []string{"chromium", "chromium-headless-shell"}}, Want{}, false, "apt-get install chromium-headless-shell", []string{update, aptInstall + "chromium-headless-shell"}},
		"the browser will do":       {&fakeMachine{programs: apt, installs: []string{"chromium"}}, Want{}, false, "apt-get install chromium", []string{update, aptInstall + "chromium-headless-shell", aptInstall + "chromium"}},
		"a full one is not a shell": {&fakeMachine{programs: apt, installs: []string{"chromium", "chromium-headless-shell"}}, Want{Full: true}, false, "apt-get install chromium", []string{update, aptInstall + "chromium"}},
		"old lists are updated":     {&fakeMachine{programs: apt, stale: true, installs: []string{"chromium"}}, Want{Full: true}, false, "apt-get install chromium", []string{update, aptInstall + "chromium"}},
		"old lists are better than none": {
			&fakeMachine{programs: apt, broken: map[string]error{"update": errors.New("exit status 100")}, installs: []string{"chromium"}}, Want{Full: true}, false, "apt-get install chromium",
			[]string{update, aptInstall + "chromium"},
		},
		"a user goes through sudo": {
			&fakeMachine{programs: map[string]string{"apt-get": "/usr/bin/apt-get", "sudo": "/usr/bin/sudo"}, installs: []string{"chromium"}}, Want{Full: true}, true, "apt-get install chromium",
			[]string{"sudo -n true", "sudo -n env DEBIAN_FRONTEND=noninteractive " + update, "sudo -n env DEBIAN_FRONTEND=noninteractive " + aptInstall + "chromium"},
		},
		"dnf": {&fakeMachine{programs: map[string]string{"dnf": "/usr/bin/dnf"}, installs: []string{"chromium"}}, Want{}, false, "dnf install chromium", []string{"dnf -q -y install chromium-headless", "dnf -q -y install chromium"}},
		"apk": {&fakeMachine{programs: map[string]string{"apk": "/sbin/apk"}, installs: []string{"chromium"}}, Want{}, false, "apk install chromium", []string{"apk add --no-cache chromium"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			own := map[string]string{}
			for k, v := range c.machine.programs {
				own[k] = v
			}
			c.machine.programs = own
			on := c.machine.machine(t)
			on.root = !c.user
			log := &ledger{}
			c.want.Log = log
			b, err := newSearch(c.want, on).provide(soon(t))
			require.NoError(t, err, log.String())
			require.Equal(t, c.how, b.How)
			require.Equal(t, append([]string{"download"}, c.done...), c.machine.done)
		})
	}
}

func TestAFailureNamesEveryAttemptAndTheNextStep(t *testing.T) {
	cases := map[string]struct {
		machine *fakeMachine
		want    Want
		user    bool
		text    []string
	}{
		"nothing at all":           {&fakeMachine{}, Want{}, false, []string{"no headless shell, Chrome", "rod's download: no host answers", "next step: install Chromium"}},
		"apt knows no browser":     {&fakeMachine{programs: map[string]string{"apt-get": "a"}}, Want{}, false, []string{"update: done", "Unable to locate package chromium-headless-shell", "Unable to locate package chromium\n"}},
		"a user without sudo":      {&fakeMachine{programs: map[string]string{"apt-get": "a"}}, Want{}, true, []string{"apt-get: needs root, and there is no sudo"}},
		"sudo wants a password":    {&fakeMachine{programs: map[string]string{"apt-get": "a", "sudo": "s"}, broken: map[string]error{"sudo": errors.New("exit status 1")}}, Want{}, true, []string{"sudo asks for a password"}},
		"root may not use brew":    {&fakeMachine{programs: map[string]string{"brew": "b"}}, Want{}, false, []string{"brew: does not run as root"}},
		"installing is forbidden":  {&fakeMachine{env: map[string]string{"CROSSTALK_NO_INSTALL": "1"}}, Want{}, false, []string{"forbidden by CROSSTALK_NO_INSTALL"}},
		"the given one is missing": {&fakeMachine{}, Want{Path: "nowhere"}, false, []string{"given: nowhere", "correct --browser"}},
		"the given one is broken":  {&fakeMachine{programs: map[string]string{"mine": "/mine"}, broken: map[string]error{"/mine": errors.New("exit status 127")}}, Want{Path: "mine"}, false, []string{"exit status 127", "correct --browser"}},
		"the download hangs":       {&fakeMachine{download: "hangs"}, Want{}, false, []string{"rod's download: context deadline exceeded"}},
		"the install hangs":        {&fakeMachine{programs: map[string]string{"apk": "a"}, installs: []string{"hangs"}}, Want{}, false, []string{"apk add --no-cache chromium: context deadline exceeded"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.machine.programs == nil {
				c.machine.programs = map[string]string{}
			}
			on := c.machine.machine(t)
			on.root = !c.user
			log := &ledger{}
			c.want.Log = log
			_, err := newSearch(c.want, on).provide(soon(t))
			var none *NotFoundError
			require.ErrorAs(t, err, &none)
			for _, w := range c.text {
				require.Contains(t, err.Error()+"\n", w)
			}
			require.NotEmpty(t, none.Next)
			for _, a := range none.Attempts {
				require.Contains(t, log.String(), a.What+": "+a.Outcome, "an attempt is told when it is made")
			}
			if strings.Contains(name, "forbidden") {
				require.Empty(t, c.machine.done)
			}
		})
	}
}

func TestOneInstallsAndTheOtherWaitsAndFindsWhatItBrought(t *testing.T) {
	f := &fakeMachine{programs: map[string]string{"apt-get": "a"}, installs: []string{"chromium"}}
	on := f.machine(t)
	on.limits.lock = hung
	other := flock.New(on.lockFile)
	require.NoError(t, other.Lock())
	log := &ledger{}
	found := make(chan Binary)
	go func() {
		b, err := newSearch(Want{Log: log}, on).provide(soon(t))
		if err != nil {
			t.Error(err)
		}
		found <- b
	}()
	require.Eventually(t, func() bool {
		return strings.Contains(log.String(), "waiting for another crosstalk")
	}, hung, 5*time.Millisecond)
	f.mu.Lock()
	f.programs["chromium"] = "/usr/bin/chromium"
	f.mu.Unlock()
	require.NoError(t, other.Unlock())
	require.Equal(t, "/usr/bin/chromium", (<-found).Path)
	require.Empty(t, f.done, "nothing is installed twice")
}

func TestALockThatIsNeverReleasedIsAFailureInTime(t *testing.T) {
	f := &fakeMachine{programs: map[string]string{}}
	on := f.machine(t)
	other := flock.New(on.lockFile)
	require.NoError(t, other.Lock())
	defer func() { _ = other.Unlock() }()
	_, err := newSearch(Want{}, on).provide(soon(t))
	var none *NotFoundError
	require.ErrorAs(t, err, &none)
	require.ErrorContains(t, err, "another crosstalk holds it")
	require.Empty(t, f.done)
}

func TestAnInterruptEndsTheSearch(t *testing.T) {
	f := &fakeMachine{programs: map[string]string{"apt-get": "a"}, download: "hangs"}
	on := f.machine(t)
	on.limits.download = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := newSearch(Want{}, on).provide(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []string{"download"}, f.done, "nothing is tried after the interrupt")
}

func TestAProgramIsEndedWithAllItStartedAndItsOutputIsKept(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := runProgram(ctx, io.Discard, "/bin/sh", "-c", "echo working; sleep 1000 & sleep 1000")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "working")
	require.Less(t, time.Since(start), 15*time.Second)
}

func TestTheVersionIsOneOfABrowser(t *testing.T) {
	_, err := versionOf(soon(t), script(t, "echo hello"))
	require.ErrorContains(t, err, "is no browser")
	_, err = versionOf(soon(t), script(t, "echo no libs >&2; exit 127"))
	require.ErrorContains(t, err, "no libs")
	product, err := versionOf(soon(t), script(t, "echo Chromium 1.2; echo more"))
	require.NoError(t, err)
	require.Equal(t, "Chromium 1.2", product)
}
