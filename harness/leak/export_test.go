package leak

// JudgeWithin is Judge with the contents of few bodies at hand, as if the run
// were long.
var JudgeWithin = judgeWithin
