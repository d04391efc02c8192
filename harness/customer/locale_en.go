package customer

import "github.com/brianvoe/gofakeit/v6/data"

const (
	englishOnsets = `b d f g h j k l m n p r s t v w bl br cl cr dr fl fr gl gr kn pl pr sc sl sm sn sp st str sw th tr tw wr`
	englishCodas  = `l n r s m nd rk lm rn st ll ng`
)

func british() *locale {
	return &locale{
		tag: "en-GB", country: "GB", countryName: "United Kingdom", currency: "GBP",
		firsts: words(`Zoë Chloë Siân Seán Renée Zara Aelwyn Agnes Ailsa Alasdair Alastair Aled Alistair Angharad
Anwen Arwel Aubrey Barnaby Beatrix Bethan Blodwen Branwen Bronwen Bryony Callum Cecily Ceri Cerys Clarissa
Clement Clive Colin Cordelia Cormac Cressida Crispin Cuthbert Cyril Dafydd Davina Desmond Dilys Dougal Duncan
Dylan Edith Edmund Eilidh Elspeth Eluned Emlyn Enid Esme Eunice Euan Evelyn Ewan Fergus Finlay Fiona Freya
Gareth Geoffrey Gethin Gilbert Giles Gladys Glenys Godfrey Gwendolyn Gwilym Hamish Harriet Hector Hermione
Hilary Horace Hugo Humphrey Idris Imogen Ines Iona Isla Ivor Jemima Jocelyn Keir Kenneth Kieran Lachlan Leighton
Lewin Lionel Lorna Lowri Lynette Mabel Madoc Magnus Maisie Malcolm Marjorie Maureen Megan Meredith Mervyn Morag
Morwenna Moira Myfanwy Nerys Neville Nigel Oswald Osian Owain Percival Perdita Philippa Phoebe Quentin Rhiannon
Rhodri Rhys Roderick Rowena Rufus Rupert Sinead Sybil Tabitha Tamsin Tegan Thora Tristan Ursula Verity Wilfred
Winifred Yorath`),
		lasts: words(`Abbott Adair Ainsley Aldous Anstey Appleby Ashdown Attwood Babbage Barlow Bellamy Benson Birch
Blythe Bolton Boothby Bowden Bradley Bramley Brody Burgess Byrne Caldwell Carey Carver Cassidy Chadwick Clifton
Cobb Colby Conway Corbett Coyle Crosby Dalton Darby Davies Denby Dixon Doyle Drummond Dudley Eaton Egerton Ellis
Evans Farrow Fenton Finch Fleming Forbes Foster Fraser Gibbon Giddens Glover Godwin Goodwin Grady Griffin Haddon
Hale Halsey Hardy Harper Hastings Hewitt Higgins Hobbs Holt Hooper Howell Huxley Ingram Irwin Jarvis Jenkins
Jones Keating Kemp Kendall Kerr Kirby Lacey Lambert Larkin Lawton Leigh Lloyd Lowell Lytton Maddox Marlow Mayhew
Mercer Milner Morgan Mowbray Murray Nash Neville Newell Norris Oakley Ogden Orton Osborne Paget Parry Pascoe
Paxton Pickles Plumb Powell Pryce Quick Radley Ramsay Reeve Rhodes Rowley Rudd Sayer Seaton Selby Sewell Shaw
Sidney Skelton Stokes Sutton Tate Tilney Trent Tully Tyndall Udall Upton Vaughan Vickers Wade Walsh Warwick
Webb Welby Whelan Wyatt Yardley Yates`),
		syllables:     syllables{onsets: words(englishOnsets), vowels: words(`a e i o u ea`), codas: words(englishCodas)},
		lastEndings:   words(`ford well ley wick ton worth combe by stead more`),
		streetEndings: words(`~Road ~Street ~Lane ~Close ~Gardens ~Avenue ~Terrace ~Crescent`),
		houseFirst:    true,
		trades:        words(`Trading Joinery Ceramics Textiles Optics Foods Timber Textbooks Motors Garden Marine Fittings Paper Audio Leather Glass`),
		legalForm:     "Ltd",
		cities: []city{
			{"London", "SE# #@@"}, {"Leeds", "LS# #@@"}, {"Manchester", "M# #@@"}, {"Birmingham", "B# #@@"}, {"Bristol", "BS# #@@"},
			{"Sheffield", "S# #@@"}, {"Edinburgh", "EH# #@@"}, {"Glasgow", "G# #@@"}, {"Cardiff", "CF# #@@"}, {"Belfast", "BT# #@@"},
			{"Nottingham", "NG# #@@"}, {"Leicester", "LE# #@@"}, {"Reading", "RG# #@@"}, {"Liverpool", "L# #@@"}, {"Newcastle upon Tyne", "NE# #@@"},
			{"Norwich", "NR# #@@"}, {"Exeter", "EX# #@@"}, {"Oxford", "OX# #@@"}, {"Cambridge", "CB# #@@"}, {"Brighton", "BN# #@@"},
			{"Plymouth", "PL# #@@"}, {"Swansea", "SA# #@@"}, {"Aberdeen", "AB# #@@"}, {"York", "YO# #@@"},
		},
		// Set aside by Ofcom for drama.
		phones: []phoneRange{
			{"07700 900###", 0, 999}, {"020 7946 0###", 0, 999}, {"0113 496 0###", 0, 999}, {"0114 496 0###", 0, 999},
			{"0115 496 0###", 0, 999}, {"0116 496 0###", 0, 999}, {"0117 496 0###", 0, 999}, {"0118 496 0###", 0, 999},
			{"0121 496 0###", 0, 999}, {"0131 496 0###", 0, 999}, {"0141 496 0###", 0, 999}, {"0151 496 0###", 0, 999},
			{"0161 496 0###", 0, 999}, {"0191 498 0###", 0, 999}, {"028 9649 6###", 0, 999}, {"029 2018 0###", 0, 999},
			{"01632 960###", 0, 999},
		},
		fictional: true,
		giftNotes: []string{
			"Happy birthday! The word is %s.", "With love. Whisper %s at the door.", "Enjoy, and remember %s.",
		},
	}
}

func american() *locale {
	return &locale{
		tag: "en-US", country: "US", countryName: "United States", currency: "USD",
		firsts:        data.Person["first"],
		lasts:         data.Person["last"],
		syllables:     syllables{onsets: words(englishOnsets), vowels: words(`a e i o u ay`), codas: words(englishCodas)},
		lastEndings:   words(`son man ford ville ton field wood dale ridge burn`),
		streetEndings: words(`~Street ~Avenue ~Drive ~Lane ~Boulevard ~Court ~Way ~Trail`),
		houseFirst:    true,
		trades:        words(`Supply Labs Hardware Outfitters Foods Systems Optics Lumber Motors Textiles Farms Marine Audio Paper Tools Media`),
		legalForm:     "LLC",
		cities: []city{
			{"New York", "100##"}, {"Los Angeles", "900##"}, {"Chicago", "606##"}, {"Houston", "770##"}, {"Phoenix", "850##"},
			{"Philadelphia", "191##"}, {"San Antonio", "782##"}, {"San Diego", "921##"}, {"Dallas", "752##"}, {"Austin", "787##"},
			{"Columbus", "432##"}, {"Charlotte", "282##"}, {"Seattle", "981##"}, {"Denver", "802##"}, {"Boston", "021##"},
			{"Nashville", "372##"}, {"Portland", "972##"}, {"Las Vegas", "891##"}, {"Memphis", "381##"}, {"Baltimore", "212##"},
			{"Milwaukee", "532##"}, {"Tucson", "857##"}, {"Omaha", "681##"}, {"Minneapolis", "554##"},
		},
		phones:    americanPhones(),
		fictional: true,
		giftNotes: []string{
			"Happy birthday! The magic word is %s.", "With love from all of us. P.S.: %s", "Congratulations! Don't forget %s.",
		},
	}
}

// americanPhones are 555-0100 to 555-0199, kept for fiction in every area of
// the North American plan.
func americanPhones() []phoneRange {
	areas := words(`201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239
240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316
317 318 319 320 321 323 325 330 334 336 337 339 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412
413 414 415 417 419 423 425 430 432 434 435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512
513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 580 585 586 601 602 603 605 606 607
608 609 610 612 614 615 616 617 618 619 620 623 626 630 631 636 641 646 650 651 660 661 662 678 682 701 702 703
704 706 707 708 712 713 714 715 716 717 718 719 720 724 727 731 732 734 740 754 757 760 763 765 770 772 773 774
775 781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 828 830 831 832 843 845 847 848 850`)
	ranges := make([]phoneRange, len(areas))
	for i, area := range areas {
		ranges[i] = phoneRange{"(" + area + ") 555-01##", 0, 99}
	}
	return ranges
}
