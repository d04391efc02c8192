package browser

import "strings"

// Kinds of nodes, as the DOM numbers them.
const (
	elementNode = 1
	textNode    = 3
)

// tree is one document of a snapshot with its nodes in their places. The
// snapshot shows what is rendered, with what a shadow root's slots were given
// inside them; a tree puts that back below the element it was written in, since
// that is where a place names it.
type tree struct {
	snap   *snapshot
	doc    *snapshotDocument
	url    string
	count  int
	name   []string // of an element in its language's spelling; empty for other nodes
	above  []int    // the element that a node was written in, the host for a shadow root's; -1
	given  []bool   // to a slot
	inside []bool   // directly in a shadow root
	first  []int    // child that was written in a node; what CSS generates is none
	next   []int    // one written behind a node in the same element
	weight []int    // nodes at and below one, and
	length []int    // bytes of their texts
	apart  []bool   // whether anything below stands apart from the line
	sparse struct {
		shadow, text, input, checked, selected, content, pseudo map[int]int
	}

	outer *tree // the document its frame stands in
	owner int   // and the frame's element there
}

func newTree(s *snapshot, d *snapshotDocument) *tree {
	n := &d.Nodes
	count := min(len(n.Parent), len(n.Type), len(n.Name), len(n.Value), len(n.Attributes), len(n.Backend))
	t := &tree{snap: s, doc: d, url: s.text(d.URL), count: count}
	t.sparse.shadow, t.sparse.pseudo = n.Shadow.byNode(count), n.Pseudo.byNode(count)
	t.sparse.text, t.sparse.input = n.Text.byNode(count), n.Input.byNode(count)
	t.sparse.checked, t.sparse.selected = n.Checked.byNode(count), n.Selected.byNode(count)
	t.sparse.content = n.Content.byNode(count)
	t.name = make([]string, count)
	for i := range count {
		if n.Type[i] == elementNode {
			t.name[i] = localName(s.text(n.Name[i]))
		}
	}
	t.arrange()
	t.weigh()
	return t
}

// longestName is how many bytes of an element's or a field's name are kept.
const longestName = 200

// localName is an element's name as the page's own script would write it: HTML's
// in small letters, others as they are.
func localName(name string) string {
	name = truncate(name, longestName)
	for i := range len(name) {
		if 'a' <= name[i] && name[i] <= 'z' {
			return name
		}
	}
	return strings.ToLower(name)
}

// arrange finds what each node was written in. Parents come before their
// children.
func (t *tree) arrange() {
	t.above, t.given, t.inside = make([]int, t.count), make([]bool, t.count), make([]bool, t.count)
	t.first, t.next = make([]int, t.count), make([]int, t.count)
	for i := range t.count {
		t.first[i], t.next[i] = -1, -1
		t.place(i)
	}
	for i := t.count - 1; i >= 0; i-- {
		if p := t.above[i]; p >= 0 && !t.inside[i] && !t.isPseudo(i) {
			t.next[i], t.first[p] = t.first[p], i
		}
	}
}

func (t *tree) place(i int) {
	p := t.doc.Nodes.Parent[i]
	if p < 0 || p >= i {
		t.above[i] = -1
		return
	}
	t.above[i] = p
	mine, shadowed := t.sparse.shadow[i]
	around, within := t.sparse.shadow[p]
	same := shadowed == within && mine == around
	switch {
	case t.name[p] == "slot" && within && (!same || t.named(i, p)):
		if host := t.hostOf(p); host >= 0 {
			t.above[i], t.given[i] = host, true
		}
	case shadowed && !same:
		t.inside[i] = true
	}
}

// named says whether a node in a slot seems to have been given to it by an
// element that is in a shadow root of the same kind as the slot's own: then the
// snapshot does not tell it from what the slot shows when it is given nothing.
func (t *tree) named(i, slot int) bool {
	wanted, _ := t.attribute(slot, "name")
	has, _ := t.attribute(i, "slot")
	return has == wanted
}

// hostOf is the element whose shadow root a slot is in; -1 when it is not to
// be found. Where shadow roots of one kind stand in each other, elements with
// names of their own are taken to be the hosts.
func (t *tree) hostOf(slot int) int {
	for n := slot; t.above[n] >= 0; n = t.above[n] {
		p := t.above[n]
		if t.given[n] {
			continue
		}
		if t.inside[n] || strings.Contains(t.name[p], "-") && t.name[n] != "" && t.sparse.shadow[n] == t.sparse.shadow[p] {
			return p
		}
	}
	return -1
}

// weigh sums up what stands below each node, so that no text is put together
// that will not be used: a page can nest elements without end.
func (t *tree) weigh() {
	t.weight, t.length, t.apart = make([]int, t.count), make([]int, t.count), make([]bool, t.count)
	for i := t.count - 1; i >= 0; i-- {
		t.weight[i]++
		if t.doc.Nodes.Type[i] == textNode {
			t.length[i] += len(t.value(i))
		}
		p := t.above[i]
		if p < 0 || t.inside[i] || t.isPseudo(i) {
			continue
		}
		t.weight[p] += t.weight[i]
		t.length[p] += t.length[i]
		t.apart[p] = t.apart[p] || t.apart[i] || standsApart(t.name[i])
	}
}

func (t *tree) isPseudo(i int) bool { _, is := t.sparse.pseudo[i]; return is }

func (t *tree) value(i int) string { return t.snap.text(t.doc.Nodes.Value[i]) }

// attribute is the value of an element's attribute.
func (t *tree) attribute(i int, name string) (string, bool) {
	all := t.doc.Nodes.Attributes[i]
	for k := 0; k+1 < len(all); k += 2 {
		if t.snap.text(all[k]) == name {
			return t.snap.text(all[k+1]), true
		}
	}
	return "", false
}

// silent says that an element is not rendered: nothing in it is text of the
// page. Those of other languages than HTML are.
func (t *tree) silent(i int) bool {
	switch t.snap.text(t.doc.Nodes.Name[i]) {
	case "SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK":
		return true
	}
	return false
}
