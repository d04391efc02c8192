package match

import "strings"

// currency is a set of currencies, one bit for each: "$" and "kr" are several.
type currency uint32

// currencies knows them by folded code, name and abbreviation.
type currencies map[string]currency

// krona is what "kr" and ":-" stand for: the first of codes.
const krona = currency(1<<4 - 1)

// dollar is what "$" stands for: those behind them.
const dollar = currency(1<<12-1) &^ krona

// codes are the currencies that are told apart, by ISO 4217.
func codes() []string {
	return strings.Fields(`SEK NOK DKK ISK USD CAD AUD NZD SGD HKD MXN BRL
		EUR GBP PLN CZK HUF RON BGN CHF JPY CNY INR TRY ZAR KRW UAH`)
}

func newCurrencies() currencies {
	c := currencies{}
	for i, code := range codes() {
		c[strings.ToLower(code)] = 1 << i
	}
	for code, names := range map[string]string{
		"eur": "euro euros", "gbp": "pound pounds", "pln": "zl zlotych zlote zloty", "czk": "kc", "huf": "ft",
		"ron": "lei leu", "chf": "fr sfr franken", "brl": "reais real", "try": "tl",
	} {
		for name := range strings.FieldsSeq(names) {
			c[name] = c[code]
		}
	}
	for _, name := range strings.Fields("kr kronor kroner kronur") {
		c[name] = krona
	}
	for _, name := range strings.Fields("dollar dollars") {
		c[name] = dollar
	}
	return c
}

// signOf is the currency of a sign; 0 for other characters.
func signOf(r rune) currency {
	const (
		eur = 1 << (12 + iota)
		gbp
		_ // letters: zł
		_ // letters: Kč
		_ // letters: Ft
		_ // letters: lei
		_ // letters: лв
		_ // letters: CHF
		jpy
		cny
		inr
		lira
		_ // a letter: R
		krw
		uah
	)
	switch r {
	case '€':
		return eur
	case '£':
		return gbp
	case '$':
		return dollar
	case '¥', '￥':
		return jpy | cny
	case '₹':
		return inr
	case '₺':
		return lira
	case '₩':
		return krw
	case '₴':
		return uah
	}
	return 0
}

// amountWord says whether a folded word, of prose or of a name in a program,
// announces money.
func amountWord(word string) bool {
	switch word {
	case "amount", "total", "totals", "subtotal", "grandtotal", "price", "cents", "cent", "minor", "value", "sum", "balance",
		"due", "paid", "cost", "gross", "net", "charge", "charged", "fee", "pence", "pay", "payable", "payment", "revenue",
		"betrag", "summe", "gesamt", "gesamtbetrag", "gesamtsumme", "preis", "endbetrag", "zwischensumme",
		"summa", "totalt", "belopp", "pris", "totalsumma", "delsumma", "ore", "betala",
		"kwota", "suma", "cena", "razem", "lacznie", "zaplaty", "grosze", "groszy",
		"montant", "prix", "importe", "precio", "totale", "prezzo", "bedrag", "totaal", "prijs",
		"belob", "hinta", "yhteensa":
		return true
	}
	return false
}
