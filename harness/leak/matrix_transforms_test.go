package leak_test

import (
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// matrixMade is a value as a transformation wrote it.
type matrixMade struct {
	raw  string // what stands in the page
	read string // what a reader has when everything is undone; empty where the transformation does not apply
	core string // what of raw has the value in it, to see whether a page's own escapes change it; empty for all of raw
}

// matrixTransform is one way in which shops write a value.
type matrixTransform struct {
	name  string
	make  func(v matrixValue) matrixMade
	chain []string // what must be undone, outermost first; other letters (fold) follow from the text
	inner string   // where in what was decoded; empty for text without a structure

	below string // where below the surface's own place, in the page itself
	other string // a name that the chain may have instead of its first
	also  string // a name that the chain may have or not

	lang string                     // raw is written in this language: a page in it takes it as it is
	on   func(s matrixSurface) bool // which surfaces can hold it; nil: all
	not  func(k matrixKind) string  // why it does not apply to a kind; nil or empty: it does

	mask     bool // found by match.Masks, not by the index
	fragment bool // only a beginning or an end
}

// with is the row with one more name at the beginning of its chain.
func (t matrixTransform) with(name string) matrixTransform {
	t.chain = append([]string{name}, t.chain...)
	return t
}

// matrixTransforms is the table of transformations. A row that leaves every
// value of a kind as it is does not apply to it, and the matrix says so.
func matrixTransforms() []matrixTransform {
	var all []matrixTransform
	for _, group := range [][]matrixTransform{
		matrixLetters(), matrixEscapes(), matrixEncodings(), matrixPacked(), matrixHashes(),
		matrixSplits(), matrixOrders(), matrixPhones(), matrixDates(), matrixAmounts(), matrixCut(),
	} {
		all = append(all, group...)
	}
	return all
}

// matrixAs is a transformation of the text itself: what stands there is what
// is read.
func matrixAs(change func(string) string) func(matrixValue) matrixMade {
	return func(v matrixValue) matrixMade {
		text := change(v.text)
		return matrixMade{raw: text, read: text}
	}
}

// matrixHides is a transformation that a reader undoes.
func matrixHides(encode func(string) string) func(matrixValue) matrixMade {
	return func(v matrixValue) matrixMade { return matrixMade{raw: encode(v.text), read: v.text} }
}

// matrixHolds is a transformation that puts the value into a text of its own
// without changing it.
func matrixHolds(encode func(string) string) func(matrixValue) matrixMade {
	return func(v matrixValue) matrixMade { return matrixMade{raw: encode(v.text), read: v.text, core: v.text} }
}

// matrixOnly says that a row is for some kinds.
func matrixOnly(reason string, kinds ...customer.Kind) func(matrixKind) string {
	return func(k matrixKind) string {
		for _, kind := range kinds {
			if k.kind == kind {
				return ""
			}
		}
		return reason
	}
}

// matrixExcept says that a row is not for some kinds.
func matrixExcept(reason string, kinds ...customer.Kind) func(matrixKind) string {
	return func(k matrixKind) string {
		if matrixOnly("not", kinds...)(k) == "" {
			return reason
		}
		return ""
	}
}

func matrixLetters() []matrixTransform {
	inner := func(s string) string { // inside of every word
		return matrixBetween(s, func(a, b rune) bool { return a != ' ' && b != ' ' })
	}
	return []matrixTransform{
		{name: "plain", make: matrixAs(func(s string) string { return s })},
		{name: "upper case", make: matrixAs(strings.ToUpper)},
		{name: "lower case", make: matrixAs(strings.ToLower)},
		{name: "decomposed", make: matrixAs(matrixNFD)},
		{name: "without diacritics", make: matrixAs(matrixPlain)},
		{name: "transliterated", make: matrixAs(matrixLatin), chain: []string{match.DecodedLatin}},
		{name: "full width", make: matrixAs(matrixWide), not: matrixExcept("amounts are read in ASCII", "total")},
		{name: "no-break spaces", make: matrixAs(matrixSwap(" ", "\u00a0"))},
		{name: "narrow spaces", make: matrixAs(matrixSwap(" ", "\u202f"))},
		{name: "spaces and line breaks", make: matrixAs(matrixSwap(" ", " \n   ")), on: matrixHasLines},
		{name: "hyphens for spaces", make: matrixAs(matrixSwap(" ", "-")), not: matrixExcept("it is for words", "total")},
		{name: "underscores for spaces", make: matrixAs(matrixSwap(" ", "_")), not: matrixExcept("it is for words", customer.Phone, "total")},
		{name: "zero-width spaces inside", make: matrixAs(func(s string) string { return strings.ReplaceAll(inner(s), "\x00", "\u200b") })},
		{name: "soft hyphens inside", make: matrixAs(func(s string) string { return strings.ReplaceAll(inner(s), "\x00", "\u00ad") })},
		{name: "right-to-left marks around", make: matrixHolds(func(s string) string { return "\u200f\u2068" + s + "\u2069\u200e" })},
	}
}

func matrixEscapes() []matrixTransform {
	entity, percent, json := []string{match.DecodedEntity}, []string{match.DecodedPercent}, []string{match.DecodedJSON}
	return []matrixTransform{
		{name: "named entities", make: matrixHides(matrixNamed), chain: entity, lang: "html"},
		{name: "decimal entities", make: matrixHides(matrixEach(matrixMarked, "&#%d;")), chain: entity, lang: "html"},
		{name: "hexadecimal entities", make: matrixHides(matrixEach(matrixMarked, "&#x%X;")), chain: entity, lang: "html"},
		{name: "every letter an entity", make: matrixHides(matrixEach(matrixAny, "&#%d;")), chain: entity, lang: "html"},
		{name: "percent", make: matrixHides(matrixPercent(matrixMarked)), chain: percent},
		{name: "every byte percent", make: matrixHides(matrixPercent(matrixAny)), chain: percent},
		{name: "double percent", make: matrixHides(func(s string) string {
			return strings.ReplaceAll(matrixPercent(matrixMarked)(s), "%", "%25")
		}), chain: percent},
		{name: "plus for space", make: matrixAs(func(s string) string {
			if matrixPercent(matrixMarked)(strings.ReplaceAll(s, " ", "")) != strings.ReplaceAll(s, " ", "") {
				return s // see the next row
			}
			return strings.ReplaceAll(s, " ", "+")
		})},
		{name: "percent, and plus for space", make: func(v matrixValue) matrixMade {
			raw := strings.ReplaceAll(matrixPercent(matrixMarked)(v.text), "%20", "+")
			if !strings.Contains(raw, "%") || !strings.Contains(raw, "+") {
				return matrixMade{}
			}
			return matrixMade{raw: raw, read: strings.ReplaceAll(v.text, " ", "+")}
		}, chain: percent},
		{name: "JSON \\u", make: matrixHides(matrixEach(matrixBeyond, `\u%04x`)), chain: json, lang: "json"},
		{name: "JSON \\u for every letter", make: matrixHides(matrixEach(matrixAny, `\u%04X`)), chain: json, lang: "json"},
		{name: "JSON \\/", make: matrixHides(matrixSwap("/", `\/`)), chain: json, lang: "json"},
		{name: "JavaScript \\x", make: matrixHides(matrixEach(matrixMarked, `\x%02x`)), chain: json, lang: "js"},
		{name: "entities in JSON \\u0026", make: matrixHides(func(s string) string {
			return strings.ReplaceAll(matrixEach(matrixMarked, "&#%d;")(s), "&", `\u0026`)
		}), chain: []string{match.DecodedJSON, match.DecodedEntity}, lang: "json"},
	}
}

func matrixEncodings() []matrixTransform {
	base64 := []string{match.DecodedBase64}
	short := matrixExcept("an amount alone is too short to be opened", "total")
	in := func(before, after string) func(string) string {
		return func(s string) string { return matrixBase64(before + s + after) }
	}
	return []matrixTransform{
		{name: "base64, first alignment", make: matrixHides(in("", "|2026")), chain: base64, not: short},
		{name: "base64, second alignment", make: matrixHides(in("1|", "")), chain: base64, not: short},
		{name: "base64, third alignment", make: matrixHides(in("|", "")), chain: base64, not: short},
		{name: "base64 alone", make: matrixHides(matrixBase64), chain: base64, not: short},
		{name: "base64 behind a word", make: matrixHides(func(s string) string { return "v1." + matrixBase64("user "+s) }), chain: base64},
		{name: "base64url of JSON", make: matrixHides(func(s string) string { return matrixBase64URL(matrixJSON(s)) }), chain: base64, inner: "$.user.value"},
		{name: "base64 with line breaks", make: func(v matrixValue) matrixMade {
			whole := matrixBase64("Dear customer, thank you for the order. It goes to " + v.text + " on the next working day.")
			return matrixMade{raw: matrixWrap(whole, 60), read: v.text, core: whole}
		}, chain: base64, on: matrixHasLines},
		{name: "JWT claim", make: matrixHides(matrixJWT), chain: []string{match.DecodedJWT}, inner: "$.user.value"},
		{name: "hexadecimal", make: matrixHides(matrixHex), chain: []string{match.DecodedHex}, not: short},
		{name: "upper hexadecimal", make: matrixHides(func(s string) string { return strings.ToUpper(matrixHex(s)) }), chain: []string{match.DecodedHex}, not: short},
		{name: "cfemail", make: matrixHides(matrixCFEmail), chain: []string{match.DecodedCFEmail}, below: ">a.__cf_email__@data-cfemail", not: matrixOnly("it is for e-mail addresses", customer.Email), lang: "html", on: matrixIsPage},
		{name: "percent of base64", make: matrixHides(func(s string) string {
			return strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(matrixBase64("é|" + s + "?|"))
		}), chain: []string{match.DecodedBase64}, also: match.DecodedPercent},
		{name: "base64 of percent", make: func(v matrixValue) matrixMade {
			inside := matrixPercent(matrixMarked)(v.text)
			if inside == v.text {
				return matrixMade{}
			}
			return matrixMade{raw: matrixBase64("u=" + inside), read: v.text}
		}, chain: []string{match.DecodedBase64, match.DecodedPercent}},
		{name: "base64 of base64", make: matrixHides(func(s string) string { return matrixBase64("t=" + matrixBase64("u="+s)) }), chain: []string{match.DecodedBase64, match.DecodedBase64}},
		{name: "hexadecimal of base64", make: matrixHides(func(s string) string { return matrixHex(matrixBase64("u=" + s)) }), chain: []string{match.DecodedHex, match.DecodedBase64}},
		{name: "data address", make: matrixHides(func(s string) string { return "data:text/plain;base64," + matrixBase64("Ship to "+s+".") }), chain: base64},
		{name: "JSON in JSON", make: matrixHolds(matrixJSON), inner: "$.user.value"},
		{name: "JSON in JSON in JSON", make: matrixHolds(func(s string) string { return `{"state":` + matrixQuote(matrixJSON(s)) + `}` }), inner: "$.state›$.user.value"},
		{name: "escaped JSON in JSON", make: func(v matrixValue) matrixMade {
			inside := matrixEach(matrixBeyond, `\u%04x`)(v.text)
			if inside == v.text {
				return matrixMade{}
			}
			inside = strings.ReplaceAll(inside, `\`, `\\`)
			return matrixMade{raw: `{"state":"{\"value\":\"` + inside + `\"}"}`, read: v.text, core: inside}
		}, chain: []string{match.DecodedJSON}, inner: "$.state›$.value"},
	}
}

func matrixPacked() []matrixTransform {
	b64 := match.DecodedBase64
	return []matrixTransform{
		{name: "gzip in base64", make: matrixHides(func(s string) string { return matrixBase64(matrixGzip(matrixJSON(s))) }), chain: []string{b64, match.DecodedGzip}, inner: "$.user.value"},
		{name: "zlib in base64url, as Flask", make: matrixHides(func(s string) string {
			return "." + matrixBase64URL(matrixZlib(matrixJSON(s))) + ".aOxYzQ.h6mUvkWqRz0pX1bT5sJcYw2nKdE"
		}), chain: []string{b64, match.DecodedDeflate}, inner: "$.user.value"},
		{name: "raw deflate in base64, as SAML", make: matrixHides(func(s string) string { return matrixBase64(matrixDeflate(matrixJSON(s))) }), chain: []string{b64, match.DecodedDeflate}, inner: "$.user.value"},
		{name: "zstd in base64", make: matrixHides(func(s string) string { return matrixBase64(matrixZstd(matrixJSON(s))) }), chain: []string{b64, match.DecodedZstd}, inner: "$.user.value"},
		{name: "gzip in hexadecimal", make: matrixHides(func(s string) string { return matrixHex(matrixGzip("user " + s)) }), chain: []string{match.DecodedHex, match.DecodedGzip}},
		{name: "base64 in gzip in base64", make: matrixHides(func(s string) string { return matrixBase64(matrixGzip("t=" + matrixBase64("u="+s))) }), chain: []string{b64, match.DecodedGzip, b64}},
	}
}

func matrixHashes() []matrixTransform {
	not := matrixOnly("only e-mail addresses are known by their hash", customer.Email)
	upper := func(hash func(string) string) func(string) string {
		return func(s string) string { return strings.ToUpper(hash(s)) }
	}
	return []matrixTransform{
		{name: "md5", make: matrixHides(matrixMD5), chain: []string{match.DecodedMD5}, not: not},
		{name: "sha1", make: matrixHides(matrixSHA1), chain: []string{match.DecodedSHA1}, not: not},
		{name: "sha256", make: matrixHides(matrixSHA256), chain: []string{match.DecodedSHA256}, not: not},
		{name: "sha256 in capitals", make: matrixHides(upper(matrixSHA256)), chain: []string{match.DecodedFold, match.DecodedSHA256}, not: not},
		{name: "picture named by md5", make: func(v matrixValue) matrixMade {
			hash := matrixMD5(v.text)
			return matrixMade{raw: "https://pictures.example/avatar/" + hash + "?s=80", read: v.text, core: hash}
		}, chain: []string{match.DecodedMD5}, not: not},
	}
}
