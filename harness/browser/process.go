package browser

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// process is a browser that we started. It must not outlive us, however we
// end, so it is held twice: by a pipe whose closing tells Chromium to quit
// (every Unix, wrapper scripts included) and on Linux by a signal that the
// kernel sends when we die.
type process struct {
	cmd     *exec.Cmd
	output  *tail
	ours    []*os.File    // our ends of its pipes; the first is its output
	started chan error    // receives once
	ended   chan struct{} // closed when it was reaped
	exited  chan struct{} // closed when its output was read to the end as well
	state   error         // how it ended; to be read after ended is closed
}

const (
	// lastWords is how long the output of a browser that has ended is read
	// on: an orphan of it may hold it open.
	lastWords = time.Second
	// obituary is how long the end of a process is waited for that ended
	// a connection: the socket goes first.
	obituary = time.Second
)

// startProcess runs the browser at path, with variables added to our own
// environment.
func startProcess(path string, args, env []string, log io.Writer) (*process, error) {
	p := &process{
		cmd: exec.Command(path, args...), output: newTail(log), //nolint:noctx // it outlives the launch
		started: make(chan error, 1), ended: make(chan struct{}), exited: make(chan struct{}),
	}
	p.cmd.Env = append(os.Environ(), env...)
	ownGroup(p.cmd)
	theirs, err := p.pipes()
	if err == nil {
		go p.run()
		err = <-p.started
	}
	closeAll(theirs)
	if err != nil {
		closeAll(p.ours)
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return p, nil
}

// pipes gives the browser a pipe for its output and the two that
// --remote-debugging-pipe expects as files 3 and 4. It returns the browser's
// ends, so that we can let go of them.
func (p *process) pipes() (theirs []*os.File, err error) {
	count := 1
	if holdsByPipe {
		count = 3
	}
	for range count {
		r, w, err := os.Pipe()
		if err != nil {
			return theirs, fmt.Errorf("make pipe: %w", err)
		}
		if len(theirs) == 1 { // file 3 is the one that the browser reads
			r, w = w, r
		}
		p.ours, theirs = append(p.ours, r), append(theirs, w)
	}
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.ExtraFiles = theirs[0], theirs[0], theirs[1:]
	return theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// run starts the browser and waits for its end, on one thread of its own: the
// kernel's parent-death signal is tied to the thread that started the child,
// not to our process, so that thread must stay.
func (p *process) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.cmd.Start(); err != nil {
		p.started <- err
		return
	}
	p.started <- nil
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(p.output, p.ours[0])
	}()
	p.state = p.cmd.Wait()
	close(p.ended)
	killGroup(p.cmd.Process.Pid) // what it left behind
	if err := p.ours[0].SetReadDeadline(time.Now().Add(lastWords)); err != nil {
		_ = p.ours[0].Close()
	}
	<-read
	closeAll(p.ours)
	close(p.exited)
}

// kill ends the browser with all its processes and waits for it.
func (p *process) kill(ctx context.Context) error {
	select {
	case <-p.ended:
	default:
		killGroup(p.cmd.Process.Pid)
		_ = p.cmd.Process.Kill()
	}
	select {
	case <-p.exited:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for browser process %d to end: %w", p.cmd.Process.Pid, ctx.Err())
	}
}

// address waits until the browser says where it listens.
func (p *process) address(ctx context.Context) (string, error) {
	select {
	case u := <-p.output.address:
		return u, nil
	case <-p.exited:
		return "", p.failure(fmt.Errorf("it ended at once (%s)", p.ending()))
	case <-ctx.Done():
		return "", p.failure(fmt.Errorf("it did not say where it listens: %w", ctx.Err()))
	}
}

// ending says how the process ended, for people.
func (p *process) ending() string {
	if p.cmd.ProcessState != nil {
		return p.cmd.ProcessState.String()
	}
	return fmt.Sprint(p.state)
}

// failure adds to err what the browser printed and, where it is known, what
// helps.
func (p *process) failure(err error) error {
	text := p.output.text()
	if text == "" {
		return err
	}
	err = fmt.Errorf("%w; it printed: %s", err, text)
	if h := hint(text); h != "" {
		err = fmt.Errorf("%w; %s", err, h)
	}
	return err
}

// explain replaces the error of a broken connection by how the process ended,
// when it did: "signal: killed" says more than EOF.
func (p *process) explain(err error) error {
	select {
	case <-p.ended:
		return fmt.Errorf("its process ended (%s)", p.ending())
	case <-time.After(obituary):
		return err
	}
}
