/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where halvm-cabal keeps its files: $HALVM_CABAL_DIR, else
 * ${XDG_CACHE_HOME:-~/.cache}/halvm/cabal, since all of it can be made again.
 *
 *   packages/           what repositories gave; for every toolchain
 *   VERSION-IDENTITY/   $CABAL_DIR of one toolchain: config, store/, logs/
 *
 * cabal keys its store by what `ghc --info` says, which is the same for any two
 * builds of ours. A library that another one compiled may not fit, so the
 * folder's name has a hash of what makes a toolchain: its version, its
 * libraries' ABI hashes (in their descriptions), and the compiler's build ID.
 */
#include "config.h"
#include "cabal.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "elffile.h"
#include "mapfile.h"
#include "sha256.h"

/* Digits of the hash in the name: 64 bits are plenty for one user. */
enum { IDENTITY_DIGITS = 16 };

static const char *env_set(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

/* What is installed is the user's, and no matter of a cache. */
static char *find_bin(const char *root)
{
	const char *dir = env_set("XDG_DATA_HOME"), *home = env_set("HOME");

	if (env_set("HALVM_CABAL_DIR") || !home)
		return path_join(root, "bin");
	if (dir && dir[0] == '/')
		return path_join(dir, "halvm/bin");
	return path_join(home, ".local/share/halvm/bin");
}

static char *find_root(void)
{
	const char *dir = env_set("HALVM_CABAL_DIR"), *home = env_set("HOME");

	if (dir)
		return path_absolute(dir);
	dir = env_set("XDG_CACHE_HOME");
	/* The XDG specification: a relative one is invalid, and ignored. */
	if (dir && dir[0] == '/')
		return path_join(dir, "halvm/cabal");
	if (!home)
		die(EXIT_FAILED, "HOME isn't set; set it, or HALVM_CABAL_DIR "
				 "to a directory for the store");
	dir = path_absolute(home);
	return path_join(dir, ".cache/halvm/cabal");
}

void cabal_make_dir(const char *path)
{
	char *parent;

	if (mkdir(path, 0777) == 0 || dir_exists(path))
		return;
	if (errno == ENOENT) {
		parent = path_dirname(path);
		if (strcmp(parent, path) != 0)
			cabal_make_dir(parent);
		free(parent);
		if (mkdir(path, 0777) == 0 || dir_exists(path))
			return;
	}
	die(EXIT_FAILED,
	    "can't make the directory '%s': %s; set HALVM_CABAL_DIR to one "
	    "with room that you may write to",
	    path, strerror(errno));
}

/* The name as well, so that no two texts run into one. */
static void add_text(struct sha256 *s, const char *name, const void *data,
		     size_t len)
{
	sha256_add(s, name, strlen(name) + 1);
	sha256_add(s, &len, sizeof(len));
	sha256_add(s, data, len);
}

static void add_file(struct sha256 *s, const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	size_t len;
	char *text = read_file(path, &len);

	if (!text)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	add_text(s, name, text, len);
	free(text);
	free(path);
}

static void add_libraries(struct sha256 *s, const char *sysroot)
{
	char *db = path_join(sysroot, "ghc/package.conf.d");
	DIR *dir = opendir(db);
	struct strlist names = {0};
	struct dirent *d;

	if (!dir)
		die(EXIT_FAILED, "can't read '%s': %s", db, strerror(errno));
	while ((d = readdir(dir)))
		if (str_ends(d->d_name, ".conf"))
			strlist_push(&names, d->d_name);
	closedir(dir);
	strlist_sort(&names);
	for (size_t i = 0; i < names.n; i++)
		add_file(s, db, names.v[i]);
	strlist_free(&names);
	free(db);
}

/* By its build ID, else by all of its 60 MB. */
static void add_compiler(struct sha256 *s, const char *sysroot)
{
	char *path = path_join(sysroot, "ghc/bin/ghc");
	struct elf_sec sec = {0};
	struct mapfile f;
	struct elf e;
	uint32_t i = 0;

	if (!mapfile_open(&f, path))
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	if (!elf_open(&e, f.data, f.len))
		for (i = 1; i < e.nsec; i++) {
			elf_section(&e, i, &sec);
			if (strcmp(sec.name, ".note.gnu.build-id") == 0)
				break;
		}
	if (i && i < e.nsec)
		add_text(s, "ghc", e.data + sec.off, sec.size);
	else
		add_text(s, "ghc", f.data, f.len);
	mapfile_close(&f);
	free(path);
}

static char *identity(const struct install *in)
{
	char hex[2 * SHA256_SIZE + 1];
	struct sha256 s;

	sha256_begin(&s);
	add_file(&s, in->sysroot, "sysroot.conf");
	add_file(&s, in->sysroot, "ghc/settings");
	add_libraries(&s, in->sysroot);
	add_compiler(&s, in->sysroot);
	sha256_hex(&s, hex);
	return xasprintf("%s-%.*s", PACKAGE_VERSION, IDENTITY_DIGITS, hex);
}

void cabal_home(struct cabal *c)
{
	char *id = identity(&c->in);

	c->root = find_root();
	c->bin = find_bin(c->root);
	c->dir = path_join(c->root, id);
	cabal_make_dir(c->dir);
	free(id);
}
