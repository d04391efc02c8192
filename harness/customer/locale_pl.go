package customer

func polish() *locale {
	return &locale{
		tag: "pl-PL", country: "PL", countryName: "Poland", currency: "PLN",
		firsts: words(`Łukasz Michał Paweł Rafał Małgorzata Elżbieta Grażyna Bożena Żaneta Świętosława Stanisław
Władysław Mieczysław Bronisław Zdzisław Wiesław Bogusław Mirosław Przemysław Radosław Jarosław Wacław Czesław
Bolesław Lesław Sławomir Kazimierz Błażej Łucja Józef Józefina Żywia Danuta Agnieszka Aleksandra Alicja Andrzej
Aniela Apolonia Arkadiusz Barbara Bartłomiej Bartosz Beata Bernadeta Bogdan Bogumiła Bożydar Celina Cezary
Cyprian Dagmara Damian Dariusz Dobrosława Dominik Dorota Edyta Emilia Eugeniusz Ewelina Fabian Faustyna
Feliks Franciszek Genowefa Grzegorz Gustaw Halina Henryk Hubert Ignacy Ireneusz Irmina Iwona Izabela Jacek
Jadwiga Jagoda Jakub Janina Janusz Jerzy Joachim Joanna Jolanta Juliusz Justyna Kajetan Kalina Karol Kinga
Klaudia Konstanty Kornelia Krystian Krystyna Krzysztof Ksawery Lech Leszek Lidia Lucjan Ludmiła Maciej Magdalena
Marcin Mariusz Marzena Mateusz Mikołaj Milena Natalia Norbert Oliwia Oskar Patrycja Piotr Remigiusz Renata
Roksana Roman Ryszard Sabina Sebastian Sylwia Szymon Tadeusz Teofil Tomasz Tymon Urszula Waldemar Wanda Weronika
Wiktor Wioletta Witold Wojciech Zbigniew Zenon Zofia Zuzanna Zygmunt`),
		lasts: words(`Wójcik Woźniak Stępień Wróbel Król Zając Bąk Gołąb Jabłoń Kołodziej Łuczak Łapacz Mróz Pająk
Śliwa Ślązak Świder Świątek Żak Żuk Żuraw Źrebiec Głąb Gąsior Dąbek Bębenek Kępa Kłos Kół Kuśmierz Lipiński Łoś
Łyko Mącznik Niedźwiedź Paśko Ptak Rączka Rębacz Słomka Sójka Szczęsny Tłuczek Trąba Wąs Węgrzyn Wilk Ząbek Żbik
Adamczyk Antczak Banach Baran Bednarz Bielak Błaszczyk Borek Bujak Cebula Chmiel Cichy Cieślak Czajka Czech Domagała
Drozd Duda Dudek Dziedzic Filipek Florek Furman Gajda Gawron Gil Grabarz Grzelak Guzik Jarosz Jasiak Jurek Kaczor
Kaleta Kania Karaś Kasprzak Kawka Klimek Kluska Kmita Kopeć Kosiba Kowal Koza Kozak Krawczyk Kruk Krupa Kubiak
Kukla Kurek Kuś Kwiecień Lach Leśniak Lis Madej Maj Makuch Marzec Matysiak Mazur Michalak Mikołajczyk Mucha Nowak
Olejnik Orzech Owczarek Pawlak Piątek Pietrzak Polak Przybysz Rak Rogala Rybak Sikora Sitek Skiba Sobczak Sokół
Sowa Stasiak Szczepaniak Szewczyk Szulc Szymczak Tkacz Tokarz Urban Walczak Wawrzyniak Witczak Zaręba Zawada Zięba`),
		syllables: syllables{
			onsets: words(`b c d f g h j k l ł m n p r s t w z ż ś bl br cz dr dz gr kl kr ml pl pr rz sk sł sm sp st str sz tr wr`),
			vowels: words(`a e i o u y ą ę ó`),
			codas:  words(`l n r s m k cz sz nk rk st w`),
		},
		lastEndings:   words(`czyk owicz ewicz ak ik ek arz iniec asz orz`),
		streetEndings: words(`owa owska na iańska icka ińska ecka owiecka`),
		trades:        words(`Handel Budowa Drewno Dane Technika Tekstylia Optyka Delikatesy Meble Metal Szkło Farby Papier Foto Ogród Książki`),
		legalForm:     "sp. z o.o.",
		cities: []city{
			{"Warszawa", "00-###"}, {"Kraków", "30-###"}, {"Łódź", "90-###"}, {"Wrocław", "50-###"}, {"Poznań", "60-###"},
			{"Gdańsk", "80-###"}, {"Szczecin", "70-###"}, {"Bydgoszcz", "85-###"}, {"Lublin", "20-###"}, {"Białystok", "15-###"},
			{"Katowice", "40-###"}, {"Gdynia", "81-###"}, {"Częstochowa", "42-2##"}, {"Radom", "26-6##"}, {"Rzeszów", "35-###"},
			{"Toruń", "87-1##"}, {"Kielce", "25-###"}, {"Olsztyn", "10-###"}, {"Opole", "45-###"}, {"Gliwice", "44-1##"},
			{"Zabrze", "41-8##"}, {"Tychy", "43-1##"}, {"Płock", "09-4##"}, {"Elbląg", "82-3##"},
		},
		// Poland reserves no numbers for fiction: these look like mobile numbers
		// and may be somebody's, so they are weak, and must never be called.
		phones: []phoneRange{
			{"50# ### ###", 0, 9999999}, {"53# ### ###", 0, 9999999}, {"60# ### ###", 0, 9999999},
			{"66# ### ###", 0, 9999999}, {"72# ### ###", 0, 9999999}, {"88# ### ###", 0, 9999999},
		},
		giftNotes: []string{
			"Wszystkiego najlepszego! Hasło brzmi %s.", "Z uściskami. Pamiętaj: %s.", "Wesołych świąt, a słowo to %s.",
		},
	}
}
