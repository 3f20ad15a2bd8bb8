module github.com/goso-project/goso

go 1.26
