package demoshop

import "strings"

// wording is one thing that mails say: first as the plain shop puts it, then
// as renamed shops do. {first} and {number} are filled in.
type wording [3]string

// same is a wording that every shop has.
func same(text string) wording { return wording{text, text, text} }

// phrases are what the mails of one kind say in one language.
type phrases map[string]wording

// tongue is a language that mails are written in.
type tongue struct {
	code           string // ISO 639-1
	common         phrases
	welcome, order phrases
}

// tongueOf is the language of a country's customers.
func tongueOf(country string) tongue {
	switch strings.ToUpper(country) {
	case "DE", "AT", "CH":
		return german()
	case "SE":
		return swedish()
	case "PL":
		return polish()
	}
	return english()
}

func english() tongue {
	return tongue{"en", phrases{
		"hello":   {"Hello {first},", "Dear {first},", "Good to see you, {first}!"},
		"foot":    same("Northlight is a demonstration. Nothing here is for sale, and every customer is made up."),
		"article": same("Article"), "quantity": same("Quantity"), "price": same("Price"),
		"total": {"Total, delivery included", "To pay", "Sum"}, "email": {"E-mail", "Mail", "Write to"},
		"name": same("Name"), "phone": {"Phone", "Call", "Telephone"}, "address": {"Address", "Home", "Lives at"},
		"deliver": {"Deliver to", "Goes to", "Recipient"}, "paid": {"Paid by", "Payment", "Paid with"},
		"card": {"Card ending in {last4}", "Card •••• {last4}", "Card no. …{last4}"}, "gift": {"Gift note", "Your words", "On the card"},
		"account": {"On account", "To be paid on account", "By the account, within thirty days"}, "receipts": {"Receipts to", "Bills to", "We bill"}, "member": {"Member key", "Member", "Your key"},
		"invoice": {"invoice-{number}", "bill-{number}", "receipt-{number}"},
	}, phrases{
		"subject": {"Welcome to Northlight, {first}", "{first}, your account is ready", "Good to have you, {first}"},
		"title":   {"Welcome to Northlight", "Your account is ready", "Good to have you"},
		"lead":    {"Your account is open. This is what we know of you; you can change it whenever you like.", "From now on you only sign in, and the rest is filled in for you.", "Below is what you told us. Please have a look whether it is right."},
		"button":  {"Go to your account", "See your details", "Have a look"},
		"after":   {"You did not sign up? Then somebody mistyped an address, and you can forget this mail.", "Was it not you? Then please do nothing.", "If this was somebody else, nothing more will come."},
	}, phrases{
		"subject": {"Your order {number} is confirmed", "We have your order {number}", "{number}: thank you, {first}"},
		"title":   {"Thank you for your order", "We have your order", "It is yours now"},
		"lead":    {"Order {number} has come in, and we are packing it. Your invoice is attached.", "Order {number} is on our table. You find the bill with this mail.", "We are looking for a box that fits order {number}. The receipt comes along."},
		"button":  {"See your order", "Open the order", "What did I order?"},
		"after":   {"You have thirty days to change your mind.", "Not what you wanted? Send it back within thirty days.", "Thirty days to think it over."},
	}}
}

func german() tongue {
	return tongue{"de", phrases{
		"hello":   {"Guten Tag, {first},", "Hallo {first},", "Schön, dass du da bist, {first}!"},
		"foot":    same("Northlight ist eine Vorführung. Hier wird nichts verkauft, und alle Kunden sind erfunden."),
		"article": same("Artikel"), "quantity": same("Anzahl"), "price": same("Preis"),
		"total": {"Summe einschließlich Versand", "Zu zahlen", "Gesamt"}, "email": {"E-Mail", "Mail", "Schreiben an"},
		"name": same("Name"), "phone": {"Telefon", "Anrufen", "Rufnummer"}, "address": {"Anschrift", "Zuhause", "Wohnt in"},
		"deliver": {"Lieferung an", "Geht an", "Empfänger"}, "paid": {"Bezahlt mit", "Zahlung", "Beglichen mit"},
		"card": {"Karte mit Endziffern {last4}", "Karte •••• {last4}", "Karte Nr. …{last4}"}, "gift": {"Geschenkgruß", "Ihre Worte", "Auf der Karte"},
		"account": {"Auf Rechnung", "Kauf auf Rechnung", "Per Rechnung, binnen dreißig Tagen"}, "receipts": {"Belege an", "Rechnungen an", "Abgerechnet mit"}, "member": {"Mitgliedsschlüssel", "Mitglied", "Ihr Schlüssel"},
		"invoice": {"Rechnung-{number}", "Beleg-{number}", "Quittung-{number}"},
	}, phrases{
		"subject": {"Willkommen bei Northlight, {first}", "{first}, Ihr Konto ist eingerichtet", "Schön, dass es geklappt hat, {first}"},
		"title":   {"Willkommen bei Northlight", "Ihr Konto ist eingerichtet", "Schön, dass es geklappt hat"},
		"lead":    {"Ihr Konto ist eröffnet. Das wissen wir von Ihnen; Sie können es jederzeit ändern.", "Von nun an genügt die Anmeldung, den Rest füllen wir aus.", "Hier steht, was Sie uns gesagt haben. Bitte sehen Sie nach, ob es stimmt."},
		"button":  {"Zum Konto", "Angaben ansehen", "Nachsehen"},
		"after":   {"Sie haben sich nicht angemeldet? Dann hat sich jemand vertippt, und Sie können diese Mail vergessen.", "Waren Sie das nicht? Dann ist nichts zu tun.", "Falls es jemand anders war: Es kommt nichts weiter."},
	}, phrases{
		"subject": {"Ihre Bestellung {number} ist bestätigt", "Bestellung {number} ist bei uns", "{number}: vielen Dank, {first}"},
		"title":   {"Vielen Dank für Ihre Bestellung", "Ihre Bestellung ist bei uns", "Jetzt gehört es Ihnen"},
		"lead":    {"Bestellung {number} ist eingegangen und wird gepackt. Die Rechnung liegt bei.", "Bestellung {number} liegt auf unserem Tisch. Den Beleg finden Sie an dieser Mail.", "Wir suchen eine Schachtel für Bestellung {number}. Die Quittung ist dabei."},
		"button":  {"Bestellung ansehen", "Zur Bestellung", "Was war das noch?"},
		"after":   {"Sie können es sich dreißig Tage lang anders überlegen.", "Doch nicht das Richtige? Schicken Sie es binnen dreißig Tagen zurück.", "Dreißig Tage Bedenkzeit."},
	}}
}
