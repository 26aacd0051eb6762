# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# libtinfo of ncurses: terminal descriptions for haskeline. A unikernel has no
# /usr/share/terminfo, so the usual terminals are compiled in.

FALLBACKS=ansi,dumb,linux,rxvt-unicode-256color,screen,screen-256color,tmux-256color,vt100,vt220,xterm,xterm-256color

recipe_inputs()
{
	:
}

recipe_build()
{
	need tic ncurses-bin
	need infocmp ncurses-bin
	unpack ncurses src
	cd src || exit
	CC="$BINDIR/halvm-cc" CFLAGS="-O2" BUILD_CC="$HOST_CC" ./configure \
		--build=x86_64-unknown-linux-gnu \
		--host=x86_64-unknown-linux-musl --prefix=/inst \
		--with-termlib=tinfo --without-shared --with-normal \
		--without-debug --without-ada --without-cxx \
		--without-cxx-binding --without-manpages --without-progs \
		--without-tests --without-tack --disable-stripping \
		--disable-db-install --enable-widec --disable-home-terminfo \
		--with-default-terminfo-dir=/usr/share/terminfo \
		--with-terminfo-dirs=/etc/terminfo:/lib/terminfo:/usr/share/terminfo \
		"--with-fallbacks=$FALLBACKS" --with-tic-path="$(command -v tic)" \
		--with-infocmp-path="$(command -v infocmp)"
	make -j2 -C include
	make -j2 -C ncurses ../lib/libtinfo.a
	mkdir -p "$STAGE/lib/pkgconfig" "$STAGE/include"
	# Again, as its members have times.
	mkdir members
	(cd members && "$HOST_AR" x ../lib/libtinfo.a &&
		"$HOST_AR" qcsD "$STAGE/lib/libtinfo.a" ./*.o)
	cp include/curses.h include/term.h include/unctrl.h \
		include/ncurses_dll.h "$STAGE/include/"
	ln -s curses.h "$STAGE/include/ncurses.h"
	pc_file tinfo "ncurses terminal interface library" \
		"$(pin ncurses 3)" -ltinfo
}
