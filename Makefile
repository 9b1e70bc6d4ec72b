# Laurel. `make` lists what can be done.

export GOTOOLCHAIN = local
# The program needs no C compiler; only the race detector does.
export CGO_ENABLED = 0

# Where `make run` keeps its demo: outside home folders, because a server that
# root starts runs as somebody else and must get there.
RUN_DATA ?= /var/tmp/laurel-$(shell id -u)-$(shell pwd | sha256sum | cut -c1-8)

# The state of all templates and of what is generated from them.
TEMPLATES = find web -name '*.templ' -o -name '*_templ.go' | sort | xargs sha256sum

# A copy that is no repository of git (or of somebody else) has no commit to tell.
STAMP := $(shell git rev-parse HEAD >/dev/null 2>&1 || echo -buildvcs=false)

.DEFAULT_GOAL := help
.PHONY: help run build test check unit race browser bench generate fmt migration

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve the demo festival at http://localhost:8080; installs Postgres and ffmpeg if they are missing
	@.ci/install postgres ffmpeg
	@$(MAKE) --no-print-directory build
	@LAUREL_DATA="$${LAUREL_DATA:-$(RUN_DATA)}" exec .bin/laurel serve --demo

build: ## Build the program into .bin/laurel
	go build -trimpath $(STAMP) -o .bin/laurel ./cmd/laurel

test: ## Check, test and drive a browser; installs what is missing, leaves nothing running
	@.ci/install postgres ffmpeg chromium fonts gcc libc
	@$(MAKE) --no-print-directory check
	@.ci/with-postgres $(MAKE) --no-print-directory unit browser

# Not ST1003 (a name may be an abbreviation) nor ST1018 (Persian needs its joiners).
check: ## Look for what can be seen without running anything
	@echo "gofmt, go vet, go fix, staticcheck, templ"
	@test -z "$$(gofmt -l cmd internal web migrations)" || { gofmt -d cmd internal web migrations; exit 1; }
	@go vet -tags browser ./...
	@go fix -tags browser -diff ./...
	@go tool staticcheck -tags browser -checks all,-ST1003,-ST1018 ./...
	@before=$$($(TEMPLATES)); \
	go tool templ fmt web >/dev/null 2>&1 && go tool templ generate -include-version=false >/dev/null 2>&1 && \
	test "$$before" = "$$($(TEMPLATES))" || \
	{ echo "templates were not formatted or not generated anew; now they are: look at git diff"; exit 1; }

# Packages that start goroutines, and those whose tests do: they run with the
# race detector every time, the rest with `make race`, which takes half an hour:
# films, passwords and thousands of requests are ten times slower with it.
RACED = blob cluster deliberation erasure job locale pg pgtest score tally upload

unit: ## Run the tests of all packages, but for the program's own
	CGO_ENABLED=1 go test -race -shuffle=on $(RACED:%=./internal/%)
	go test -shuffle=on -parallel 4 $$(go list ./... | grep -v $(RACED:%=-e /internal/%$$) -e /cmd/laurel$$)

race: ## Run the tests of all packages with the race detector
	@.ci/with-postgres env CGO_ENABLED=1 go test -race -shuffle=on -timeout 60m $$(go list ./... | grep -v /cmd/laurel$$)

browser: ## Test the program itself and drive it in Chromium
	go test -shuffle=on -parallel 4 -tags browser ./cmd/laurel

bench: ## Measure what must be fast
	@.ci/with-postgres go test -run '^$$' -bench . -benchmem ./internal/... ./cmd/...

generate: ## Write the generated files anew: templates and the English catalogue
	go tool templ generate -include-version=false
	go generate ./...

fmt: ## Format everything
	gofmt -w cmd internal web migrations
	go tool templ fmt web

migration: ## Begin a migration: make migration NAME=add_what
	@test -n "$(NAME)" || { echo "make migration NAME=add_what"; exit 2; }
	@last=$$(ls migrations/*.up.sql | sed 's,.*/0*\([0-9]*\)_.*,\1,' | sort -n | tail -1); \
	next=$$(printf 'migrations/%06d_%s' $$((last + 1)) "$(NAME)"); \
	echo "-- What changes, and why." >"$$next.up.sql"; \
	echo "-- How it is undone, or why it cannot be." >"$$next.down.sql"; \
	ls "$$next".*; \
	echo "When it has landed: go test ./internal/pg -run Sums -update"
