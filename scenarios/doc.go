// Package scenarios says how a checkout is used: journeys, guard, allowances
// and minima, read from YAML files, the embedded ones among them.
//
// It knows the language of scenario files and reports every mistake with its
// line and column. It must not know how a step is performed or judged.
package scenarios
