package zoo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

// walk runs one case: it opens the shop on a port of its own, with its mail
// going to the run, and drives it by an ordinary run. A run that broke is a row
// with an error; one that was interrupted is none, and leaves nothing behind that
// nobody asked for. The error says that its folder could not be taken away.
func (z *zoo) walk(ctx context.Context, c Case) (Row, error) {
	begun := time.Now()
	row := Row{Case: c, Seed: c.seed(z.Seed)}
	folder, err := z.caseFolder(c)
	if err == nil {
		err = z.fill(ctx, &row, folder)
	}
	if ctx.Err() != nil {
		return row, z.dropFolder(folder)
	}
	if err != nil {
		row.Error, row.Why, row.Expected = err.Error(), "the run broke: "+err.Error(), false
	}
	row.Duration = time.Since(begun).Milliseconds()
	return row, z.settleFolder(&row, folder)
}

// fill runs the case and judges what it says.
func (z *zoo) fill(ctx context.Context, row *Row, folder string) error {
	sc, err := decoyNamed(row.Name).Scenario(os.LookupEnv) // a fault's is written nothing into
	if err != nil {
		return err
	}
	o := demoshop.Options{Rename: z.Rename, Seed: row.Seed}
	config := harness.Config{
		Scenario: sc, Seed: row.Seed, Customers: z.Customers, For: z.For, Out: folder, Browser: z.Browser, Label: row.String(),
		Log: z.prefixed(row.Case), Leave: z.Leave,
	}
	if row.Kind == KindDecoy {
		return z.decoy(ctx, row, o, config)
	}
	return z.fault(ctx, row, o, config)
}

// decoy runs a decoy's case.
func (z *zoo) decoy(ctx context.Context, row *Row, o demoshop.Options, c harness.Config) error {
	o.Decoys = []string{row.Name}
	c.For = max(c.For, z.decoyFor)
	result, shown, err := visit(ctx, o, c, "")
	if err != nil {
		return err
	}
	j, err := judgement(ctx, result.Folder, c.Scenario)
	if err != nil {
		return err
	}
	z.told(row, result)
	row.judgeDecoy(result, meeting{decided(j), shown.served[row.Name], c.Customers, len(c.Scenario.Allow), j.AllowancesUnused})
	return nil
}

// told notes what a run says of itself.
func (z *zoo) told(row *Row, result harness.Result) {
	row.Verdict, row.Reasons, row.Remedies, row.Folder = result.Verdict, result.Reasons, result.Remedies, result.Folder
	if err := z.Write(result); err != nil {
		fmt.Fprintf(z.prefixed(row.Case), "%v\n", err)
	}
}

// visit opens the shop, runs, and closes it; the fault's chances over the time
// of the run, and what decoys gave out in it, come with the result.
func visit(ctx context.Context, o demoshop.Options, c harness.Config, fault string) (result harness.Result, chances *tally, err error) {
	if c.MailListener, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return result, nil, fmt.Errorf("listen for mail: %w", err)
	}
	defer func() { _ = c.MailListener.Close() }() // the run does, unless it never came to that
	o.SMTP = c.MailListener.Addr().String()
	shop, err := demoshop.New(o)
	if err != nil {
		return result, nil, err
	}
	// The shop outlives an interrupt: accounts are still cleaned up there.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	base, closed, err := shop.Serve(serving, "127.0.0.1:0")
	if err != nil {
		return result, nil, err
	}
	chances = &tally{count: func() demoshop.Count { return shop.Counts()[fault] }}
	var watching sync.WaitGroup
	watching.Go(func() { chances.watch(serving) })
	c.Target = base
	result, err = harness.Run(ctx, c)
	chances.note(time.Now())
	chances.served = shop.Served()
	stop()
	watching.Wait()
	return result, chances, errors.Join(err, <-closed)
}

// seen is when a run was first shown something, by the clock on the wall.
func seen(result harness.Result, millis int64) time.Time {
	began, err := time.Parse(time.RFC3339Nano, result.Started)
	if err != nil {
		return time.Now()
	}
	return began.Add(time.Duration(millis) * time.Millisecond)
}

// judgement is what the judge says of a run, with what is not for the reports.
func judgement(ctx context.Context, folder string, sc *scenarios.Scenario) (leak.Judgement, error) {
	h, err := history.Open(folder)
	if err != nil {
		return leak.Judgement{}, err
	}
	return leak.Judge(ctx, h, sc)
}

// mostAttempts bounds the folders of one case.
const mostAttempts = 1000

// caseFolder makes a folder for one attempt at a case, numbered from the second
// on. Attempts share none, as cases do not: a run that remembered the customers
// of another would take care to have others and would search for theirs, and
// this is no earlier run of that shop.
func (z *zoo) caseFolder(c Case) (string, error) {
	if err := os.MkdirAll(z.out, 0o755); err != nil {
		return "", fmt.Errorf("make run folder: %w", err)
	}
	first := filepath.Join(z.out, strings.NewReplacer("/", "-", " ", "-").Replace(c.String()))
	folder := first
	for i := 2; ; i++ {
		err := os.Mkdir(folder, 0o755)
		if err == nil {
			return folder, nil
		}
		if !errors.Is(err, fs.ErrExist) || i > mostAttempts {
			return "", fmt.Errorf("make run folder: %w", err)
		}
		folder = fmt.Sprintf("%s-%d", first, i)
	}
}

// settleFolder takes a temporary folder away that nobody needs to look at.
func (z *zoo) settleFolder(row *Row, folder string) error {
	if z.Out != "" || !row.clean() {
		row.Folder = cmp.Or(row.Folder, folder)
		return nil
	}
	row.Folder = ""
	return z.dropFolder(folder)
}

// dropFolder takes a folder away where none was asked for.
func (z *zoo) dropFolder(folder string) error {
	if z.Out != "" || folder == "" {
		return nil
	}
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("remove run folder: %w", err)
	}
	return nil
}

func expectationOf(fault string) Expectation {
	for _, e := range Expectations() {
		if e.Fault == fault {
			return e
		}
	}
	return Expectation{} // a test holds that every fault has one
}

func decoyNamed(name string) Decoy {
	for _, d := range Decoys() {
		if d.Name == name {
			return d
		}
	}
	return Decoy{} // likewise
}

// prefixed writes what a run has to say with its case before it, and what
// several say alike (which browser there is) once.
func (z *zoo) prefixed(c Case) io.Writer { return &prefix{z, c.String()} }

type prefix struct {
	zoo  *zoo
	name string
}

// mostSaid bounds what is remembered of the lines that were said.
const mostSaid = 1000

func (p *prefix) Write(b []byte) (int, error) {
	p.zoo.mu.Lock()
	defer p.zoo.mu.Unlock()
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if p.zoo.said[line] {
			continue
		}
		if len(p.zoo.said) < mostSaid {
			p.zoo.said[line] = true
		}
		fmt.Fprintf(p.zoo.Log, "%s: %s\n", p.name, line)
	}
	return len(b), nil
}
