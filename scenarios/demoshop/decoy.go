package demoshop

import (
	"fmt"
	"slices"
	"strings"
)

// Names of the decoys.
const (
	Reviews       = "reviews"
	Namesakes     = "namesakes"
	GiftCircle    = "gift-circle"
	OrderQueue    = "order-queue"
	Noise         = "noise"
	StaticPages   = "static-pages"
	Echoes        = "echoes"
	HelpDesk      = "help-desk"
	NameList      = "name-list"
	RememberedYou = "remembered-you"
	PublicKeys    = "public-keys"
	Devices       = "devices"
)

// DecoyRows is how many rows of look-alikes the decoys stand for, one each.
const DecoyRows = 12

// AllDecoys stands for every decoy in Options.Decoys.
const AllDecoys = "all"

// Decoy says what a feature is that looks like a leak and is none.
type Decoy struct {
	Name  string // as Options.Decoys takes it
	Row   int    // of look-alikes, from 1 to DecoyRows
	Looks string // what it looks like
	Is    string // what it is
}

// Decoys lists every look-alike the shop can be told to have, by row. Each is
// right: a run that calls it a leak is wrong.
func Decoys() []Decoy {
	return []Decoy{
		reviewsDecoy(),
		namesakesDecoy(),
		giftCircleDecoy(),
		orderQueueDecoy(),
		noiseDecoy(),
		staticPagesDecoy(),
		echoesDecoy(),
		helpDeskDecoy(),
		nameListDecoy(),
		rememberedYouDecoy(),
		publicKeysDecoy(),
		devicesDecoy(),
	}
}

// ExpandDecoys puts every decoy's name where AllDecoys stands, and names none
// twice. It fails on names that Decoys does not list.
func ExpandDecoys(chosen []string) ([]string, error) {
	var known, out []string
	for _, d := range Decoys() {
		known = append(known, d.Name)
	}
	for _, name := range chosen {
		if name = strings.TrimSpace(name); name == AllDecoys {
			return known, nil
		}
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown decoy %q (known: %s, %s)", name, AllDecoys, strings.Join(known, ", "))
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}
