package demoshop

import (
	"net/http"
	"strings"
)

// commonNames are those that the countries the shop delivers to have much of.
// They are offered to whoever begins to type one.
func commonNames() []string {
	return strings.Fields(`Aaron Abigail Adam Adrian Agnes Agneta Agnieszka Alan Alasdair Alastair Albert Albrecht Aleksandra Alex Alexander Alice Alicja Alina Alistair Amanda
Amber Amelia Amy Ana Anders Andrea Andreas Andrew Andrzej Aneta Angela Angelica Anita Anja Anke Anna Anneliese Annie Annika Antje Anton Arkadiusz
Arthur Arvid Ashley Astrid Aubrey Audrey Austin Ava Axel Barbara Barbro Barnaby Bartosz Bartłomiej Beata Beate Beatrix Bella Ben Bengt Bernd Beth
Bethan Birgit Birgitta Bjorn Björn Bogdan Bożena Brandon Brenda Brian Britta Brittany Bronwen Bruce Bryony Błażej Caleb Callum Calvin Cameron Camilla
Carina Carl Carla Carlos Carmen Carol Caroline Casey Cassandra Catherine Cecilia Cecily Cezary Chad Charlotte Chelsea Cheryl Chloe Chloë Christer
Christian Christina Christoph Clara Clarissa Claudia Clayton Clement Clive Cody Colin Connor Cordelia Corey Courtney Craig Crystal Curtis Cynthia Dale
Damian Dana Daniel Danuta Daria Dariusz David Davina Dawid Dean Deborah Delia Dennis Derek Desmond Detlef Diana Diego Dietmar Dietrich Dominik Don
Donna Doris Dorota Douglas Drew Duncan Dustin Dylan Earl Easton Ebba Eberhard Edith Edmund Edvin Edward Edyta Eileen Eilidh Einar Elaine Elena
Elfriede Eli Elijah Elin Elisabeth Elizabeth Elke Ella Ellen Ellie Elmer Elsa Elspeth Elżbieta Emil Emilia Emily Emma Emmett Enid Erhard Eric Erik
Erika Erin Ernst Esme Ethan Euan Eugene Eunice Eva Evan Evelyn Ewa Ewan Ewelina Faith Falko Felicia Felix Fergus Fernando Filip Finlay Fiona Florian
Frances Franciszek Frank Franziska Fredrika Freya Frida Friederike Friedrich Gabriel Gabriela Gabriele Gareth Garrett Gavin Geoffrey George Gerd Gerda
Gilbert Giles Gina Gisela Gladys Glenn Gloria Godfrey Gordon Gottfried Grace Grant Grażyna Gregory Greta Grzegorz Gunnar Gustav Göran Gösta Gülay
Günter Günther Hailey Halina Hamish Hanna Hannah Hannelore Hannes Hans Harold Harriet Harry Hartmut Harvey Hazel Hector Hedda Hedwig Heidi Heike
Heiner Heinrich Helen Helena Helga Helge Helmut Henrik Henry Henryk Herbert Hilary Hildegard Holger Hope Horace Howard Hubert Hugo Humphrey Håkan Ian
Ida Ilse Imogen Ines Inga Ingeborg Ingmar Ingo Ingrid Ingvar Iona Irena Irene Irmgard Isaac Isabel Isabella Isaiah Isak Isla Ivan Ivar Ivor Ivy Iwona
Izabela Jacek Jack Jackie Jaclyn Jacob Jadwiga Jakob Jakub James Jan Jana Jane Janina Janusz Jared Jarosław Jasmin Jason Jay Jean Jeffrey Jemima Jenna
Jennifer Jeremy Jerzy Jesse Jessica Jill Joan Joanna Jochen Joel Johan Johanna Johannes John Jolanta Jonas Jonna Jordan Josef Josefin Joseph Joshua
Joy Juan Juanita Judith Judy Julia Julian Justin Justyna Józef Jörg Jörgen Jürgen Kacper Kaitlyn Kamil Karin Karl Karol Karolina Karsten Katarzyna
Kate Katharina Kathleen Kayla Kazimierz Keith Kelly Kelvin Kenneth Kerstin Kevin Kieran Kim Kinga Kirk Kjell Klara Klaudia Klaus Knut Konrad Kristen
Krystian Krystyna Krzysztof Kyle Lars Laura Lawrence Lea Leif Leighton Lena Lennart Leo Leon Leopold Leroy Leslie Leszek Lewis Lidia Lillian Linda
Linnea Linnéa Lionel Lisa Liv Logan Lorenz Lori Lorna Lothar Louise Lovisa Lucas Lucy Ludvig Ludwig Luis Luisa Luise Lukas Luke Luther Lutz Lydia Lyle
Mabel Maciej Mackenzie Madison Magdalena Magnus Maisie Maja Malcolm Malin Manfred Marc Marcin Marcus Marek Margaret Margareta Maria Marie Marilyn
Mariusz Marjorie Mark Markus Marta Martin Marvin Mary Marzena Mason Mateusz Matilda Maureen Max Maximilian Maya Małgorzata Megan Melanie Melissa
Meredith Mia Michael Michal Michał Miguel Mikael Mikołaj Milena Miles Miranda Mirosław Mitchell Moa Moira Molly Monika Morgan Moritz Märta Nancy Naomi
Natalia Natalie Nathan Neil Nelson Neville Nicholas Nicole Nigel Nils Nina Noah Noel Nora Norbert Norma Norman Ola Olaf Oliver Olivia Olle Oscar Oskar
Oswald Otto Ove Owain Owen Paige Pamela Patricia Patrick Patrycja Paul Paula Paulina Paweł Pedro Percival Pernilla Perry Peter Petra Philip Philippa
Phoebe Piotr Preston Przemysław Pär Quentin Rachel Radosław Rafal Rafał Ragnar Rainer Ralf Ralph Ramona Randall Rasmus Raymond Reagan Rebecca Regina
Reinhold Renata Renate Rhiannon Rhys Ricardo Richard Rikard Riley Rita Robert Roderick Rodney Roger Rolf Roman Ronald Rosa Rose Rowena Roy Ruby Rufus
Russell Rut Ruth Ryan Ryszard Rüdiger Sabine Sabrina Sally Samantha Samuel Sandra Sara Sarah Scott Sean Sebastian Seth Seán Shannon Sharon Shawn
Sheila Sherry Sidney Siegfried Sierra Signe Sigrid Simon Siv Siân Skyler Sofia Solveig Sophia Sophie Spencer Stacy Staffan Stanisław Stanley Stefan
Steffen Stella Stephen Steven Stuart Sture Sue Sune Susan Susanne Svante Sven Sybil Sydney Sylvia Sylwia Szymon Sören Sławomir Tabitha Tadeusz Tage
Tamsin Tanja Tara Taylor Terry Theo Theresa Thomas Tiffany Tilda Tim Timothy Tina Tobias Todd Tomasz Torbjörn Torsten Tove Tracy Travis Trevor Tristan
Tyler Tymon Tyra Ulf Ulrich Ulrika Urban Ursula Urszula Uwe Valerie Vanessa Vera Verity Vernon Veronika Victor Victoria Viggo Viktor Vincent Violet
Virginia Viveka Volker Waldemar Walter Waltraud Wanda Warren Wayne Wendy Werner Weronika Wesley Whitney Wiktor Wilfred Wilhelm William Willow Winfried
Winifred Wioletta Wojciech Wolfgang Wyatt Władysław Xavier Yngve Yolanda Yvonne Zachary Zara Zbigniew Zenon Zoe Zofia Zoë Zuzanna Zygmunt Åke Åsa Ömer
Örjan Özlem Łucja Łukasz`)
}

// mostOffered is more than there are of any letter: who scrolls finds every name,
// and so some that other customers have.
const mostOffered = 80

// apiNames offers names that begin as what was typed does. It knows no customer.
func (o *origin) apiNames(w http.ResponseWriter, r *http.Request) {
	begun := strings.ToLower(strings.TrimSpace(r.FormValue(o.of("begun"))))
	out := []string{}
	for _, name := range commonNames() {
		if begun != "" && strings.HasPrefix(strings.ToLower(name), begun) && len(out) < mostOffered {
			out = append(out, name)
		}
	}
	if len(out) > 0 {
		o.extras.gave(NameList)
	}
	o.reply(w, http.StatusOK, obj{"offered": out})
}

func nameListDecoy() Decoy {
	return Decoy{
		Name:  NameList,
		Row:   9,
		Looks: "an answer lists first names, some of which other customers have",
		Is:    "common names, offered to whoever begins to type one",
	}
}
