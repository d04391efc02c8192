package match

import "strings"

// leaf is a value of a JSON text, with its stretch: of a string the bytes
// between the quotes.
type leaf struct {
	span
	where  []byte // valid during the call only
	quoted bool
}

// jsonScan walks through JSON without recursion and without trusting it.
type jsonScan struct {
	text  string
	pos   int
	path  []byte
	stack []frame
	visit func(leaf) bool // false ends the walk
}

// frame is an open object or array.
type frame struct {
	close byte // '}' or ']'
	path  int  // how long the path was before it
}

// scanJSON walks through one value at or after pos and calls visit for every
// leaf but null. It answers where it stopped, and whether the value was whole.
func scanJSON(text string, pos int, prefix string, visit func(leaf) bool) (int, bool) {
	s := &jsonScan{text: text, pos: pos, path: []byte(prefix), visit: visit}
	for {
		opened, ok := s.value()
		if !ok {
			return s.pos, false
		}
		if opened {
			continue
		}
		done, ok := s.after()
		if done || !ok {
			return s.pos, ok
		}
	}
}

// peek is the next byte that is no white space; 0 at the end.
func (s *jsonScan) peek() byte {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// value reads a value; opened says that it was the beginning of an object or
// array that has something in it.
func (s *jsonScan) value() (opened, ok bool) {
	switch c := s.peek(); c {
	case '{':
		return s.open('}')
	case '[':
		return s.open(']')
	case '"':
		str, ok := s.quoted()
		return false, ok && s.visit(leaf{str, s.path, true})
	default:
		return false, s.literal()
	}
}

// open enters an object or array, and leaves it again if it is empty.
func (s *jsonScan) open(closing byte) (opened, ok bool) {
	if len(s.stack) >= maxDepth {
		return false, false
	}
	s.pos++
	if s.peek() == closing {
		s.pos++
		return false, true
	}
	s.stack = append(s.stack, frame{closing, len(s.path)})
	if closing == ']' {
		s.step("[*]")
		return true, true
	}
	return true, s.key()
}

// after reads what stands behind a value: a comma, or the ends of what is
// open. done says that the outermost value is whole.
func (s *jsonScan) after() (done, ok bool) {
	for {
		if len(s.stack) == 0 {
			return true, true
		}
		top := s.stack[len(s.stack)-1]
		switch c := s.peek(); {
		case c == ',' && top.close == ']':
			s.pos++
			return false, true
		case c == ',':
			s.pos++
			s.path = s.path[:top.path]
			return false, s.key()
		case c == top.close:
			s.pos++
			s.path = s.path[:top.path]
			s.stack = s.stack[:len(s.stack)-1]
		default:
			return false, false
		}
	}
}

// key reads a name and its colon. A name that is data itself is a leaf.
func (s *jsonScan) key() bool {
	if s.peek() != '"' {
		return false
	}
	str, ok := s.quoted()
	if !ok || s.peek() != ':' {
		return false
	}
	s.pos++
	name := s.text[str.start:str.end]
	if !isData(name) {
		s.step("." + name)
		return true
	}
	s.step(".{}")
	before := len(s.path)
	s.step("@key")
	ok = s.visit(leaf{str, s.path, true})
	s.path = s.path[:before]
	return ok
}

// step makes the path longer, up to what a place may be.
func (s *jsonScan) step(name string) {
	if len(s.path) <= maxWhere {
		s.path = append(s.path, name...)
	}
}

// quoted reads a string; its span is between the quotes.
func (s *jsonScan) quoted() (span, bool) {
	start := s.pos + 1
	for i := start; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '"':
			s.pos = i + 1
			return span{start, i}, true
		}
	}
	return span{}, false
}

// literal reads a number, true, false or null.
func (s *jsonScan) literal() bool {
	start := s.pos
	for s.pos < len(s.text) && (isAlnum(s.text[s.pos]) || strings.IndexByte("+-.", s.text[s.pos]) >= 0) {
		s.pos++
	}
	word := s.text[start:s.pos]
	switch {
	case word == "null":
		return true
	case word == "true", word == "false", word != "" && (word[0] == '-' || isDigit(word[0])):
		return s.visit(leaf{span{start, s.pos}, s.path, false})
	}
	s.pos = start
	return false
}

// isData says whether an object's key, a field's name, an id or a class is a
// value rather than a name: it must not make the place depend on the customer.
func isData(name string) bool {
	digits := 0
	for _, r := range name {
		switch {
		case r == '@' || r == ' ' || r == '\\':
			return true
		case r >= '0' && r <= '9':
			digits++
		}
	}
	return name == "" || len(name) > maxKey || digits == len(name) || digits >= 4 || scrambled(name)
}

// shortestScramble is how many letters and digits a generated id has at least.
const shortestScramble = 12

// scrambled says that a name is letters with digits strewn in, as generated
// ids have them, however few those digits are: one page's ids would otherwise
// be names or data by chance, and other ones after the next build.
func scrambled(name string) bool {
	runs, inDigits := 0, false
	for i := 0; i < len(name); i++ {
		if !isAlnum(name[i]) {
			return false
		}
		if isDigit(name[i]) && !inDigits {
			runs++
		}
		inDigits = isDigit(name[i])
	}
	return runs >= 2 && len(name) >= shortestScramble
}
