package match

func isPDF(t *text) bool { return hasPrefix(t.data, "%PDF-") }

func (o *opener) pdf(d decoder, t *text) []*text { return nil }
