module github.com/goso-project/goso/bench/gooso

go 1.26

require (
	github.com/goso-project/goso/bench v0.0.0
	github.com/osohq/go-oso v0.27.3
)

require github.com/goso-project/goso v0.0.0 // indirect

replace (
	github.com/goso-project/goso => ../../
	github.com/goso-project/goso/bench => ../
)
