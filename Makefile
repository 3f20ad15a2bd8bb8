# Targets for people who work on Goso. Using it needs none of this: see README.md.
#
# Everything but "race" runs with CGO_ENABLED=0. Tools are pinned in tools/go.mod, so that the module graph of
# programs that import Goso never sees them.

GO        ?= go
FUZZTIME  ?= 30s
# For bench-compare: the commit to compare with, and which benchmarks.
BASE      ?= main
BENCH     ?= .
# For bench: which problems, and which contestants beside Goso.
ONLY      ?=
CONTESTANTS ?=
# What "make mutate" changes and how much of it; tools/mutate/doc.go tells more.
PKG       ?= internal/host
SAMPLE    ?= 500
SEED      ?= 1
MUTATE    ?=
GREMLINS   = github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
# Statement coverage of internal/... and pkg/oso together, in percent; "make cover" fails below it.
COVERFLOOR = 85

PLATFORMS = linux/amd64 linux/arm64 linux/386 darwin/arm64 windows/amd64 windows/arm64 js/wasm wasip1/wasm
ADAPTERS  = adapters/gin adapters/echo adapters/grpc
MODULES   = . bench bench/peers tools examples/batch $(ADAPTERS)

export CGO_ENABLED = 0

.PHONY: build test test-modules race invariants cover lint golden generate conformance faults fuzz mutate bench bench-quick bench-check bench-compare cross check

build:
	$(GO) build ./...

test:
	$(GO) test -shuffle=on ./...
	cd bench && $(GO) test -shuffle=on ./...

# Examples and adapters with dependencies of their own are modules of their own.
test-modules:
	@for dir in $(filter-out . bench tools,$(MODULES)); do (cd $$dir && $(GO) vet ./... && $(GO) test -shuffle=on ./...) || exit 1; done

# The race detector needs a C compiler, and is alone in that.
race:
	CGO_ENABLED=1 $(GO) test -race ./...

# The same answers with every compiled program verified before it runs.
invariants:
	$(GO) test -tags invariants ./internal/engine ./internal/conformance/...

# Statements of the packages run by any test, a line for each package.
cover:
	@profile=$$(mktemp); out=$$($(GO) test -coverpkg=./internal/...,./pkg/oso/... -coverprofile=$$profile ./... 2>&1); \
	if [ $$? -ne 0 ]; then echo "$$out" | grep -v 'coverage:'; rm -f $$profile; exit 1; fi; \
	awk -v floor=$(COVERFLOOR) -f tools/cover.awk $$profile; status=$$?; rm -f $$profile; exit $$status

lint:
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not formatted:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool -modfile=tools/go.mod staticcheck ./...
	cd bench && $(GO) vet ./...
	@for dir in $(MODULES); do (cd $$dir && $(GO) mod tidy -diff) || exit 1; done

# Rewrites the expected outputs kept in files. Read the diff before you commit it.
golden:
	$(GO) test $$(grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . | xargs -n1 dirname | sort -u) -update

generate:
	$(GO) generate ./...

conformance:
	@out=$$($(GO) test -count=1 -v -run '^TestEveryCaseAgreesOrDeviatesByDecision$$' ./internal/conformance); status=$$?; \
	echo "$$out" | sed -n 's/^.*: \(conformance [^ ]*: .*\)$$/\1/p'; \
	if [ $$status -ne 0 ]; then echo "$$out" | grep -v ': conformance '; fi; exit $$status

# A fault at every question of every case, in each of eight ways; a cancellation of every case. A minute; "make test" makes a sample.
faults:
	$(GO) test -count=1 -v -run '^(TestNoFault|TestQueriesEnd)' ./internal/conformance/faults -every 1
	$(GO) test -count=1 -v -run '^TestApplicationCodeThatFails' ./pkg/oso
	cd bench && $(GO) test -count=1 -v -run '^TestQueriesReturn' .

fuzz:
	tools/fuzz.sh $(FUZZTIME)

# Mutants that no test notices, and the score: docs/mutation.md. Another sample with SEED=2, own operators with MUTATE=-own.
mutate:
	$(GO) run -C tools ./mutate -gremlins $(GREMLINS) -pkg $(PKG) -sample $(SAMPLE) -seed $(SEED) $(MUTATE)

# Us beside every peer that can be run here: a table, and bench/out with report.md, report.json and pictures. Ten minutes or so.
# ONLY=W7 measures what matches, CONTESTANTS=cedar,cel beside those alone. bench/README.md says what is measured.
bench:
	cd bench && $(GO) run ./report -only '$(ONLY)' -contestants '$(CONTESTANTS)'

# Goso and the floor, smaller problems, in two minutes at most.
bench-quick:
	cd bench && $(GO) run ./report -quick -only '$(ONLY)' -out out/quick

# Judges the report of the last "make bench", failing unless every target is held.
bench-check:
	cd bench && $(GO) run ./report -from out/report.json -check

# The files here and the commit BASE, in turn, compared by benchstat.
bench-compare:
	cd bench && $(GO) run ./compare -base '$(BASE)' -bench '$(BENCH)'
	cd bench && $(GO) tool -modfile=../tools/go.mod benchstat -filter '.unit:(cpu-ns/op OR B/op OR allocs/op)' base=out/base.txt head=out/head.txt

cross:
	@for platform in $(PLATFORMS); do \
	  echo "build and vet for $$platform"; \
	  GOOS=$${platform%/*} GOARCH=$${platform#*/} $(GO) build ./... || exit 1; \
	  GOOS=$${platform%/*} GOARCH=$${platform#*/} $(GO) vet ./... || exit 1; \
	done

check: lint cross test test-modules race invariants conformance generate
	git diff --exit-code
