package customer

func german() *locale {
	return &locale{
		tag: "de-DE", country: "DE", countryName: "Germany", currency: "EUR",
		firsts: words(`Jürgen Günther Jörg Björn Sören Käthe Bärbel Äenne Zoë Chloë Noëmi Raphaël Gökhan Müzeyyen
Götz Lüder Rüdiger Brünhild Kätchen Mäxchen Hänsel Gülay Özlem Ömer Ümit Jörn Sönke Börge Dörte Dörthe Hannelöre
Adelheid Albrecht Alois Anneliese Annegret Ansgar Antje Arnulf Beate Bernd Berthold Birte Brunhilde Burkhard
Christoph Cordula Detlef Dietlinde Dietmar Dietrich Eberhard Eckhard Edeltraud Egon Ehrentraud Elfriede Elke
Erhard Ernst Ewald Falko Florian Franziska Friederike Friedhelm Gabriele Gerda Gerlinde Gernot Gisela Gottfried
Gretchen Gudula Gunther Hannes Hartmut Hedwig Heidrun Heike Heiner Heinrich Helga Helmut Henrike Herbert
Hildegard Hubert Ilse Ingeborg Ingo Irmgard Isolde Jochen Johannes Karsten Katharina Klaus Konrad Kunigunde
Leopold Liesel Lorenz Lothar Luise Lutz Manfred Margarethe Mechthild Meinhard Norbert Olaf Ottilie Petra Rainer
Reinhold Renate Roswitha Sabine Siegfried Sieglinde Steffen Swantje Tilman Traudel Uwe Veronika Volker Waltraud
Wiebke Wilhelm Winfried Wolfgang`),
		lasts: words(`Müller Schäfer Köhler Krüger Schröder König Böhm Möller Jäger Günther Voß Weiß Groß Großmann
Schüler Kühn Lösch Kröger Brückner Bähr Dürr Förster Götz Häuser Höfer Hübner Jähn Käfer Köster Krämer Kühl
Löffler Lührs Mühl Nöth Pfänder Plöger Röder Rößler Rühmann Sänger Schön Schütte Späth Stöhr Strauß Süß Thürmer
Töpfer Übel Vögele Wäger Wöhr Wölk Zöller Albrecht Arnold Bauer Baumann Beck Bergmann Brandt Braun Busch Decker
Dietz Engel Ernst Fischer Fiedler Franke Frey Fuchs Geiger Graf Haas Hahn Hartmann Heinz Herrmann Hoffmann Horn
Huber Jansen Kaiser Keller Klein Koch Kraus Kuhn Lang Lehmann Lenz Ludwig Maier Marx Meyer Neumann Otto Peters
Pohl Reuter Richter Roth Sauer Schmitz Schulz Schuster Seidel Simon Sommer Stein Thomas Vogel Vogt Wagner
Walter Weber Wendt Werner Winkler Wolff Ziegler`),
		syllables: syllables{
			onsets: words(germanicOnsets + ` w z sch schl schm schn schr schw str zw`),
			vowels: words(`a e i o u ä ö ü ei au`),
			codas:  words(`l n r s m nd rk lm rn st ll ng`),
		},
		lastEndings:   words(`mann berg hoff stedt bach feld heim dorf brandt horst`),
		streetEndings: words(`straße weg allee gasse ring platz ufer damm`),
		trades:        words(`Handel Bau Holz Daten Technik Textil Optik Feinkost Möbel Metall Glas Farben Papier Foto Garten Bücher`),
		legalForm:     "GmbH",
		cities: []city{
			{"Berlin", "10###"}, {"Hamburg", "20###"}, {"München", "80###"}, {"Köln", "50###"}, {"Frankfurt am Main", "60###"},
			{"Stuttgart", "70###"}, {"Düsseldorf", "40###"}, {"Leipzig", "04###"}, {"Dortmund", "44###"}, {"Essen", "45###"},
			{"Bremen", "28###"}, {"Dresden", "01###"}, {"Hannover", "30###"}, {"Nürnberg", "90###"}, {"Duisburg", "47###"},
			{"Bochum", "448##"}, {"Münster", "48###"}, {"Karlsruhe", "76###"}, {"Mannheim", "68###"}, {"Augsburg", "86###"},
			{"Lübeck", "235##"}, {"Göttingen", "370##"}, {"Tübingen", "720##"}, {"Würzburg", "970##"},
		},
		// Kept free by the Bundesnetzagentur for media productions (notice 148/2021).
		phones: []phoneRange{
			{"0171 39200##", 0, 99}, {"030 23125###", 0, 999}, {"069 90009###", 0, 999},
			{"040 66969###", 0, 999}, {"0221 4710###", 0, 999}, {"089 99998###", 0, 999},
		},
		fictional: true,
		giftNotes: []string{
			"Alles Gute zum Geburtstag! Das Losungswort ist %s.", "Mit lieben Grüßen, und denk an %s.", "Frohes Fest. Unser Wort bleibt %s.",
		},
	}
}
