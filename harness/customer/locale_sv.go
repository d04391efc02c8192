package customer

func swedish() *locale {
	return &locale{
		tag: "sv-SE", country: "SE", countryName: "Sweden", currency: "SEK",
		firsts: words(`Åsa Örjan Märta Göran Björn Sören Håkan Pär Jörgen Linnéa Annika Torbjörn Gösta Åke Östen
Ingegärd Märit Görel Solbritt Börje Järda Kåre Måns Mårten Nåda Råland Sölve Törnrosa Ulrika Väinö Zäta Ängla
Ädel Östra Agneta Alvar Anders Arvid Axelina Barbro Bengt Birgitta Bosse Britta Cajsa Camilla Christer Dagny
Disa Ebba Edvin Einar Elof Elsa Erland Eskil Evert Fredrika Frida Gerd Greta Gudrun Gullan Gunnar Gunvor Hedda
Helge Hilding Hjalmar Holger Hulda Inga Ingmar Ingvar Isak Ivar Jakob Jerker Jonna Josefin Kerstin Kjell Klara
Knut Lasse Leif Lennart Lova Lovisa Ludvig Magnus Maja Malin Margareta Mikael Moa Nils Nora Ola Olle Ove Pelle
Pernilla Ragnar Ragnhild Rasmus Rikard Rolf Rut Signe Sigrid Siv Sixten Solveig Staffan Stellan Sture Sune
Svante Sven Tage Tekla Thyra Tora Torsten Tove Truls Tyra Ulf Urban Valborg Vendela Viggo Vilgot Viveka Yngve`),
		lasts: words(`Åberg Åkesson Öberg Öhman Bäckman Björk Bråth Dahlén Ekström Engström Fälldin Forsén Frödin
Grönlund Gräns Gård Hägg Håkans Hällgren Höglund Jäderlund Järvi Källman Köhler Lång Lindén Löfgren Lövgren
Malmström Mård Nordén Nyström Nåjd Pålsson Rådström Rönn Sandén Sjöberg Sjögren Sköld Ståhl Ståhle Söderberg
Södergren Tjäder Törnqvist Väst Wåhlin Wikström Östberg Östlund Adolfsson Ahlgren Alm Andersson Arvids Asp
Axelsson Bergman Blom Boman Borg Brandt Carlsson Dahl Danielsson Edlund Eklund Eliasson Enqvist Eriksson Falk
Fagerlund Flodin Forsberg Frank Fransson Gustafsson Hagman Hallberg Hansson Hedlund Hellström Holmgren Isaksson
Jansson Jonsson Karlsson Kling Kjellberg Lagerlöf Larsson Lilja Lindahl Lundin Magnusson Mattsson Melin Moberg
Nilsson Norling Nyberg Olofsson Palm Persson Pettersson Quist Rask Ros Rosén Sandberg Selin Skoog Stark
Strand Sundin Svanberg Svensson Tapper Thorén Ulander Viklund Wall Wennberg Wester Zetterlund`),
		syllables: syllables{
			onsets: words(germanicOnsets + ` sk sl sm sn sv str spr skr tv vr`),
			vowels: words(`a e i o u y å ä ö`),
			codas:  words(`l n r s m nd rk lm rn st ll ng`),
		},
		lastEndings:   words(`qvist gren lund berg dal mark stedt hult vik torp`),
		streetEndings: words(`vägen gatan stigen gränd allén backen gången torget`),
		trades:        words(`Handels Bygg Trä Data Mekanik Livs Textil Teknik Konsult Foto Möbel Järn Glas Färg Papper Båt`),
		legalForm:     "AB",
		cities: []city{
			{"Stockholm", "11# ##"}, {"Göteborg", "41# ##"}, {"Malmö", "21# ##"}, {"Uppsala", "75# ##"},
			{"Västerås", "72# ##"}, {"Örebro", "70# ##"}, {"Linköping", "58# ##"}, {"Helsingborg", "25# ##"},
			{"Jönköping", "55# ##"}, {"Norrköping", "60# ##"}, {"Lund", "22# ##"}, {"Umeå", "90# ##"},
			{"Gävle", "80# ##"}, {"Borås", "50# ##"}, {"Södertälje", "15# ##"}, {"Eskilstuna", "63# ##"},
			{"Halmstad", "30# ##"}, {"Växjö", "35# ##"}, {"Karlstad", "65# ##"}, {"Sundsvall", "85# ##"},
			{"Östersund", "83# ##"}, {"Luleå", "97# ##"}, {"Trollhättan", "46# ##"}, {"Kalmar", "39# ##"},
		},
		// Reserved by the Swedish post and telecom authority (PTS) for fiction.
		phones: []phoneRange{
			{"070-174 0# ##", 605, 699}, {"08-465 004 ##", 0, 99}, {"031-390 06 ##", 0, 99},
			{"040-628 04 ##", 0, 99}, {"0980-31 92 ##", 0, 99},
		},
		fictional: true,
		giftNotes: []string{
			"Grattis på födelsedagen! Lösenordet är %s.", "Till dig, med kram. Säg %s i dörren.", "Minns du %s? God jul!",
		},
	}
}
