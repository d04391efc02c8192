package demoshop

// Family is as whom a customer is named on the letterbox: by a last name and a
// city, which look like another's where they are those of another, too.
func (e *extras) Family(a account) account {
	if e.store.hasNamesake(a) {
		e.gave(Namesakes)
	}
	return a
}

func (s *store) hasNamesake(a account) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, other := range s.accounts {
		if id != a.ID && other.Last == a.Last && other.City == a.City {
			return true
		}
	}
	return false
}

func namesakesDecoy() Decoy {
	return Decoy{
		Name:  Namesakes,
		Row:   2,
		Looks: "a customer is shown a last name and a city that another customer has",
		Is:    "their own: two customers happen to be called alike and to live in one city",
	}
}
