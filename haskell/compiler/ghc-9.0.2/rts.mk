# SPDX-License-Identifier: BSD-3-Clause
# The runtime system, once for each way, from RTS (its sources), with CC
# (halvm-cc), HC (the compiler with its -B), AR, INC (GHC's headers).
# AutoApply.cmm is generated into the source folder beforehand.
#
#   make -f rts.mk RTS=… INC=… CC=… HC=… AR=… VERSION=9.0.2

WAYS := v l debug thr thr_l thr_debug

vpath %.c $(RTS)
vpath %.S $(RTS)
vpath %.cmm $(RTS)

SUBDIRS := hooks sm eventlog linker linker/macho posix
# xxhash.c is included by Hash.c; TopHandler, Win32 and other adjustors are for
# other platforms.
C := $(filter-out xxhash.c, $(patsubst $(RTS)/%,%, \
	$(wildcard $(RTS)/*.c $(SUBDIRS:%=$(RTS)/%/*.c)))) \
	adjustor/NativeAmd64.c
S := StgCRunAsm.S
CMM := $(notdir $(wildcard $(RTS)/*.cmm))

COMMON := -I$(INC) -I$(RTS) -DCOMPILING_RTS -DFS_NAMESPACE=rts
TRIPLE := x86_64-unknown-linux
PLATFORM := $(foreach x,Host Build Target, -D$(x)Platform='"$(TRIPLE)"' \
	-D$(x)Arch='"x86_64"' -D$(x)OS='"linux"' -D$(x)Vendor='"unknown"')
CFLAGS := -O2 -w -fomit-frame-pointer -fno-strict-aliasing -fno-common \
	$(COMMON) -DProjectVersion='"$(VERSION)"' $(PLATFORM) \
	-DGhcUnregisterised='"NO"' -DTablesNextToCode='"YES"'

# What a way defines; GHC's mk/ways.mk. C and Cmm must agree.
DEFS_v :=
DEFS_l := -DTRACING
DEFS_debug := -DDEBUG -DTRACING
DEFS_thr := -DTHREADED_RTS
DEFS_thr_l := -DTHREADED_RTS -DTRACING
DEFS_thr_debug := -DTHREADED_RTS -DDEBUG -DTRACING
# C counts for ticky-ticky profiles; Cmm would count into a variable that this
# GHC forgot to define (ENT_DYN_THK_ctr).
CDEFS_debug := -DTICKY_TICKY
DEBUG_CFLAGS := -O0 -g3 -fno-omit-frame-pointer

%/Evac.o %/Evac_thr.o: EXTRA := -funroll-loops
%/Hash.o: EXTRA := -O3
%/Compact.o: EXTRA := -finline-limit=2500

define way
LIB_$(1) := libHSrts$(if $(filter-out v,$(1)),_$(1)).a
OBJS_$(1) := $$(C:%.c=$(1)/%.o) $$(S:%.S=$(1)/%.o) $$(CMM:%.cmm=$(1)/%.o)
OPT_$(1) := $$(if $$(findstring debug,$(1)),$$(DEBUG_CFLAGS))
all: $$(LIB_$(1))
$$(LIB_$(1)): $$(OBJS_$(1))
	$$(AR) qcsD $$@ $$^
$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(OPT_$(1)) $$(EXTRA) $$(DEFS_$(1)) $$(CDEFS_$(1)) \
		-DRtsWay='"rts_$(1)"' -c $$< -o $$@
$(1)/%.o: %.S
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(DEFS_$(1)) -c $$< -o $$@
$(1)/%.o: %.cmm
	@mkdir -p $$(@D)
	$$(HC) $$(if $$(findstring debug,$(1)),-O0,-O2) -split-sections \
		-this-unit-id rts -dcmm-lint -no-auto-link-packages \
		$$(COMMON) $$(DEFS_$(1)) $$(DEFS_$(1):%=-optc%) -c $$< -o $$@
endef

all:
$(foreach w,$(WAYS),$(eval $(call way,$(w))))
