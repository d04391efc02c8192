package demoshop

//nolint:misspell // it is Swedish
func swedish() tongue {
	return tongue{"sv", phrases{
		"hello":   {"Hej {first}!", "Bästa {first},", "Roligt att se dig, {first}!"},
		"foot":    same("Northlight är en förevisning. Här är ingenting till salu, och alla kunder är påhittade."),
		"article": same("Artikel"), "quantity": same("Antal"), "price": same("Pris"),
		"total": {"Summa med frakt", "Att betala", "Totalt"}, "email": {"E-post", "Mejl", "Skriv till"},
		"name": same("Namn"), "phone": {"Telefon", "Ring", "Nummer"}, "address": {"Adress", "Hemma", "Bor på"},
		"deliver": {"Levereras till", "Skickas till", "Mottagare"}, "paid": {"Betalat med", "Betalning", "Betalt med"},
		"card": {"Kort som slutar på {last4}", "Kort •••• {last4}", "Kort nr …{last4}"}, "gift": {"Hälsning", "Dina ord", "På kortet"},
		"account": {"Mot faktura", "Köp mot faktura", "Faktura, inom trettio dagar"}, "receipts": {"Kvitton till", "Fakturor till", "Räkningen går till"}, "member": {"Medlemsnyckel", "Medlem", "Din nyckel"},
		"invoice": {"faktura-{number}", "nota-{number}", "kvitto-{number}"},
	}, phrases{
		"subject": {"Välkommen till Northlight, {first}", "{first}, ditt konto är klart", "Kul att ha dig här, {first}"},
		"title":   {"Välkommen till Northlight", "Ditt konto är klart", "Kul att ha dig här"},
		"lead":    {"Ditt konto är öppnat. Det här vet vi om dig, och du kan ändra det när du vill.", "Från och med nu räcker det att logga in, resten fyller vi i.", "Här står vad du har berättat. Titta gärna efter om det stämmer."},
		"button":  {"Till ditt konto", "Se dina uppgifter", "Ta en titt"},
		"after":   {"Var det inte du? Då har någon skrivit fel adress, och du kan glömma det här brevet.", "Har du inte bett om det? Då behöver du inte göra något.", "Om det var någon annan kommer inget mer."},
	}, phrases{
		"subject": {"Din beställning {number} är bekräftad", "Vi har fått beställning {number}", "{number}: tack, {first}"},
		"title":   {"Tack för din beställning", "Vi har fått din beställning", "Nu är den din"},
		"lead":    {"Beställning {number} har kommit in och packas nu. Fakturan är bifogad.", "Beställning {number} ligger på vårt bord. Notan följer med brevet.", "Vi letar efter en låda till beställning {number}. Kvittot är med."},
		"button":  {"Se din beställning", "Öppna beställningen", "Vad var det nu?"},
		"after":   {"Du har trettio dagar på dig att ändra dig.", "Blev det fel? Skicka tillbaka det inom trettio dagar.", "Trettio dagars betänketid."},
	}}
}

//nolint:misspell // it is Polish
func polish() tongue {
	return tongue{"pl", phrases{
		"hello":   {"Dzień dobry, {first}!", "Cześć, {first}!", "Miło Cię widzieć, {first}!"},
		"foot":    same("Northlight to pokaz. Niczego tu nie można kupić, a wszyscy klienci są zmyśleni."),
		"article": same("Towar"), "quantity": same("Liczba"), "price": same("Cena"),
		"total": {"Razem z dostawą", "Do zapłaty", "Suma"}, "email": {"E-mail", "Poczta", "Adres poczty"},
		"name": same("Imię i nazwisko"), "phone": {"Telefon", "Numer", "Zadzwoń"}, "address": {"Adres", "Dom", "Mieszka"},
		"deliver": {"Dostawa do", "Wysyłka do", "Odbiorca"}, "paid": {"Zapłacono", "Płatność", "Opłacono"},
		"card": {"Karta kończąca się na {last4}", "Karta •••• {last4}", "Karta nr …{last4}"}, "gift": {"Dedykacja", "Twoje słowa", "Na kartce"},
		"account": {"Na rachunek", "Płatność na rachunek", "Rachunkiem, w ciągu trzydziestu dni"}, "receipts": {"Potwierdzenia na", "Rachunki dla", "Rozliczamy z"}, "member": {"Klucz członka", "Członek", "Twój klucz"},
		"invoice": {"faktura-{number}", "rachunek-{number}", "paragon-{number}"},
	}, phrases{
		"subject": {"Witamy w Northlight, {first}", "{first}, konto jest gotowe", "Dobrze, że jesteś, {first}"},
		"title":   {"Witamy w Northlight", "Konto jest gotowe", "Dobrze, że jesteś"},
		"lead":    {"Konto jest otwarte. Oto co o Tobie wiemy; możesz to zmienić w każdej chwili.", "Odtąd wystarczy się zalogować, resztę uzupełnimy.", "Poniżej to, co nam podano. Prosimy sprawdzić, czy się zgadza."},
		"button":  {"Przejdź do konta", "Zobacz swoje dane", "Sprawdź"},
		"after":   {"To nie Ty? Ktoś pomylił adres, możesz zapomnieć o tej wiadomości.", "Nic o tym nie wiesz? Nie trzeba nic robić.", "Jeśli to był ktoś inny, nic więcej nie przyjdzie."},
	}, phrases{
		"subject": {"Twoje zamówienie {number} jest potwierdzone", "Mamy zamówienie {number}", "{number}: dziękujemy, {first}"},
		"title":   {"Dziękujemy za zamówienie", "Mamy Twoje zamówienie", "Teraz jest Twoje"},
		"lead":    {"Zamówienie {number} wpłynęło i właśnie je pakujemy. Faktura jest w załączniku.", "Zamówienie {number} leży na naszym stole. Rachunek jest przy tej wiadomości.", "Szukamy pudełka na zamówienie {number}. Paragon w środku."},
		"button":  {"Zobacz zamówienie", "Otwórz zamówienie", "Co to było?"},
		"after":   {"Masz trzydzieści dni na zmianę zdania.", "Coś nie tak? Odeślij w ciągu trzydziestu dni.", "Trzydzieści dni do namysłu."},
	}}
}
