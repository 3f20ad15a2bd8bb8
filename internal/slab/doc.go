// Package slab hands out values from chunks, for trees of many small nodes that live and die together: a load makes
// millions of them, and each allocation of its own costs more than what is done with it.
//
// A chunk stays in memory as long as one value of it is reachable. What lives longer than its neighbours does not belong
// in a slab.
package slab
