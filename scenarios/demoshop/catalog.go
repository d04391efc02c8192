package demoshop

// item is something the shop sells.
type item struct {
	ID      int // article number; in addresses
	Name    string
	Cents   int    // price in euro cents, before a market rounds it
	Picture string // name of the drawing among the static files
	Line    string // one sentence
	Text    string // a paragraph
	Made    string // of what
	Size    string
}

// catalog is everything on sale. Article numbers begin at 100 and have no gaps.
func catalog() []item {
	return []item{
		{100, "Stoneware mug", 1800, "mug.svg", "Holds the first coffee and the last tea.",
			"Thrown by hand and glazed twice, with a rim thin enough to forget. No two are quite alike, and all of them survive the dishwasher.", "Stoneware, matt glaze", "30 cl"},
		{101, "Enamel kettle", 6400, "kettle.svg", "Whistles only when it means it.",
			"A kettle for every kind of stove, with a wooden handle that stays cool and a lid that stays on.", "Enameled steel, beech", "1.6 l"},
		{102, "Reading lamp", 8900, "lamp.svg", "A warm circle of light, exactly where you point it.",
			"A weighted foot, one joint, one switch. The shade turns all the way round, so the light can rest on the wall when the book is done.", "Powder-coated steel", "46 cm"},
		{103, "Wool blanket", 11900, "blanket.svg", "Heavy where it should be, soft everywhere.",
			"Woven from wool that has never been dyed: the stripes are the sheep. It warms a sofa for two or a bed for one.", "Undyed wool", "130 × 180 cm"},
		{104, "Pocket notebook", 1200, "notebook.svg", "For what is worth keeping until tomorrow.",
			"Sewn, so that it lies flat; dotted, so that it takes drawings as well as lists. Ninety-six pages, and a ribbon to find the last one.", "Recycled paper, linen", "A6"},
		{105, "Beeswax candle", 2200, "candle.svg", "Forty hours of evening.",
			"Poured slowly from pure beeswax with a cotton wick. It smells of very little, and that little is honey.", "Beeswax, cotton", "7 × 15 cm"},
		{106, "Terracotta pot", 2900, "pot.svg", "Your fern will write to say thanks.",
			"Unglazed clay that breathes, with a saucer that keeps the window sill dry. It grows more handsome every summer.", "Terracotta", "Ø 18 cm"},
		{107, "Wall clock", 7400, "clock.svg", "Tells the time and nothing else.",
			"A silent movement behind plain hands, in a rim of turned ash. One battery lasts about two years.", "Ash, steel", "Ø 28 cm"},
		{108, "Market bag", 2600, "bag.svg", "Carries bread, leeks and a book.",
			"Heavy cotton with long handles and a flat bottom, so that nothing has to lie on its side. Folds into its own pocket.", "Organic cotton", "42 × 38 cm"},
	}
}

// itemByID finds an item by its article number.
func itemByID(id int) (item, bool) {
	all := catalog()
	if id < all[0].ID || id-all[0].ID >= len(all) {
		return item{}, false
	}
	return all[id-all[0].ID], true
}
