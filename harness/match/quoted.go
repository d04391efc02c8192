package match

// quotedAt says whether an equals sign at the beginning of data is one of
// quoted-printable: at the end of a line, or before the bytes of a character
// that is not ASCII.
func quotedAt(data []byte) bool {
	if data[0] != '=' || len(data) < 2 {
		return false
	}
	if data[1] == '\n' || data[1] == '\r' && len(data) > 2 && data[2] == '\n' {
		return true
	}
	return len(data) >= 6 && isHex(data[1]) && isHex(data[2]) && data[3] == '=' && isHex(data[4]) && isHex(data[5]) &&
		textClass[hexValue(data[1])<<4|hexValue(data[2])] == classLead &&
		textClass[hexValue(data[4])<<4|hexValue(data[5])] == classTail
}

// unquote makes a second text of one that looks quoted-printable. The first
// stays: what looks like it may be code.
func (o *opener) unquote(t *text) {
	switch {
	case t.layers >= maxLayers:
		o.unopen(DecodedQuoted, UnopenedDeep, t, 0, len(t.data))
		return
	case o.left < len(t.data):
		o.unopen(DecodedQuoted, UnopenedLarge, t, 0, len(t.data))
		return
	}
	w := &weaver{}
	w.quoted(t.data, 0)
	c := t.child(DecodedQuoted, span{0, len(t.data)}, w.data, t.media)
	c.from, c.echo = w.from, true
	o.take(c)
}

// quoted undoes quoted-printable.
func (w *weaver) quoted(raw []byte, offset int) {
	plain := 0 // where what stands as it is begins
	for i := 0; i < len(raw); {
		size, made := quotedUnit(raw[i:])
		if size == 0 {
			i++
			continue
		}
		if plain < i {
			w.same(offset+plain, raw[plain:i])
		}
		w.made(offset+i, offset+i+size, made...)
		i += size
		plain = i
	}
	if plain < len(raw) {
		w.same(offset+plain, raw[plain:])
	}
}

// quotedUnit reads what begins with an equals sign, and what it stands for:
// nothing for the end of a line. Its size is 0 when it stands for itself.
func quotedUnit(raw []byte) (int, []byte) {
	if raw[0] != '=' {
		return 0, nil
	}
	if len(raw) >= 3 && isHex(raw[1]) && isHex(raw[2]) {
		return 3, []byte{hexValue(raw[1])<<4 | hexValue(raw[2])}
	}
	// Blanks may have been added at the end of the line on the way.
	for i := 1; i < len(raw) && i < 80; i++ {
		switch raw[i] {
		case ' ', '\t', '\r':
			continue
		case '\n':
			return i + 1, nil
		}
		break
	}
	return 0, nil
}
