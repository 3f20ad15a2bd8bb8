//go:build !race

package host

// raceDetector says that pools drop what they are given at random, so that what machines remember from one query to the next is not certain.
const raceDetector = false
