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
	hold    []*os.File    // our ends of the pipe
	started chan error    // receives once
	exited  chan struct{} // closed when it was reaped
	state   error         // how it ended; to be read after exited is closed
}

// startProcess runs the browser at path, with variables added to our own
// environment.
func startProcess(path string, args, env []string, log io.Writer) (*process, error) {
	p := &process{
		output:  newTail(log),
		started: make(chan error, 1), exited: make(chan struct{}),
	}
	p.cmd = exec.Command(path, args...)
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.WaitDelay = time.Second // an orphan may hold our end of its output open
	ownGroup(p.cmd)
	theirs, err := p.pipes()
	if err != nil {
		return nil, err
	}
	go p.run()
	err = <-p.started
	for _, f := range theirs {
		_ = f.Close()
	}
	if err != nil {
		p.release()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return p, nil
}

// pipes gives the browser the two ends that --remote-debugging-pipe expects
// as files 3 and 4, and returns them so that we can let go of them.
func (p *process) pipes() ([]*os.File, error) {
	if !holdsByPipe {
		return nil, nil
	}
	in, ours, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	oursToo, out, err := os.Pipe()
	if err != nil {
		_, _ = in.Close(), ours.Close()
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	p.cmd.ExtraFiles = []*os.File{in, out}
	p.hold = []*os.File{ours, oursToo}
	return p.cmd.ExtraFiles, nil
}

// run starts the browser and waits for its end, on one thread of its own: the
// kernel's parent-death signal is tied to the thread that started the child,
// not to our process, so that thread must stay.
func (p *process) run() {
	defer close(p.exited)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	p.started <- err
	if err != nil {
		p.state = err
		return
	}
	p.state = p.cmd.Wait()
	killGroup(p.cmd.Process.Pid) // what it left behind
}

// kill ends the browser with all its processes and waits for it.
func (p *process) kill(ctx context.Context) error {
	defer p.release()
	select {
	case <-p.exited:
		return nil
	default:
	}
	killGroup(p.cmd.Process.Pid)
	_ = p.cmd.Process.Kill()
	select {
	case <-p.exited:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for browser process %d to end: %w", p.cmd.Process.Pid, ctx.Err())
	}
}

func (p *process) release() {
	for _, f := range p.hold {
		_ = f.Close()
	}
	p.hold = nil
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
	case <-p.exited:
		return fmt.Errorf("its process ended (%s)", p.ending())
	case <-time.After(300 * time.Millisecond):
		return err
	}
}
