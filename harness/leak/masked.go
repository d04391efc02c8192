package leak

import "crosstalk/harness/match"

type maskAt struct{}
type fit struct{}

func showsMasks(s *sighting) bool                                   { return false }
func (in *inspection) masks(c *content, s match.Segment, nth int32) {}
