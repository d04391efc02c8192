package demoshop

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// paperFolder is the fault file-clash: a paper is set into a temporary file and
// sent from there. Setting one is dear, and who clicks twice shall not wait
// twice: a file that is there already is sent as it is. The harm: its name has
// the time in seconds, and nothing of the customer. The fault's rate is the share
// of papers that are sent from a file that was set for somebody else within the
// same second.
type paperFolder struct {
	fault *lever
	now   func() time.Time
	mu    sync.Mutex // one paper is set at a time
	dir   string     // empty while there is none
	files map[string]paperFile
}

// paperFile is one that stands in the folder.
type paperFile struct {
	who  string // it was set for
	gone *time.Timer
}

// fileLife is how long a file stands: it is never asked for after its second.
const fileLife = 2 * time.Second

// paper is what is sent to somebody who asks for that paper: in a healthy shop,
// what set returns.
func (p *paperFolder) paper(kind paper, who string, set func() ([]byte, error)) ([]byte, error) {
	if p.fault == nil || p.fault.variant != kind.variant {
		return set()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	name := kind.name + "-" + strconv.FormatInt(p.now().Unix(), 10) + ".pdf"
	file, there := p.files[name]
	switch {
	case there && file.who != who && !p.fault.strikes():
		return set()
	case !there:
		if err := p.keep(name, who, set); err != nil {
			return nil, err
		}
	}
	pdf, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		return nil, fmt.Errorf("read paper: %w", err)
	}
	return pdf, nil
}

// keep sets a paper into a file, and has it removed in time. The caller holds
// the lock.
func (p *paperFolder) keep(name, who string, set func() ([]byte, error)) error {
	pdf, err := set()
	if err != nil {
		return err
	}
	if p.dir == "" {
		if p.dir, err = os.MkdirTemp("", "papers-"); err != nil {
			return fmt.Errorf("keep paper: %w", err)
		}
		p.files = map[string]paperFile{}
	}
	if err := os.WriteFile(filepath.Join(p.dir, name), pdf, 0o600); err != nil {
		return fmt.Errorf("keep paper: %w", err)
	}
	p.files[name] = paperFile{who, time.AfterFunc(fileLife, func() { p.remove(name) })}
	return nil
}

// remove takes a file away, and with the last one the folder: a shop that nobody
// closes leaves nothing behind.
func (p *paperFolder) remove(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, there := p.files[name]; !there {
		return
	}
	_ = os.Remove(filepath.Join(p.dir, name))
	if delete(p.files, name); len(p.files) == 0 {
		p.empty()
	}
}

// close takes all files away.
func (p *paperFolder) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, file := range p.files {
		file.gone.Stop()
	}
	p.empty()
}

// empty removes the folder. The caller holds the lock.
func (p *paperFolder) empty() {
	if p.dir != "" {
		_ = os.RemoveAll(p.dir)
	}
	p.dir, p.files = "", nil
}

func fileClashInfo() Info {
	return Info{
		Name:      FileClash,
		Class:     20,
		Incident:  "a plug-in for PDF invoices, issue 52: a few times in a thousand invoices a day two customers got the same one",
		Mechanism: "an invoice, or one of the slips that come with it, is set into a temporary file named by the second, and sent from there to everybody who asks within it",
		Where:     "fault_file_clash.go, asked by origin.sendInvoice and origin.apiSlip",
	}
}
