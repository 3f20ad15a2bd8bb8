module github.com/goso-project/goso/bench

go 1.26

require github.com/goso-project/goso v0.0.0

replace github.com/goso-project/goso => ../
