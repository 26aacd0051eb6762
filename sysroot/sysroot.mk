# SPDX-License-Identifier: BSD-3-Clause
# The sysroot's components and their order. Called by the top Makefile, which
# passes, each absolute or a command's name:
#
#   SRCDIR BUILDDIR HOST_CC HOST_AR LLD GHC HALVM_VERSION
#   HALVM_CACHE_DIR (empty: no cache), MUSL_SOURCE … (local tarballs, or empty)
#
# Targets: all, fetch, dist (OUT=file.tar.gz), list, clean. A component runs
# when a file that its table row or recipe names, or a dependency's output, is
# newer than its stamp; whether it is then really built, its key decides.

export SRCDIR BUILDDIR HOST_CC HOST_AR LLD GHC HALVM_VERSION HALVM_CACHE_DIR
export MUSL_SOURCE GHC_SOURCE GMP_SOURCE ZLIB_SOURCE NCURSES_SOURCE

W := $(BUILDDIR)/sysroot-build
COMPONENT := $(SRCDIR)/sysroot/component

all: begin
	+@$(MAKE) --no-print-directory -f $(SRCDIR)/sysroot/sysroot.mk components

# One line for each component: `name: stamp-of-dependency…`, and its files.
$(W)/rules.mk: $(SRCDIR)/sysroot/components $(SRCDIR)/sysroot/rules \
		$(SRCDIR)/sysroot/tables.sh $(SRCDIR)/sysroot/lib.sh \
		$(wildcard $(SRCDIR)/haskell/compiler/ghc-*/components)
	@mkdir -p $(W)
	@$(SRCDIR)/sysroot/rules > $@.new && mv $@.new $@

-include $(W)/rules.mk

components: $(STAMPS)
	@:

begin: fetch
	@rm -rf $(W)/progress
	@mkdir -p $(W)/progress && date +%s > $(W)/progress/start

fetch:
	@$(SRCDIR)/sysroot/fetch

dist:
	@$(SRCDIR)/sysroot/dist "$(OUT)"

clean:
	rm -rf $(W)

.PHONY: all components begin fetch dist clean
.DELETE_ON_ERROR:
