// Command ours is the worker of Goso and of the floors.
package main
