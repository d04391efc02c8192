package browser

import (
	"context"

	"crosstalk/harness/history"
)

// snapshotRequest has the browser write down the documents of a target: every
// frame of its process, through open and closed shadow roots, without running
// a script in them.
type snapshotRequest struct {
	ComputedStyles []string `json:"computedStyles"`
}

// ProtoReq is the call's name.
func (snapshotRequest) ProtoReq() string { return "DOMSnapshot.captureSnapshot" }

// snapshot is what the browser wrote down. All texts are indexes into strings,
// -1 for none; a column of nodes has one entry for each node, a sparse one only
// for those that have something there.
type snapshot struct {
	Documents []snapshotDocument `json:"documents"`
	Strings   []string           `json:"strings"`
}

type snapshotDocument struct {
	URL   int `json:"documentURL"`
	Title int `json:"title"`
	Frame int `json:"frameId"`
	Nodes struct {
		Parent     []int   `json:"parentIndex"`
		Type       []int   `json:"nodeType"`
		Name       []int   `json:"nodeName"`
		Value      []int   `json:"nodeValue"`
		Backend    []int   `json:"backendNodeId"`
		Attributes [][]int `json:"attributes"`
		Shadow     sparse  `json:"shadowRootType"`
		Text       sparse  `json:"textValue"`
		Input      sparse  `json:"inputValue"`
		Checked    sparse  `json:"inputChecked"`
		Selected   sparse  `json:"optionSelected"`
		Content    sparse  `json:"contentDocumentIndex"`
		Pseudo     sparse  `json:"pseudoType"`
	} `json:"nodes"`
	Layout struct {
		Node []int `json:"nodeIndex"`
		Text []int `json:"text"`
	} `json:"layout"`
}

// sparse is a column that few nodes have an entry in. Where there is nothing to
// say but "yes" it has no values.
type sparse struct {
	Index []int `json:"index"`
	Value []int `json:"value"`
}

// byNode is the column as a table. Only nodes below count have one.
func (c sparse) byNode(count int) map[int]int {
	all := make(map[int]int, len(c.Index))
	for i, n := range c.Index {
		if n < 0 || n >= count {
			continue
		}
		if i < len(c.Value) {
			all[n] = c.Value[i]
		} else {
			all[n] = 1
		}
	}
	return all
}

// text is one of the snapshot's strings; empty where there is none.
func (s *snapshot) text(i int) string {
	if i < 0 || i >= len(s.Strings) {
		return ""
	}
	return s.Strings[i]
}

// capture takes a snapshot of a target.
func (t *target) capture(ctx context.Context) (*snapshot, error) {
	var taken snapshot
	if err := t.call(ctx, snapshotRequest{ComputedStyles: []string{}}, &taken); err != nil {
		return nil, err
	}
	return &taken, nil
}

// shownDocument is one document as it is rendered.
type shownDocument struct {
	url     string // its own, which may be about:blank
	frame   string // the frame it stands in, as the browser calls it
	root    int    // the browser's handle of its node
	texts   []history.Segment
	fields  []history.Segment
	within  int            // the document that its frame stands in; -1 for none in this snapshot
	element int            // the frame's element there
	cut     string         // why not all of it is there
	markup  string         // as HTML; empty where it could not be had
	hidden  bool           // there was no time left for the markup
	address string         // its own
	home    *shownDocument // that at whose address it stands; nil where that is none of the shop's
}

// documents are the snapshot's documents, in the browser's order: the target's
// own comes first.
func (s *snapshot) documents() []shownDocument {
	trees := make([]*tree, len(s.Documents))
	for i := range s.Documents {
		trees[i] = newTree(s, &s.Documents[i])
	}
	for i, t := range trees {
		for node, inner := range t.sparse.content {
			if inner > i && inner < len(trees) {
				trees[inner].outer, trees[inner].owner = t, node
			}
		}
	}
	all := make([]shownDocument, len(trees))
	for i, t := range trees {
		all[i] = t.read()
		all[i].within = -1
		for k := range trees[:i] {
			if trees[k] == t.outer {
				all[i].within, all[i].element = k, t.owner
			}
		}
	}
	return all
}
