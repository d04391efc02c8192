package reports

import (
	"slices"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// matrixPeople is up to how many customers all get a row and a column; beyond
// it only those do who saw or were seen.
const matrixPeople = 12

// matrix says who (rows) saw whose data (columns).
type matrix struct {
	Victims []axis
	Rows    []matrixRow
	Left    int // customers without a row or column of their own
}

// axis is a customer at the edge of the matrix.
type axis struct{ ID, Name string }

type matrixRow struct {
	Viewer axis
	Cells  []cell
}

// cell counts what one viewer saw of one victim.
type cell struct {
	Own      bool // the viewer's own data: where it belongs
	Count    int
	Proof    bool
	First    string // id of the first finding, to link to
	Sentence string // the cell for those who cannot see where it stands
}

func (d digest) matrix() matrix {
	viewers, victims := d.axes()
	m := matrix{Victims: victims, Left: d.left(viewers, victims)}
	for _, viewer := range viewers {
		row := matrixRow{Viewer: viewer}
		for _, victim := range victims {
			row.Cells = append(row.Cells, d.cell(viewer, victim))
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// axes are the rows and columns: everybody where there is room, nobody always
// as a viewer, and as a victim only where that happened.
func (d digest) axes() (viewers, victims []axis) {
	var all []string
	if len(d.People) <= matrixPeople {
		for _, p := range d.People {
			all = append(all, p.ID)
		}
	}
	saw, seen := slices.Clone(all), slices.Clone(all)
	for _, p := range d.Pairs {
		saw, seen = append(saw, p.Viewer), append(seen, p.Victim)
	}
	if len(d.People) > 0 {
		saw = append(saw, history.Nobody)
	}
	return d.axis(saw), d.axis(seen)
}

// axis sorts and names customers; nobody comes last.
func (d digest) axis(ids []string) []axis {
	slices.SortFunc(ids, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == history.Nobody || (b != history.Nobody && a > b):
			return 1
		}
		return -1
	})
	var out []axis
	for _, id := range slices.Compact(ids) {
		name := d.people[id].Name
		if id == history.Nobody {
			name = "a passer-by"
		}
		out = append(out, axis{id, name})
	}
	return out
}

// left counts the customers that are in neither axis.
func (d digest) left(viewers, victims []axis) int {
	n := 0
	for _, p := range d.People {
		has := func(a axis) bool { return a.ID == p.ID }
		if !slices.ContainsFunc(viewers, has) && !slices.ContainsFunc(victims, has) {
			n++
		}
	}
	return n
}

func (d digest) cell(viewer, victim axis) cell {
	c := cell{Own: viewer.ID == victim.ID}
	for _, p := range d.Pairs {
		if p.Viewer == viewer.ID && p.Victim == victim.ID {
			c.Own, c.Count, c.First = false, len(p.Findings), p.Findings[0].ID
			c.Proof = slices.ContainsFunc(p.Findings, func(f leak.Finding) bool { return f.Strength != leak.Suspicion })
			c.Sentence = d.who(p.Viewer) + " saw data of " + d.who(p.Victim) + ": " + count(c.Count, "finding", "findings")
		}
	}
	return c
}

// emptyMatrix says what a matrix without a count means.
func (d digest) emptyMatrix() string {
	if d.Verdict == leak.Isolated {
		return "No cell is filled: nobody saw what belongs to another."
	}
	return "No cell is filled, but too little was seen for that to mean anything."
}
