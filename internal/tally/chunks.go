package tally

import (
	"runtime"
	"sync"
)

// chunk is how much work one goroutine takes at a time. It is fixed, so that
// sums are added in the same order on every machine.
const chunk = 1024

// inChunks sums over 0…n−1, several chunks at a time.
func inChunks(n int, sum func(from, to int) float64) (total float64) {
	sums := make([]float64, (n+chunk-1)/chunk)
	concurrently(len(sums), func(i int) {
		sums[i] = sum(i*chunk, min(n, (i+1)*chunk))
	})
	for _, s := range sums {
		total += s
	}
	return total
}

// concurrently does n pieces of work that do not depend on each other.
func concurrently(n int, do func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers < 2 {
		for i := range n {
			do(i)
		}
		return
	}
	work := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range work {
				do(i)
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	group.Wait()
}
