# SPDX-License-Identifier: BSD-3-Clause
#
# Checks for the programs HaLVM is built with. A missing one doesn't stop
# configure at once: all of them are collected, and HALVM_TOOLS_REPORT names
# them together with the one command that installs them.

# HALVM_MISSING(WHAT, DEBIAN-PACKAGE)
# notes that WHAT is missing and which package of Debian 12 has it
AC_DEFUN([HALVM_MISSING],
[AC_MSG_WARN([missing: $1 (Debian package: $2)])
halvm_missing="$halvm_missing${halvm_missing:+, }$1"
case " $halvm_packages " in
*" $2 "*) ;;
*) halvm_packages="$halvm_packages${halvm_packages:+ }$2" ;;
esac])

# HALVM_NEED_PROG(VARIABLE, CANDIDATES, DEBIAN-PACKAGE, WHAT FOR)
# sets VARIABLE to the path of the first candidate that there is
AC_DEFUN([HALVM_NEED_PROG],
[AC_ARG_VAR([$1], [$4])
AC_PATH_PROGS([$1], [$2], [])
AS_IF([test -z "$$1"],
      [HALVM_MISSING([m4_bpatsubst([$2], [ .*])], [$3])])])

# HALVM_WANT_PROG(VARIABLE, CANDIDATES, DEBIAN-PACKAGE, WHAT IS SKIPPED)
# the same for a program that only tests use: absent is told, not an error
AC_DEFUN([HALVM_WANT_PROG],
[AC_ARG_VAR([$1], [for tests: $2])
AC_PATH_PROGS([$1], [$2], [])
AS_IF([test -z "$$1"],
  [AC_MSG_NOTICE([without m4_bpatsubst([$2], [ .*]): $4 (Debian package: $3)])])])

# HALVM_NEED_HEADER(HEADER, DEBIAN-PACKAGE)
# a header that code of targets includes, so HOST_CC must find it
AC_DEFUN([HALVM_NEED_HEADER],
[AS_IF([test -n "$HOST_CC"],
[AC_CACHE_CHECK([for $1], AS_TR_SH([halvm_cv_header_$1]),
  [AS_IF([AS_ECHO(["@%:@include <$1>"]) |
          "$HOST_CC" -E -xc - >/dev/null 2>&1],
     [AS_VAR_SET(AS_TR_SH([halvm_cv_header_$1]), [yes])],
     [AS_VAR_SET(AS_TR_SH([halvm_cv_header_$1]), [no])])])
AS_VAR_IF(AS_TR_SH([halvm_cv_header_$1]), [no],
  [HALVM_MISSING([the header $1], [$2])])])])

# HALVM_NEED_LLD
# LLVM's linker, version 14 or later, as LLD; its version as halvm_lld_version
AC_DEFUN([HALVM_NEED_LLD],
[AC_ARG_VAR([LLD], [LLVM's linker for ELF, 14 or later])
AC_CACHE_CHECK([for ld.lld, 14 or later], [halvm_cv_path_LLD],
[halvm_cv_path_LLD=
for halvm_try in ${LLD:-ld.lld ld.lld-19 ld.lld-18 ld.lld-17 ld.lld-16 \
    ld.lld-15 ld.lld-14}; do
  halvm_path=`command -v "$halvm_try" 2>/dev/null` || continue
  halvm_ver=`"$halvm_path" --version 2>/dev/null |
    sed -n 's/^.*LLD \(@<:@0-9@:>@@<:@0-9.@:>@*\).*/\1/p'`
  halvm_major=`AS_ECHO(["$halvm_ver"]) | sed 's/\..*//'`
  AS_IF([test "${halvm_major:-0}" -ge 14],
        [halvm_cv_path_LLD=$halvm_path
         halvm_cv_lld_version=$halvm_ver
         break])
done])
LLD=$halvm_cv_path_LLD
halvm_lld_version=$halvm_cv_lld_version
AS_IF([test -z "$LLD"], [HALVM_MISSING([ld.lld 14 or later], [lld])])])

# HALVM_NEED_GHC(VERSION)
# the bootstrap compiler, of exactly this version, as GHC and GHC_PKG
AC_DEFUN([HALVM_NEED_GHC],
[HALVM_NEED_PROG([GHC], [ghc ghc-$1], [ghc],
  [bootstrap compiler, GHC $1])
HALVM_NEED_PROG([GHC_PKG], [ghc-pkg ghc-pkg-$1], [ghc],
  [ghc-pkg of the bootstrap compiler])
AS_IF([test -n "$GHC"],
[AC_CACHE_CHECK([the version of $GHC], [halvm_cv_ghc_version],
  [halvm_cv_ghc_version=`"$GHC" --numeric-version 2>/dev/null`])
AS_IF([test "x$halvm_cv_ghc_version" != "x$1"],
[AC_MSG_ERROR([GHC $1 is needed to build the sysroot, but $GHC is version
  ${halvm_cv_ghc_version:-unknown}. Debian 12 has $1 as its package ghc.
  Name another compiler with GHC=PATH GHC_PKG=PATH, or use a prebuilt sysroot:
  --with-sysroot=DIR-or-TARBALL])])
AC_CACHE_CHECK([for the GHC library of $GHC], [halvm_cv_ghc_library],
  [AS_IF(["$GHC_PKG" --simple-output field ghc version >/dev/null 2>&1],
         [halvm_cv_ghc_library=yes], [halvm_cv_ghc_library=no])])
AS_IF([test "$halvm_cv_ghc_library" != yes],
  [HALVM_MISSING([the library ghc of GHC $1], [ghc])])])])

# HALVM_TOOLS_REPORT
# stops when something is missing, with the way out
AC_DEFUN([HALVM_TOOLS_REPORT],
[AS_IF([test -n "$halvm_missing"],
[AC_MSG_ERROR([missing: $halvm_missing.
  On Debian 12 this installs all of it:
    apt-get install --no-install-recommends $halvm_packages])])])

# HALVM_SOURCE(NAME, VARIABLE)
# --with-NAME-source=FILE: a local source tarball instead of a fetched one
AC_DEFUN([HALVM_SOURCE],
[AC_ARG_WITH([$1-source],
  [AS_HELP_STRING([--with-$1-source=FILE],
    [take the source of $1 from this tarball])],
  [AS_CASE([$withval],
    [yes|''], [AC_MSG_ERROR([--with-$1-source wants a file: --with-$1-source=FILE])],
    [no], [$2=],
    [/*], [$2=$withval],
    [$2=$halvm_start_dir/$withval])
   AS_IF([test -n "$$2" && test ! -r "$$2"],
    [AC_MSG_ERROR([--with-$1-source: no readable file $$2])])],
  [$2=])
AC_SUBST([$2])])
