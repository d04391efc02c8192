package demoshop

import (
	"net/http"
	"strings"
)

// commonNames are offered to whoever begins to type one.
func commonNames() []string {
	return strings.Fields(`Adam Agnieszka Agnes Alan Albert Alex Alexander Alice Alicja Alina Amanda Amelia Andrea Andreas Andrew Andrzej Anita
Anja Anke Anna Anneliese Annika Anton Arthur Astrid Axel Barbara Bartosz Ben Birgit Bjorn Britta Carina Carl Carla Caroline Catherine
Charlotte Chloe Christian Christina Clara Claudia Daniel Daria David Dawid Dominik Dorota Ebba Edward Elena Elin Elisabeth Elizabeth Ella
Ellen Elsa Emil Emilia Emily Emma Eric Erik Erika Eva Ewa Felix Filip Florian Frank Freya Frida Friedrich Gabriel Gabriela George Grace
Greta Gustav Hanna Hannah Hans Harry Heidi Helen Helena Henrik Henry Holger Hugo Ida Ines Inga Ingrid Irena Isabel Isabella Iwona Jack
Jacob Jakob Jakub James Jan Jana Jane Jasmin Jessica Joanna Johan Johanna John Jonas Josef Julia Julian Justyna Kacper Kamil Karin Karl
Karolina Katarzyna Kate Katharina Klara Klaus Krystyna Lars Laura Lea Lena Leo Leon Linda Linnea Lisa Liv Louise Lucas Lucy Ludwig Luisa
Lukas Maciej Magdalena Maja Malin Marcin Marek Maria Marie Mark Markus Marta Martin Mary Mateusz Matilda Max Maximilian Melanie Mia Michael
Michal Monika Moritz Natalia Nicole Nina Noah Nora Olaf Oliver Olivia Oscar Oskar Otto Patricia Patrick Paul Paula Paulina Peter Petra Philip
Piotr Rachel Rafal Ralf Rebecca Renate Robert Rosa Ruth Sabine Samuel Sandra Sara Sarah Sebastian Signe Simon Sofia Sophia Sophie Stefan Stella
Sven Susanne Sylvia Szymon Tanja Theo Thomas Tilda Tim Tobias Tomasz Tove Ulrich Ursula Vera Victor Victoria Viktor Vincent Wanda Werner
William Wojciech Zofia Zoe Zuzanna`)
}

const mostOffered = 12

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
		Looks: "an answer lists first names, which other customers may have",
		Is:    "common names, offered to whoever begins to type one",
	}
}
