# What a person types. Each target does its own set-up; the work is in scripts/.

SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help demo test build install uninstall dist format lint bench sanitize fuzz clean

help:  ## This list.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 18

demo:  ## Build, write a small data set, mount it on ./mnt, load a batch with NumPy, draw it.
	@scripts/demo.sh

test:  ## The Swift tests, then the tests of the real mount.
	@scripts/test.sh

build:  ## The release program, .build/release/epochfs; it runs on machines without Swift.
	@scripts/setup.sh --build-only
	@scripts/build.sh

# PREFIX, HELPERDIR, SYSCONFDIR and DESTDIR reach the script by the environment, where make puts what it is called with.
install: PROGRAM ?= .build/release/epochfs
install:  ## Put the built program, unit, man pages, completions and examples below PREFIX (/usr/local).
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && scripts/stage.sh "$(PROGRAM)" "$$folder/epochfs" && "$$folder/epochfs/install.sh"

uninstall:  ## Take away what `make install` put there; configurations in /etc/epochfs stay.
	@scripts/install.sh --uninstall

dist: build  ## A tarball in ./dist that installs on machines without Swift.
	@scripts/dist.sh

format:  ## Format the Swift sources as CI wants them.
	swift format -i -r Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Benchmarks Fuzzing/Package.swift Fuzzing/Sources

lint:  ## What CI would complain about: format, shell scripts, Python.
	@scripts/lint.sh

bench:  ## Measure this machine: EpochFS beside tmpfs, zstd and StreamingDataset (docs/PERFORMANCE.md).
	@scripts/bench.sh

sanitize:  ## The tests with threads in them under the Thread and the Address Sanitizer.
	@scripts/sanitize.sh

fuzz:  ## Read mutated Parquet files for a minute, looking for one that ends the program or takes too much.
	@scripts/fuzz.sh

clean:  ## Remove what was built; unmount ./mnt first.
	@if mountpoint -q mnt; then echo "./mnt is mounted: run '.build/release/epochfs unmount ./mnt' first." >&2; exit 1; fi
	rm -rf .build Benchmarks/.build demo-data dist
	@if [ -d mnt ]; then rmdir mnt; fi
	find Tests \( -name __pycache__ -o -name .pytest_cache \) -prune -exec rm -rf {} +
